"""Machines that do not answer, and whether something on them may still write to the drives."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.kubernetes.diagnosis import look
from tests.support.pod_sentences import said
from tests.support.pod_states import (
    condition,
    make_container,
    make_node,
    make_pod,
    terminated,
    well,
)

LIMIT = {"limits": {"memory": "256Mi"}}


def ended(state: dict[str, Any], phase: str = "Failed", **more: Any) -> Any:
    """Return a pod whose program ended."""
    return make_pod(make_container(state=state, resources=LIMIT), phase=phase, **more)


def disrupted(kind: str, words: str = "", phase: str = "Running", **more: Any) -> Any:
    """Return a pod that somebody in the cluster takes away, while its program still runs."""
    more = {"deleted_at": 5} | more
    target = condition("DisruptionTarget", "True", kind, words)
    return make_pod(well(), phase=phase, conditions=[target], **more)


# A machine that does not answer


SILENT = condition("Ready", "False")
UNREACHABLE = "node.kubernetes.io/unreachable"


@pytest.mark.parametrize(
    ("conditions", "nodes"),
    [
        ([SILENT], []),
        ([SILENT], [make_node("node1", "Unknown", UNREACHABLE)]),
        ([condition("Ready", "True")], [make_node("node1", "Unknown")]),
        (
            [condition("Ready", "True")],
            [make_node("other"), make_node("node1", "True", UNREACHABLE)],
        ),
    ],
)
def test_a_machine_that_does_not_answer_may_come_back(
    conditions: list[Any], nodes: list[Any]
) -> None:
    finding = look(make_pod(well(), phase="Running", conditions=conditions), nodes=nodes)
    assert said(finding) == (
        "node-lost",
        "The machine it ran on went away: it does not answer.",
    )
    assert not finding.is_over
    assert finding.verdict is not None
    assert not finding.verdict.is_final


def test_a_machine_that_answers_and_one_that_is_another_are_no_trouble() -> None:
    pod = make_pod(well(), phase="Running", conditions=[condition("Ready", "True")])
    finding = look(pod, nodes=[make_node(), make_node("other", "Unknown")])
    assert finding.verdict is None
    assert finding.is_ready


def test_a_pod_that_is_deleted_for_its_silent_machine_is_over() -> None:
    pod = disrupted(
        "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", deleted_at=5
    )
    for nodes in ([], [make_node("node1", "Unknown", UNREACHABLE)]):
        finding = look(pod, nodes=nodes)
        assert said(finding)[0] == "node-lost"
        assert finding.is_over


def test_a_pod_that_is_deleted_for_a_taint_of_a_machine_that_is_well_was_evicted() -> None:
    pod = disrupted("DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint")
    assert said(look(pod, nodes=[make_node("node1", "True", "team")])) == (
        "evicted",
        ("The cluster took it off its machine: the machine was closed for sessions like this one."),
    )


def test_a_pod_that_is_deleted_by_hand_on_a_silent_machine_is_lost_with_the_machine() -> None:
    pod = make_pod(well(), phase="Running", conditions=[SILENT], deleted_at=5)
    assert said(look(pod, nodes=[make_node("node1", "Unknown")]))[0] == "node-lost"


# Whether something may still write to the drives


@pytest.mark.parametrize(
    ("pod", "is_gone", "may"),
    [
        (make_pod(well(), phase="Running"), False, True),
        (make_pod(well(), phase="Running", deleted_at=5), False, True),
        # Deleted by force: the object went, the kubelet said nothing.
        (make_pod(well(), phase="Running", deleted_at=5, grace=0), True, True),
        (ended(terminated("Error", 143), deleted_at=5), True, False),
        (ended(terminated("Error", 3)), False, False),
        (ended(terminated("Error", 3), phase="Running"), False, False),
        # It is started anew within a second.
        (ended(terminated("Error", 3), phase="Running", restart="OnFailure"), False, True),
        (disrupted("DeletionByPodGC", phase="Failed"), True, True),
        (disrupted("DeletionByTaintManager"), False, True),
        (make_pod(node=None), True, False),
        (None, True, True),
        # Of which next to nothing is known.
        ({"metadata": {"name": "s1"}, "status": {"phase": "Running"}}, False, True),
    ],
)
def test_a_drive_is_free_only_when_the_kubelet_said_that_everything_ended(
    pod: Any, is_gone: bool, may: bool
) -> None:
    assert look(pod, is_gone=is_gone).may_still_run is may
