"""A run's pod: what settles, what is final, and an end that never hangs and never lies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Never

import pytest
from kubernetes_asyncio.client import ApiException

from sessions_spawner.kubernetes import leftovers, run_pod
from sessions_spawner.kubernetes.pods import GENERATION, HUB, SESSION
from sessions_spawner.kubernetes.run_pod import RunPod
from sessions_spawner.kubernetes.trimming import trim
from sessions_spawner.kubernetes.watching import PodWatch
from sessions_spawner.run import Failure, StartFailed
from tests.support.pod_states import (
    make_container,
    make_event,
    make_pod,
    running,
    terminated,
    waiting,
)
from tests.support.waiting import wait_until

LABELS = {HUB: "h", SESSION: "s1", GENERATION: "1"}
SECRET = {"metadata": {"name": "p"}}


class Answer:
    """What a call of the API server's answers."""

    status = 200

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body

    async def read(self) -> bytes:
        return json.dumps(self._body).encode()


class Cluster:
    """An API server that notes what it is asked to delete; `failures` come before its answers."""

    def __init__(self) -> None:
        self.deleted: list[Mapping[str, Any]] = []
        self.secrets_deleted = 0
        self.failures: list[Exception] = []
        self.events: list[Any] = []
        self.looks = 0
        self.there: Any = None
        self.printed = "last words"
        self.printed_before: str | None = None

    async def delete_namespaced_pod(self, _name: str, _space: str, **given: Any) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.deleted.append(given["body"])

    async def delete_namespaced_secret(self, *_words: Any, **_given: Any) -> None:
        self.secrets_deleted += 1

    async def create_namespaced_secret(self, *_words: Any, **_given: Any) -> Answer:
        return Answer({})

    async def create_namespaced_pod(self, *_words: Any, **_given: Any) -> Never:
        raise refusal(403)

    async def read_namespaced_pod(self, *_words: Any, **_given: Any) -> Any:
        if self.there is None:
            raise refusal(404)
        return self.there

    async def list_namespaced_event(self, *_words: Any, **_given: Any) -> Answer:
        self.looks += 1
        return Answer({"items": self.events})

    async def list_namespaced_persistent_volume_claim(self, *_words: Any, **_given: Any) -> Answer:
        return Answer({"items": []})

    async def read_namespaced_pod_log(self, *_words: Any, previous: bool, **_given: Any) -> str:
        if previous and self.printed_before is None:
            raise refusal(400)
        return str(self.printed_before) if previous else self.printed


def refusal(status: int) -> ApiException:
    return ApiException(status=status)


async def _never(_asked: Mapping[str, Any]) -> Never:
    raise ConnectionRefusedError


class Stand:
    """A run's pod with a watch that is told by the test."""

    def __init__(self) -> None:
        self.cluster = Cluster()
        self.watch = PodWatch(_never)
        self.watch._synced.set()
        self.pod = RunPod(self.cluster, "n", "p", self.watch)

    def show(self, pod: dict[str, Any] | None) -> None:
        """Have the watch see the pod like this, or gone."""
        if pod is None:
            self.watch.pods.drop("p")
        else:
            pod["metadata"] |= {"name": "p", "uid": "u1", "labels": LABELS}
            self.watch.pods.put("p", trim(pod))
        self.watch.nudge("p")


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Stand:
    """Give a run's pod whose waits are short."""
    for name in ("_LOOK_SECONDS", "_SETTLE_SECONDS", "_PAUSE"):
        monkeypatch.setattr(run_pod, name, 0.01)
    monkeypatch.setattr(leftovers, "_PAUSES", (0.001,))
    monkeypatch.setattr(leftovers, "_LONGEST_PAUSE", 0.001)
    return Stand()


def well(**more: Any) -> dict[str, Any]:
    return make_pod(make_container(state=running(), ready=True), phase="Running", **more)


async def test_a_missing_secret_is_final_when_it_is_still_missing_a_moment_later(
    stand: Stand,
) -> None:
    missing = waiting("CreateContainerConfigError", 'secret "nosuch" not found')
    stand.show(make_pod(make_container(state=missing), phase="Pending"))
    with pytest.raises(StartFailed, match="The secret ‘nosuch’ is not in the cluster"):
        await stand.pod.wait_running()


async def test_a_secret_that_comes_in_time_stops_no_start(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_pod, "_SETTLE_SECONDS", 60)
    missing = waiting("CreateContainerConfigError", 'secret "nosuch" not found')
    stand.show(make_pod(make_container(state=missing), phase="Pending"))
    starting = asyncio.create_task(stand.pod.wait_running())
    await wait_until(lambda: stand.pod.verdict is not None)
    ready = well()
    ready["status"]["podIP"] = "10.0.0.1"
    stand.show(ready)
    assert (await starting)["status"]["podIP"] == "10.0.0.1"


async def test_what_a_start_waits_for_is_told_once_and_that_it_is_over(stand: Stand) -> None:
    told: list[str | None] = []

    def tell(failure: Failure | None) -> None:
        told.append(failure.cause if failure else None)

    starting = asyncio.create_task(stand.pod.wait_running(tell))
    slow = waiting("ImagePullBackOff", 'Back-off pulling image "x": ErrImagePull: i/o timeout')
    stand.show(make_pod(make_container(state=slow), phase="Pending"))
    await wait_until(lambda: told == ["image-pull"])
    looks = stand.cluster.looks
    await wait_until(lambda: stand.cluster.looks > looks + 3)
    assert told == ["image-pull"]
    stand.show(make_pod(make_container(state=waiting("ContainerCreating")), phase="Pending"))
    await wait_until(lambda: told == ["image-pull", None])
    ready = well()
    ready["status"]["podIP"] = "10.0.0.1"
    stand.show(ready)
    await starting


async def test_what_the_events_say_for_certain_is_not_undone_by_what_the_pod_says(
    stand: Stand,
) -> None:
    pulled = waiting("ErrImagePull", "connection refused")
    stand.show(make_pod(make_container(state=pulled), phase="Pending"))
    starting = asyncio.create_task(stand.pod.wait_running())
    await wait_until(lambda: stand.pod.verdict is not None)
    stand.show(make_pod(make_container(state=waiting("InvalidImageName")), phase="Pending"))
    with pytest.raises(StartFailed, match="that is not the name of an image"):
        await starting


async def test_the_end_of_a_pod_that_never_goes_has_an_end(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_pod, "_END_SECONDS", 0.02)
    stand.show(well())
    await stand.pod.end(0)
    assert stand.pod.is_left
    assert stand.pod.may_run_on
    monkeypatch.setattr(run_pod, "_END_SECONDS", 60)
    await asyncio.wait_for(stand.pod.end(0), 5)


async def test_a_pod_that_nobody_has_heard_of_yet_is_not_taken_for_gone(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_pod, "_END_SECONDS", 0.02)
    stand.watch._synced.clear()  # the hub was started while the cluster was away
    await stand.pod.end(0)
    assert stand.pod.is_left
    assert stand.pod.may_run_on
    stand.show(well())
    await stand.pod.clear(0)
    assert not stand.cluster.deleted  # what is left goes in its own time, by the watch


async def test_an_end_is_asked_for_until_the_cluster_answers(stand: Stand) -> None:
    stand.cluster.failures = [ConnectionRefusedError(), refusal(503), TimeoutError()]
    stand.show(well())
    ending = asyncio.create_task(stand.pod.end(5))
    await wait_until(lambda: stand.cluster.deleted)
    stand.show(None)
    await ending
    assert not stand.pod.is_left
    wanted = {"gracePeriodSeconds": 5, "preconditions": {"uid": "u1"}}
    assert stand.cluster.deleted == [wanted]


@pytest.mark.parametrize(
    ("state", "phase", "grace"),
    [(running(), "Running", 5), (terminated("Error", 3), "Failed", 0)],
)
async def test_only_a_pod_whose_programs_have_ended_is_removed_by_force(
    stand: Stand, state: dict[str, Any], phase: str, grace: int
) -> None:
    stand.show(make_pod(make_container(state=state), phase=phase))
    await stand.pod.clear(5)
    assert [one["gracePeriodSeconds"] for one in stand.cluster.deleted] == [grace]


@pytest.mark.parametrize(("owner", "deletions"), [("h", 1), ("another", 0)])
async def test_of_a_start_that_was_refused_only_what_is_its_own_is_removed(
    stand: Stand, owner: str, deletions: int
) -> None:
    body = {"metadata": {"name": "p", "labels": LABELS}}
    with pytest.raises(ApiException):
        await stand.pod.make(body, SECRET)
    there = SimpleNamespace(uid="u2", labels={**LABELS, HUB: owner})
    stand.cluster.there = SimpleNamespace(metadata=there)
    await stand.pod.clear(5)
    assert len(stand.cluster.deleted) == deletions
    assert stand.cluster.secrets_deleted == 1


async def test_what_cannot_be_removed_now_is_removed_later(stand: Stand) -> None:
    stand.cluster.failures = [ConnectionRefusedError(), ConnectionRefusedError()]
    stand.show(well())
    await stand.pod.clear(5)
    await wait_until(lambda: stand.cluster.deleted)


async def test_a_pod_that_was_gone_before_anybody_looked_is_lost(stand: Stand) -> None:
    await stand.pod.keep_evidence()
    assert stand.pod.failure is not None
    assert stand.pod.failure.cause == "lost"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (None, "it went wrong", "it went wrong"),
        # The kubelet starts it anew before its log is read.
        ("it went wrong", "", "it went wrong"),
        ("it went wrong", "here I am again", "it went wrong"),
    ],
)
async def test_the_last_words_are_those_of_the_program_that_ended(
    stand: Stand, before: str | None, now: str, told: str
) -> None:
    stand.cluster.printed_before, stand.cluster.printed = before, now
    stand.show(make_pod(make_container(state=terminated("Error", 7))))
    await stand.pod.keep_evidence()
    assert stand.pod.lines == (told,)


async def test_a_helper_that_never_gets_ready_is_named_when_the_time_is_over(stand: Stand) -> None:
    side = make_container("side", running(), started=False, always=True)
    event = make_event("Unhealthy", "Startup probe failed: connection refused", container="side")
    stand.cluster.events = [event]
    main = make_container(state=waiting("PodInitializing"))
    stand.show(make_pod(main, init=[side], phase="Pending"))
    await stand.pod.keep_evidence()
    assert stand.pod.failure is not None
    assert stand.pod.failure.cause == "start-timeout"
    assert stand.pod.failure.detail == (
        "its helper ‘side’: it does not pass its startup check: connection refused"
    )
