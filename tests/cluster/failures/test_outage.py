"""An API server that is away: nothing that runs ends, what is asked for is answered plainly."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.failures.conftest import End, Place, Stage
from tests.cluster.failures.environments import GATE
from tests.support.bed import Bed
from tests.support.breaking import away, frozen
from tests.support.kubectl import Kubectl
from tests.support.product import Product
from tests.support.waiting import hold, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HUB = "jupyterhub -f"
AWAY = r"It was not started: The cluster does not answer \(503\); try again later\."
_SECONDS = 120


@dataclass(frozen=True)
class Outage:
    """What two minutes without the API server did to sessions of all kinds, when they are over.

    `ends` are by what was under way; `kept` is the one that went on, as it was afterwards, and
    `next` one that was started then.
    """

    ends: Mapping[str, End]
    kept: Mapping[str, Any]
    next: Mapping[str, Any]


def hold_back(stage: Stage) -> dict[str, Any]:
    """Start a session whose pod is not made before the gate is removed."""
    (stage.product.folder / GATE).touch()
    session = stage.product.create(environment="gated")
    stage.wait_stage(session, "starting")
    return session


def let_go(stage: Stage) -> None:
    (stage.product.folder / GATE).unlink()


@pytest.fixture(scope="module")
def outage(bed: Bed, cluster: Kubectl, place: Place, product: Product) -> Outage:
    """Have sessions of all kinds, no API server for two minutes, and the cluster again."""
    stage = Stage(product, cluster.within(place.namespace))
    folder = bed.own_folder()
    kept, deleted, stopped = (stage.start("patient") for _ in range(3))
    name = stage.pod_of(deleted)["metadata"]["name"]
    hub = product.pids(HUB)
    unmade = hold_back(stage)
    waits = product.create(environment="silent-soon")
    wait_for(lambda: stage.pods_of(waits), every=0.1, what="its pod")
    with away(folder, stage.pods):
        began = time.monotonic()
        let_go(stage)
        product.api("POST", f"sessions/{stopped['id']}/stop", {}, expect=202)
        ends = {"asked for": stage.fail("python")}
        ends |= {"unmade": stage.end(unmade), "waits": stage.end(waits)}
        ends["stopped"] = stage.end(stopped)
        hold(
            lambda: (
                product.pids(HUB) == hub
                and {product.get(one["id"])["state"] for one in (kept, deleted)} == {"running"}
            ),
            seconds=_SECONDS - (time.monotonic() - began),
            what="What ran before the cluster went away",
        )
    stage.pods("delete", "pod", name, "--wait=false")
    ends["deleted"] = stage.end(deleted, seconds=20)
    told = Outage(ends, product.get(kept["id"]), stage.start())
    assert product.pids(HUB) == hub
    product.rest()
    stage.wait_empty()
    return told


def test_a_session_goes_on_for_two_minutes_without_the_cluster_and_after_them(
    outage: Outage,
) -> None:
    assert outage.kept["state"] == "running"


def test_what_happens_after_an_outage_is_seen_and_done_at_once(outage: Outage) -> None:
    outage.ends["deleted"].check("lost", "It vanished: somebody deleted it in the cluster")
    assert outage.next["state"] == "running"


def test_what_is_asked_for_in_an_outage_is_refused_plainly(outage: Outage) -> None:
    outage.ends["asked for"].check("refused", AWAY, "", "Change this choice")


def test_a_pod_that_cannot_be_made_is_told_and_leaves_nothing(outage: Outage) -> None:
    outage.ends["unmade"].check("refused", AWAY)


def test_a_start_that_waits_for_an_absent_cluster_in_vain_says_so(outage: Outage) -> None:
    told = "It was not ready after .* s. .*waiting for the cluster, which does not answer"
    outage.ends["waits"].check("start-timeout", told, "", "Start again")


def test_a_stop_in_an_outage_has_an_end_and_its_pod_goes_afterwards(outage: Outage) -> None:
    outage.ends["stopped"].check("user", "You stopped it.*its program may still run")


def test_a_pod_that_is_made_after_nobody_waits_for_it_any_more_is_removed(
    stage: Stage, own_folder: Path
) -> None:
    session = hold_back(stage)
    with away(own_folder, stage.pods, frozen):
        let_go(stage)
        stage.end(session).check("refused", AWAY)
    stage.wait_empty()


def test_a_start_outlives_a_cluster_that_is_away_for_a_moment(
    stage: Stage, own_folder: Path
) -> None:
    session = stage.product.create(environment="python")
    wait_for(lambda: stage.pods_of(session), every=0.1, what="its pod")
    with away(own_folder, stage.pods):
        hold(lambda: stage.product.get(session["id"])["state"] != "failed", seconds=5)
    stage.product.wait_state(session["id"], "running", seconds=120)


def test_a_hub_that_is_started_without_the_cluster_keeps_its_sessions_and_those_started_next(
    stage: Stage, own_folder: Path
) -> None:
    product = stage.product
    kept, deleted, begun = stage.start("patient"), stage.start("patient"), []
    name = stage.pod_of(deleted)["metadata"]["name"]
    product.kill_hub()
    # The hub hears of the cluster's return a moment later than whoever starts a session then.
    begin = lambda: begun.append(product.create(environment="patient"))  # noqa: E731
    with away(own_folder, stage.pods, at_once=begin):
        stage.start_hub()
        assert product.get(kept["id"])["state"] == "running"
    stage.pods("delete", "pod", name, "--wait=false")
    assert stage.end(deleted, seconds=10).cause == "lost"
    product.wait_state(begun[0]["id"], "running", seconds=120)
    hold(
        lambda: {product.get(one["id"])["state"] for one in (kept, *begun)} == {"running"},
        seconds=8,
    )
    # Its end is what ended it, and not that a hub was killed once.
    product.hub("DELETE", f"users/{kept['owner']}/servers/{kept['server']}")
    assert stage.end(kept).cause == "user"
