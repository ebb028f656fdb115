"""How programs of a pod ended: memory, exit codes, evictions, deletions."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from .containers import Container, Ended, Kind
from .finding import Verdict
from .reading import find_condition, read_number, read_text, read_time
from .references import judge_setup
from .words import clean, clean_lines, say_amount, say_resource
from .world import World

_LOW: Final = re.compile(
    r"low on resource: ([\w./-]{0,60}\w)|condition: \[(Memory|Disk|PID)Pressure"
)
_WROTE: Final = re.compile(
    r"(?:exceeds the total limit of containers|exceeds the limit|ephemeral storage limit)"
    r"\W{1,3}([0-9][\w.]{0,20}\w|[0-9])"
)
_PRESSURES: Final = {"Memory": "memory", "Disk": "disk", "PID": "processes"}
_STARTS: Final = frozenset({"StartError", "ContainerCannotRun"})
_PROBES: Final = {
    "startup": "it did not pass its startup check",
    "liveness": "it did not pass its liveness check",
}
_OFF: Final = Verdict("node-lost", "it was shut down")
_ROOM: Final = Verdict("evicted", "its room was needed for something more important")
_FULL: Final = Verdict("unschedulable", "the machine it was given to had no room any more")
# The word in a pod's status. What is not here says less than the containers do.
_REASONS: Final = {
    "Terminated": _OFF,
    "Shutdown": _OFF,
    "NodeShutdown": _OFF,
    "NodeLost": Verdict("node-lost", "it does not answer"),
    "Preempting": _ROOM,
    "NodeAffinity": _FULL,
    "NodePorts": _FULL,
    "HostPortConflict": _FULL,
    "UnexpectedAdmissionError": _FULL,
    "TopologyAffinityError": _FULL,
}
# The reason of the condition DisruptionTarget; the taint manager's and the kubelet's have two.
_DISRUPTIONS: Final = {
    "EvictionByEvictionAPI": Verdict("evicted", "the machine was emptied"),
    "PreemptionByScheduler": _ROOM,
    "PreemptionByKubeScheduler": _ROOM,
    "DeletionByPodGC": Verdict("node-lost", "it was removed"),
}
_EVENTS: Final = ("Preempted", "TaintManagerEviction", "Evicted")


def judge_end(world: World, container: Container, end: Ended) -> Verdict:
    """Return the verdict on a container whose run ended, by its own account of it."""
    words = world.words_of(container)
    if end.reason == "OOMKilled":
        return Verdict(
            "out-of-memory", exit_code=end.exit_code, words={**words, **_memory_of(container)}
        )
    if end.reason in _STARTS:
        return replace(judge_setup(end.reason, end.message, 1), exit_code=end.exit_code)
    if end.reason in ("ContainerStatusUnknown", "Unknown"):
        # The kubelet, started anew, found no trace of it: its machine went down under it.
        return Verdict("node-lost", "it was started anew", exit_code=end.exit_code)
    if end.exit_code == 0 and container.kind is Kind.MAIN:
        return Verdict("exited", exit_code=0)
    detail = _failed_check(world, container) or clean("".join(clean_lines(end.message, most=1)))
    return Verdict("crashed", detail, exit_code=end.exit_code, words=words)


def _memory_of(container: Container) -> dict[str, str]:
    limit = container.memory_limit
    return {"memory": say_amount("memory", limit)} if limit else {}


def _failed_check(world: World, container: Container) -> str:
    killed = world.events_with("Killing", container=container.name)
    said = killed[0].message if killed else ""
    return next((words for probe, words in _PROBES.items() if f"failed {probe} probe" in said), "")


def out_of_memory(world: World) -> Verdict | None:
    """Name the main program's end by its memory limit: no other word is as sure as the kernel's."""
    end = world.main_end
    if world.main is None or end is None or end.reason != "OOMKilled":
        return None
    return judge_end(world, world.main, end)


def reason_of_pod(world: World) -> Verdict | None:
    """Take the word in the pod's status, which the kubelet writes when it ended the pod itself."""
    if world.reason == "Evicted":
        return _judge_eviction(world.message)
    if world.reason == "DeadlineExceeded":
        seconds = read_number(world.pod, "spec", "activeDeadlineSeconds")
        return Verdict("lifetime", words={"lifetime_seconds": seconds} if seconds else {})
    if world.reason.startswith("OutOf"):
        return _FULL
    if world.phase == "Failed" and world.reason in ("AppArmor", "SysctlForbidden"):
        return judge_setup(world.reason, world.message, 1)
    if world.reason not in _REASONS and world.message.startswith("Pod was rejected"):
        said = clean(world.message.partition(": ")[2] or world.reason).rstrip(".")
        return Verdict("unschedulable", f"the machine it was given to did not take it: {said}")
    return _REASONS.get(world.reason)


def _judge_eviction(message: str) -> Verdict:
    if found := _LOW.search(message):
        return Verdict(
            "evicted", words={"resource": _PRESSURES.get(found[2]) or say_resource(found[1])}
        )
    if found := _WROTE.search(message):
        most = say_amount("disk", found[1])
        return Verdict("evicted", f"it wrote more than {most} outside its drives")
    if "preempt" in message.lower():
        return _ROOM
    return Verdict("evicted", clean(message).rstrip("."))


def disruption(world: World) -> Verdict | None:
    """Take the word of whoever in the cluster takes the pod away, unless it had ended before."""
    target = find_condition(world.pod, "DisruptionTarget")
    if target.get("status") != "True":
        return _disruption_by_events(world)
    since, end = read_time(target, "lastTransitionTime"), world.main_end
    if end is not None and end.at is not None and since is not None and end.at < since:
        return None
    reason, message = read_text(target, "reason"), read_text(target, "message")
    if reason == "DeletionByTaintManager":
        return _judge_taint(world)
    if reason == "TerminationByKubelet" and "shutdown" in message:
        return _OFF
    return _DISRUPTIONS.get(reason) or _judge_eviction(message)


def _judge_taint(world: World) -> Verdict:
    ready = read_text(find_condition(world.node, "Ready"), "status")
    if ready == "True" and not world.is_node_away:
        return Verdict("evicted", "the machine was closed for sessions like this one")
    return Verdict("node-lost", "it does not answer")


def _disruption_by_events(world: World) -> Verdict | None:
    """Read the events, for an object that went before its condition was seen."""
    if not world.is_deleted or world.main_end is not None:
        return None
    for event in world.events_with(*_EVENTS):
        if event.reason == "Preempted":
            return _ROOM
        if event.reason == "Evicted":
            return _judge_eviction(event.message)
        if event.message.startswith("Marking"):  # and not "Cancelling deletion"
            return _judge_taint(world)
    return None


def machine(world: World) -> Verdict | None:
    """Name a machine that does not answer; it may come back, and then the pod goes on.

    Who may not read machines sees it by the pod: the kubelet gives a reason for each Ready=False,
    the node controller, which writes it in the kubelet's place, none.
    """
    if world.main_end is not None:
        return None
    ready = find_condition(world.pod, "Ready")
    is_written_for_it = ready.get("status") == "False" and not ready.get("reason")
    is_written_for_it = is_written_for_it and all(one.is_well for one in world.lasting)
    if world.phase == "Unknown" or world.is_node_away or (is_written_for_it and world.lasting):
        return Verdict("node-lost", "it does not answer")
    return None


def program_end(world: World) -> Verdict | None:
    """Take the exit of the session's program, if it was not the deletion that ended it."""
    end = world.main_end
    if world.main is None or end is None or not world.was_before_deletion(end):
        return None
    return judge_end(world, world.main, end)


def other_end(world: World) -> Verdict | None:
    """Take the exit of what runs before the program, where the pod failed by it."""
    if world.phase != "Failed" or world.main_end is not None:
        return None
    for container in world.containers:
        end = container.over
        if end and end.exit_code != 0 and world.was_before_deletion(end):
            return judge_end(world, container, end)
    return None


def phase_of_pod(world: World) -> Verdict | None:
    """Take the pod's phase, when nothing else is known."""
    if world.is_deleted or world.main_end is not None:
        return None
    if world.phase == "Succeeded":
        return Verdict("exited", exit_code=0)
    if world.phase == "Failed":
        return Verdict("crashed", clean(world.message).rstrip("."))
    return None


def deletion(world: World) -> Verdict | None:
    """Say that somebody else deleted the pod; a deletion by this hub is nobody's fault."""
    if world.stopped_by_us:
        return None
    return Verdict("lost", "somebody deleted it in the cluster")
