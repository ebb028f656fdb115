"""Making a run's objects while the API server comes and goes, and under names that are taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from kubernetes_asyncio.client import ApiException

from sessions_spawner.kubernetes import making
from sessions_spawner.kubernetes.pods import GENERATION, HUB, SESSION

LABELS = {HUB: "h", SESSION: "s1", GENERATION: "1"}
BODY = {"metadata": {"name": "p", "labels": LABELS}}


class Answer:
    """An answer of the API server, as the client gives it."""

    def __init__(self, status: int, body: Any) -> None:
        self.status, self.reason = status, ""
        self._body = json.dumps(body).encode()

    async def read(self) -> bytes:
        return self._body


def refusal(status: int, reason: str) -> Answer:
    return Answer(status, {"reason": reason, "message": f"{reason} already exists"})


def pod(labels: dict[str, str] | None = None, *, going: bool = False) -> Answer:
    metadata: dict[str, Any] = {"uid": "u1", "labels": labels or {}}
    if going:
        metadata["deletionTimestamp"] = "2026-11-21T14:20:00Z"
    return Answer(200, {"metadata": metadata})


class Cluster:
    """An API server that answers as it is told, one answer a call."""

    def __init__(self, *creations: Any, read: Callable[[], Any] = pod) -> None:
        self.creations = list(creations)
        self.read = read
        self.calls = 0

    async def create_namespaced_pod(self, *_words: Any, **_given: Any) -> Any:
        self.calls += 1
        answer = self.creations.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    create_namespaced_secret = create_namespaced_pod

    async def read_namespaced_pod(self, *_words: Any, **_given: Any) -> Any:
        answer = self.read()
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_PAUSE", 0.001)


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), TimeoutError(), refusal(503, ""), refusal(429, "")]
)
async def test_a_call_without_an_answer_is_made_again(error: Exception) -> None:
    cluster = Cluster(error, error, pod())
    assert (await making.make_pod(cluster, "n", BODY))["metadata"]["uid"] == "u1"
    assert cluster.calls == 3


async def test_a_refusal_for_good_is_not_tried_again() -> None:
    cluster = Cluster(refusal(403, ""), pod())
    with pytest.raises(ApiException):
        await making.make_pod(cluster, "n", BODY)
    assert cluster.calls == 1


async def test_a_cluster_that_stays_away_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_TRY_SECONDS", 0.02)
    with pytest.raises(ConnectionRefusedError):
        await making.make_pod(Cluster(*[ConnectionRefusedError()] * 500), "n", BODY)


async def test_the_pod_of_a_call_whose_answer_was_lost_is_the_runs_own() -> None:
    cluster = Cluster(TimeoutError(), refusal(409, "AlreadyExists"), read=lambda: pod(LABELS))
    assert (await making.make_pod(cluster, "n", BODY))["metadata"]["uid"] == "u1"


@pytest.mark.parametrize("name", [HUB, SESSION, GENERATION])
async def test_anothers_pod_of_that_name_is_not_taken(name: str) -> None:
    other = pod({**LABELS, name: "another"})
    with pytest.raises(ApiException):
        await making.make_pod(Cluster(refusal(409, "AlreadyExists"), read=lambda: other), "n", BODY)


async def test_a_pod_of_that_name_that_is_going_is_waited_for() -> None:
    taken = refusal(409, "AlreadyExists")
    states = iter([pod(LABELS, going=True), pod(LABELS, going=True), refusal(404, "")])
    cluster = Cluster(taken, taken, taken, pod(LABELS), read=lambda: next(states))
    assert (await making.make_pod(cluster, "n", BODY))["metadata"]["uid"] == "u1"
    assert cluster.calls == 4


async def test_a_secret_of_an_earlier_call_is_the_same() -> None:
    await making.make_secret(Cluster(refusal(409, "AlreadyExists")), "n", BODY)
