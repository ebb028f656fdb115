"""How a session's run ends in a cluster: each end with its own cause."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.kubernetes.diagnosis import look
from tests.support.pod_sentences import said
from tests.support.pod_states import (
    condition,
    crash_loop,
    make_container,
    make_event,
    make_pod,
    running,
    terminated,
    waiting,
    well,
)

LIMIT = {"limits": {"memory": "256Mi"}}
KILLED = terminated("OOMKilled", 137)
DRAINED = "Eviction API: evicting"
LOW = "The node was low on resource: {}. Threshold quantity: 100Mi, available: 20Mi. "
OFF = "Pod was terminated in response to imminent node shutdown."
CRASHED = "The program inside crashed ({}) 12 min after its start. Its last lines are below."


def ended(state: dict[str, Any], phase: str = "Failed", **more: Any) -> Any:
    """Return a pod whose program ended."""
    return make_pod(make_container(state=state, resources=LIMIT), phase=phase, **more)


def disrupted(kind: str, words: str = "", phase: str = "Running", **more: Any) -> Any:
    """Return a pod that somebody in the cluster takes away, while its program still runs."""
    more = {"deleted_at": 5} | more
    target = condition("DisruptionTarget", "True", kind, words)
    return make_pod(well(), phase=phase, conditions=[target], **more)


ROWS: dict[str, tuple[Any, str, str]] = {
    "out of memory, phase not written yet": (
        ended(KILLED, phase="Running"),
        "out-of-memory",
        "It needed more memory than its 256 MiB.",
    ),
    "out of memory": (
        ended(KILLED),
        "out-of-memory",
        "It needed more memory than its 256 MiB.",
    ),
    "out of memory, and started anew in its place": (
        make_pod(
            make_container(state=crash_loop("notebook"), restarts=1, last=KILLED, resources=LIMIT),
            phase="Running",
            restart="Always",
        ),
        "out-of-memory",
        "It needed more memory than its 256 MiB.",
    ),
    "out of memory, then deleted by somebody": (
        ended(KILLED, phase="Running", deleted_at=3),
        "out-of-memory",
        "It needed more memory than its 256 MiB.",
    ),
    "out of memory without a limit of its own": (
        make_pod(make_container(state=KILLED), phase="Failed"),
        "out-of-memory",
        "It needed more memory than it may use.",
    ),
    "killed, and not for memory": (
        ended(terminated("Error", 137)),
        "crashed",
        CRASHED.format("it was killed"),
    ),
    "exit 3": (
        ended(terminated("Error", 3), phase="Running"),
        "crashed",
        CRASHED.format("exit code 3"),
    ),
    "exit 3 with its last line": (
        ended(terminated("Error", 3, "one\nlast line\n")),
        "crashed",
        "The program inside crashed (exit code 3) 12 min after its start: last line.",
    ),
    "completed by itself": (
        ended(terminated("Completed", 0), phase="Succeeded"),
        "exited",
        "The program inside ended by itself (exit code 0).",
    ),
    "completed, and then deleted": (
        ended(terminated("Completed", 0, at=5), phase="Succeeded", deleted_at=60),
        "exited",
        "The program inside ended by itself (exit code 0).",
    ),
    "only the phase is known": (
        make_pod(phase="Succeeded"),
        "exited",
        "The program inside ended by itself (exit code 0).",
    ),
    "only the bad phase is known": (
        make_pod(phase="Failed"),
        "crashed",
        CRASHED.format("no exit code"),
    ),
    "its time was over": (
        ended(
            terminated("Error", 137),
            reason="DeadlineExceeded",
            message="Pod was active on the node longer than the specified deadline",
            spec={"activeDeadlineSeconds": 7200},
        ),
        "lifetime",
        "It reached its longest life of 2 h.",
    ),
    "its machine was short of memory": (
        ended(terminated("Error", 137), reason="Evicted", message=LOW.format("memory")),
        "evicted",
        "Its machine ran short of memory and the cluster took it off.",
    ),
    "its machine was short of disk": (
        ended(terminated("Error", 137), reason="Evicted", message=LOW.format("ephemeral-storage")),
        "evicted",
        "Its machine ran short of disk and the cluster took it off.",
    ),
    "its machine was under pressure before it started": (
        make_pod(
            phase="Failed", reason="Evicted", message="The node had condition: [DiskPressure]. "
        ),
        "evicted",
        "Its machine ran short of disk and the cluster took it off.",
    ),
    "it wrote too much beside its drives": (
        ended(
            terminated("Error", 137),
            reason="Evicted",
            message="Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
        ),
        "evicted",
        "The cluster took it off its machine: it wrote more than 1 GiB outside its drives.",
    ),
    "its scratch folder was full": (
        ended(
            terminated("Error", 137),
            reason="Evicted",
            message='Usage of EmptyDir volume "tmp" exceeds the limit "500Mi". ',
        ),
        "evicted",
        "The cluster took it off its machine: it wrote more than 500 MiB outside its drives.",
    ),
    "its machine was shut down": (
        ended(terminated("Error", 143), reason="Terminated", message=OFF),
        "node-lost",
        "The machine it ran on went away: it was shut down.",
    ),
    "its machine came back without it": (
        ended(terminated("ContainerStatusUnknown", 137)),
        "node-lost",
        "The machine it ran on went away: it was started anew.",
    ),
    "its machine came back and would start it anew": (
        make_pod(
            make_container(state=waiting("ContainerCreating"), last=terminated("Unknown", 255)),
            restart="OnFailure",
        ),
        "node-lost",
        "The machine it ran on went away: it was started anew.",
    ),
    "its machine was emptied": (
        disrupted("EvictionByEvictionAPI", DRAINED),
        "evicted",
        "The cluster took it off its machine: the machine was emptied.",
    ),
    "emptied, and the program said goodbye": (
        ended(
            terminated("Completed", 0, at=7),
            phase="Succeeded",
            deleted_at=5,
            conditions=[condition("DisruptionTarget", "True", "EvictionByEvictionAPI", DRAINED)],
        ),
        "evicted",
        "The cluster took it off its machine: the machine was emptied.",
    ),
    "something more important came": (
        disrupted("PreemptionByScheduler", "default-scheduler: preempting to accommodate"),
        "evicted",
        ("The cluster took it off its machine: its room was needed for something more important."),
    ),
    "the kubelet took it off": (
        disrupted("TerminationByKubelet", LOW.format("memory")),
        "evicted",
        "Its machine ran short of memory and the cluster took it off.",
    ),
    "the kubelet took it off for a shutdown": (
        disrupted("TerminationByKubelet", OFF, phase="Failed", reason="Terminated", message=OFF),
        "node-lost",
        "The machine it ran on went away: it was shut down.",
    ),
    "its machine is gone": (
        disrupted("DeletionByPodGC", "PodGC: node no longer exists", phase="Failed"),
        "node-lost",
        "The machine it ran on went away: it was removed.",
    ),
    "taken away for a reason of tomorrow": (
        disrupted("DeletionByMoonPhase", "The moon was full."),
        "evicted",
        "The cluster took it off its machine: The moon was full.",
    ),
    "deleted by hand": (
        make_pod(well(), phase="Running", deleted_at=5),
        "lost",
        "It vanished: somebody deleted it in the cluster. Files on drives are kept.",
    ),
    "deleted by hand, and the program ended by that": (
        ended(terminated("Error", 143, at=6), deleted_at=5),
        "lost",
        "It vanished: somebody deleted it in the cluster. Files on drives are kept.",
    ),
    "deleted by hand before it ran": (
        make_pod(node=None, deleted_at=5),
        "lost",
        "It vanished: somebody deleted it in the cluster. Files on drives are kept.",
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_an_end_has_its_own_cause(row: str) -> None:
    pod, cause, sentence = ROWS[row]
    finding = look(pod)
    assert said(finding) == (cause, sentence)
    assert finding.is_over
    assert not finding.is_running
    assert not finding.is_ready
    assert finding.verdict is not None
    assert finding.verdict.is_final


def test_an_eviction_keeps_the_programs_exit_code() -> None:
    pod = ended(terminated("Error", 137), reason="Evicted", message=LOW.format("memory"))
    verdict = look(pod).verdict
    assert verdict is not None
    assert verdict.exit_code == 137


def test_a_check_that_failed_is_said_with_the_crash_that_it_made() -> None:
    events = [make_event("Killing", "Container notebook failed liveness probe, will be restarted")]
    finding = look(ended(terminated("Error", 137)), events)
    assert finding.verdict is not None
    assert finding.verdict.detail == "it did not pass its liveness check"


def test_a_run_that_was_started_anew_is_over_also_where_that_one_is_well() -> None:
    main = make_container(state=running(), ready=True, restarts=1, last=KILLED)
    finding = look(make_pod(main, phase="Running", restart="Always"))
    assert said(finding)[0] == "out-of-memory"
    assert finding.is_over
    assert finding.may_still_run
    assert finding.restarts == 1


def test_a_deletion_by_this_hub_is_no_fault() -> None:
    finding = look(make_pod(well(), phase="Running", deleted_at=5), stopped_by_us=True)
    assert finding.is_over
    assert finding.verdict is None


def test_an_end_before_this_hubs_deletion_keeps_its_cause() -> None:
    pod = ended(terminated("Error", 3, at=5), deleted_at=9)
    assert said(look(pod, stopped_by_us=True))[0] == "crashed"


def test_an_announced_eviction_is_said_before_it_is_an_end() -> None:
    finding = look(disrupted("EvictionByEvictionAPI", deleted_at=None))
    assert said(finding)[0] == "evicted"
    assert finding.is_running
    assert not finding.is_over
    assert finding.verdict is not None
    assert not finding.verdict.is_final


# Objects that are gone


@pytest.mark.parametrize(
    ("reason", "message", "cause"),
    [
        ("Preempted", "Preempted by pod 5f0c-4a on node node1", "evicted"),
        ("Evicted", LOW.format("memory"), "evicted"),
        ("TaintManagerEviction", "Marking for deletion Pod sessions/s1", "node-lost"),
        ("TaintManagerEviction", "Cancelling deletion of Pod sessions/s1", "lost"),
        ("Killing", "Stopping container notebook", "lost"),
    ],
)
def test_of_an_object_that_is_gone_the_events_tell(reason: str, message: str, cause: str) -> None:
    finding = look(None, [make_event(reason, message)])
    assert said(finding)[0] == cause
    assert finding.is_over


def test_an_object_that_is_gone_ended_as_it_was_seen_last() -> None:
    assert said(look(ended(KILLED), is_gone=True))[0] == "out-of-memory"
    assert said(look(make_pod(well(), phase="Running"), is_gone=True))[0] == "lost"
