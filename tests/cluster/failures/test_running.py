"""Sessions that run and then do not, or not as they should: what is told, and what is left."""

from __future__ import annotations

import json

import pytest

from tests.cluster.failures.conftest import End, Place, Stage
from tests.support.kubectl import Kubectl
from tests.support.product import Product
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.timeout(300)]
slow = pytest.mark.slow


def test_a_program_that_crashes_is_told_with_its_last_words(stage: Stage) -> None:
    session = stage.start()
    stage.order(session, "crash")
    end = stage.end(session)
    sentence = r"The program inside crashed \(exit code 7\)"
    end.check("crashed", sentence, "it went wrong here", "See the last lines")


def test_a_program_that_needs_too_much_memory_is_told_how_much_it_may_use(stage: Stage) -> None:
    session = stage.start("small")
    stage.order(session, "fill")
    end = stage.end(session)
    end.check("out-of-memory", r"It needed more memory than its 96 MiB\.", "", "Start again")


def test_a_pod_that_the_cluster_evicts_is_told_as_that(stage: Stage) -> None:
    session = stage.start()
    name = stage.pod_of(session)["metadata"]["name"]
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": name, "namespace": stage.pods.namespace},
    }
    path = f"/api/v1/namespaces/{stage.pods.namespace}/pods/{name}/eviction"
    stage.pods("create", f"--raw={path}", "--filename=-", given=json.dumps(eviction))
    end = stage.end(session)
    sentence = r"The cluster took it off its machine: the machine was emptied\."
    end.check("evicted", sentence, "Started", "Start again")


def test_a_pod_that_somebody_deletes_is_seen_within_seconds(stage: Stage) -> None:
    session = stage.start()
    stage.pods("delete", "pod", stage.pod_of(session)["metadata"]["name"], "--wait=false")
    end = stage.end(session, seconds=10)
    end.check("lost", "It vanished: somebody deleted it in the cluster", "Started", "Start again")


def test_a_helper_that_crashes_later_is_told_and_the_session_goes_on(stage: Stage) -> None:
    session = stage.start("sidecar")
    stage.order(session, "crash", port=9001)
    wait_for(
        lambda: (
            "Its helper ‘proxy’ is not well: it ended (exit code 7)." in stage.story_of(session)
        ),
        seconds=60,
        every=0.1,
        what="the story to tell it",
    )
    is_well = lambda: "‘proxy’ is well again" in stage.story_of(session)  # noqa: E731
    wait_for(is_well, seconds=60, every=0.1, what="its end")
    assert stage.product.get(session["id"])["state"] == "running"
    assert stage.story_of(session).count("is not well") == 1


@pytest.fixture(scope="module")
def ends_without_hub(cluster: Kubectl, place: Place, product: Product) -> dict[str, End]:
    """Have three sessions end while no hub runs, and what the next hub tells of them."""
    stage = Stage(product, cluster.within(place.namespace))
    sessions = {"deleted": stage.start(), "fills": stage.start("small")}
    name = stage.pod_of(sessions["deleted"])["metadata"]["name"]
    sessions["begun"] = product.create(environment="silent-soon")
    wait_for(lambda: stage.pods_of(sessions["begun"]), every=0.1, what="its pod")
    product.kill_hub()
    stage.pods("delete", "pod", name, "--grace-period=1")
    stage.order(sessions["fills"], "fill")
    stage.start_hub()
    ends = {word: stage.end(session) for word, session in sessions.items()}
    stage.wait_empty()
    return ends


@slow
def test_a_pod_that_is_deleted_while_no_hub_runs_is_told_as_lost(
    ends_without_hub: dict[str, End],
) -> None:
    sentence = "It vanished: somebody deleted it in the cluster"
    ends_without_hub["deleted"].check("lost", sentence)


@slow
def test_a_failure_that_comes_while_no_hub_runs_is_told_by_the_next(
    ends_without_hub: dict[str, End],
) -> None:
    sentence = "It needed more memory than its 96 MiB"
    ends_without_hub["fills"].check("out-of-memory", sentence)


@slow
def test_a_start_whose_hub_is_killed_has_an_end_and_leaves_nothing(
    ends_without_hub: dict[str, End],
) -> None:
    assert ends_without_hub["begun"].cause in ("lost", "shutdown")


@slow
def test_a_drive_for_one_pod_waits_for_the_one_that_is_going(stage: Stage) -> None:
    drive = stage.new_drive()
    first = stage.start("once-stubborn", drive=drive)
    name = stage.pod_of(first)["metadata"]["name"]
    stage.pods("delete", "pod", name, "--grace-period=4", "--wait=false")
    assert stage.end(first).cause == "lost"
    second = stage.start("once", drive=drive)
    assert name not in {one["metadata"]["name"] for one in stage.pods.get("pods")["items"]}
    assert second["state"] == "running"
