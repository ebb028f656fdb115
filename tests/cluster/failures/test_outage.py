"""An API server that is away: nothing that runs ends, what is asked for is answered plainly."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.cluster.failures.conftest import Stage
from tests.cluster.failures.environments import GATE
from tests.support.breaking import frozen, stopped, wait_recovered
from tests.support.waiting import hold, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

API = "kube-apiserver"
AWAY = r"It was not started: The cluster does not answer \(503\); try again later\."


def test_two_minutes_without_the_cluster_end_nothing_and_all_catches_up(
    stage: Stage, own_folder: Path
) -> None:
    product = stage.product
    runs, deleted = stage.start("patient"), stage.start("patient")
    name = stage.pod_of(deleted)["metadata"]["name"]
    server = product.pids("jupyterhub -f")
    with stopped(own_folder, API):
        began = time.monotonic()
        stage.fail("python").check("refused", AWAY, "", "Change this choice")
        hold(
            lambda: product.get(runs["id"])["state"] == "running" and product.pids("jupyterhub -f"),
            seconds=120 - (time.monotonic() - began),
            what="A running session without the cluster",
        )
    wait_recovered(stage.pods)
    assert product.pids("jupyterhub -f") == server
    stage.pods("delete", "pod", name, "--wait=false")
    assert stage.end(deleted, seconds=20).cause == "lost"
    assert product.get(runs["id"])["state"] == "running"
    stage.start()


def test_a_pod_that_cannot_be_made_leaves_nothing(stage: Stage, own_folder: Path) -> None:
    gate = stage.product.folder / GATE
    gate.touch()
    session = stage.product.create(environment="gated")
    stage.wait_stage(session, "starting")
    with stopped(own_folder, API):
        gate.unlink()
        stage.end(session).check("refused", AWAY, "", "")
    wait_recovered(stage.pods)
    stage.wait_empty()


def test_a_pod_that_is_made_after_nobody_waits_for_it_any_more_is_removed(
    stage: Stage, own_folder: Path
) -> None:
    gate = stage.product.folder / GATE
    gate.touch()
    session = stage.product.create(environment="gated")
    stage.wait_stage(session, "starting")
    with frozen(own_folder, API):
        gate.unlink()
        stage.end(session).check("refused", AWAY, "", "")
    wait_recovered(stage.pods)
    stage.wait_empty()


def test_a_start_outlives_a_cluster_that_is_away_for_a_moment(
    stage: Stage, own_folder: Path
) -> None:
    session = stage.product.create(environment="python")
    wait_for(lambda: stage.pods_of(session), every=0.1, what="its pod")
    with stopped(own_folder, API):
        hold(lambda: stage.product.get(session["id"])["state"] != "failed", seconds=5)
    stage.product.wait_state(session["id"], "running", seconds=60)


def test_a_start_that_waits_for_an_absent_cluster_in_vain_says_so(
    stage: Stage, own_folder: Path
) -> None:
    session = stage.product.create(environment="silent-soon")
    wait_for(lambda: stage.pods_of(session), every=0.1, what="its pod")
    with stopped(own_folder, API):
        told = "It was not ready after .* s. .*waiting for the cluster, which does not answer"
        stage.end(session).check("start-timeout", told, "", "Start again")
    wait_recovered(stage.pods)
    stage.wait_empty()


def test_a_stop_while_the_cluster_is_away_ends_the_pod_when_it_is_back(
    stage: Stage, own_folder: Path
) -> None:
    session = stage.start("patient")
    with stopped(own_folder, API):
        stage.product.api("POST", f"sessions/{session['id']}/stop", {}, expect=202)
        stage.end(session).check("user", "You stopped it.*its program may still run", "", "")
    wait_recovered(stage.pods)
    stage.wait_empty()


def test_a_hub_that_is_started_without_the_cluster_keeps_its_sessions(
    stage: Stage, own_folder: Path
) -> None:
    session = stage.start("patient")
    stage.product.kill_hub()
    with stopped(own_folder, API):
        stage.start_hub()
        assert stage.product.get(session["id"])["state"] == "running"
    wait_recovered(stage.pods)
    hold(lambda: stage.product.get(session["id"])["state"] == "running", seconds=8)
    stage.product.api("POST", f"sessions/{session['id']}/stop", {}, expect=202)
    assert stage.end(session).cause == "user"
