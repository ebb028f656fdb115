"""When several say what is wrong, the most specific word wins."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.kubernetes.diagnosis import look
from tests.support.pod_states import (
    condition,
    crash_loop,
    make_container,
    make_event,
    make_node,
    make_pod,
    terminated,
    waiting,
    well,
)

LOW = "The node was low on resource: memory. "
AWAY = [make_node("node1", "Unknown")]
EVICTION = condition("DisruptionTarget", "True", "EvictionByEvictionAPI", "Eviction API: evicting")
SIDE = make_container("side", crash_loop("side"), last=terminated("Error", 7), always=True)
NO_MOUNT = make_event("FailedMount", 'MountVolume.SetUp failed for volume "v" : no', at=5)
NO_NETWORK = make_event("FailedCreatePodSandBox", "no network", at=6)

ENDS: dict[str, tuple[Any, str, str]] = {
    "the kernel before the kubelet": (
        make_pod(
            make_container(state=terminated("OOMKilled", 137)),
            phase="Failed", reason="Evicted", message=LOW,
        ),
        "out-of-memory",
        "",
    ),
    "the kubelet before whoever wanted the pod gone": (
        make_pod(
            make_container(state=terminated("Error", 137)),
            phase="Failed", reason="Evicted", message=LOW, deleted_at=3, conditions=[EVICTION],
        ),
        "evicted",
        "memory",
    ),
    "whoever took it away before the silence of its machine": (
        make_pod(well(), phase="Running", deleted_at=3, conditions=[EVICTION]),
        "evicted",
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ENDS)
def test_of_an_end(row: str) -> None:
    pod, cause, resource = ENDS[row]
    verdict = look(pod, nodes=AWAY).verdict
    assert verdict is not None
    assert (verdict.cause, verdict.words.get("resource", "")) == (cause, resource)


def test_the_programs_own_end_comes_before_the_silence_of_its_machine() -> None:
    pod = make_pod(make_container(state=terminated("Error", 3)), phase="Running")
    verdict = look(pod, nodes=AWAY).verdict
    assert verdict is not None
    assert verdict.cause == "crashed"


@pytest.mark.parametrize(
    ("pod", "events", "nodes", "detail"),
    [
        (make_pod(well(), conditions=[EVICTION]), [], AWAY, "the machine was emptied"),
        (make_pod(well(), init=[SIDE]), [], AWAY, "it does not answer"),
        (
            make_pod(make_container(state=waiting("ImageInspectError"))),
            [NO_MOUNT, NO_NETWORK], [], "its machine cannot read it",
        ),
        (
            make_pod(make_container(state=waiting("ContainerCreating"))),
            [NO_MOUNT, NO_NETWORK], [], "no",
        ),
    ],
    ids=["taken away", "machine", "container", "volume"],
)  # fmt: skip
def test_of_what_is_not_over(
    pod: dict[str, Any], events: list[Any], nodes: list[Any], detail: str
) -> None:
    verdict = look(pod, events, nodes=nodes).verdict
    assert verdict is not None
    assert verdict.detail == detail
