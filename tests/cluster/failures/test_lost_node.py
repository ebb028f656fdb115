"""A machine that goes away under its sessions: what is told, what may still run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.failures.conftest import Stage
from tests.support.breaking import frozen, simulated_nodes
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

RUNS_ON = "The cluster has not confirmed its end: its program may still run there."


def wait_story(stage: Stage, session: dict[str, str], sentence: str) -> None:
    told = lambda: sentence in stage.story_of(session)  # noqa: E731
    wait_for(told, seconds=60, every=0.2, what=f"the story to tell: {sentence}")


def test_a_silent_machine_is_told_and_its_sessions_go_on_when_it_is_back(
    stage: Stage, own_folder: Path
) -> None:
    session = stage.start("patient")
    with frozen(own_folder, "kubelet"):
        wait_story(stage, session, "Its machine went away: it does not answer.")
        end = stage.fail("python-soon", drive=stage.new_drive())
        end.check(
            "unschedulable", "No machine could take it: some do not answer or are kept for", "", ""
        )
    wait_story(stage, session, "Its machine is back.")
    assert stage.product.get(session["id"])["state"] == "running"


def test_a_hub_that_is_started_beside_a_silent_machine_keeps_its_sessions(
    stage: Stage, own_folder: Path
) -> None:
    session = stage.start("patient")
    with frozen(own_folder, "kubelet"):
        wait_story(stage, session, "Its machine went away: it does not answer.")
        stage.product.kill_hub()
        stage.start_hub()
        assert stage.product.get(session["id"])["state"] == "running"


def test_a_session_whose_machine_is_given_up_ends_as_that_and_its_pod_is_kept_in_sight(
    stage: Stage, own_folder: Path
) -> None:
    with simulated_nodes(stage.pods):
        session = stage.start(drive=stage.new_drive())
        with frozen(own_folder, "kubelet"):
            end = stage.end(session, seconds=90)
            told = rf"The machine it ran on went away: it does not answer\. {RUNS_ON}"
            end.check("node-lost", told, "TaintManagerEviction", "Start again")
            # Nobody can know: the object stays, and with it what its drives are used by.
            assert stage.pod_of(session)["metadata"]["deletionTimestamp"]
        wait_for(lambda: not stage.pods_of(session), seconds=60, every=0.2, what="its end")


def test_a_stop_on_a_lost_machine_has_an_end_and_says_what_may_still_run(
    stage: Stage, own_folder: Path
) -> None:
    session = stage.start("patient")
    with frozen(own_folder, "kubelet"):
        wait_story(stage, session, "Its machine went away: it does not answer.")
        stage.product.api("POST", f"sessions/{session['id']}/stop", {}, expect=202)
        stage.end(session).check("user", rf"You stopped it\. {RUNS_ON}", "", "")
        assert stage.pod_of(session)["metadata"]["deletionTimestamp"]
    wait_for(lambda: not stage.pods_of(session), seconds=60, every=0.2, what="its end")
