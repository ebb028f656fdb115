"""All that is looked at for one pod, read once; the rules decide over it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from .containers import Container, Ended, Kind, find_main
from .events import Event
from .reading import (
    Json,
    find_condition,
    read_list,
    read_number,
    read_text,
    read_time,
)
from .words import clean

UNREACHABLE: Final = (
    "node.kubernetes.io/unreachable",
    "node.kubernetes.io/out-of-service",
)
# What a kubelet does once the pod's surroundings and volumes are there.
_AFTER_MOUNTS: Final = ("Pulling", "Pulled", "Created", "Started")
_VOLUME: Final = re.compile(r'volume "([^"]{1,300})"')


@dataclass(frozen=True)
class World:
    """A session's pod and what the cluster says around it."""

    pod: Json
    containers: tuple[Container, ...]
    events: tuple[Event, ...]
    claims: tuple[Json, ...]
    claim_events: tuple[Event, ...]
    # The pod's machine; empty where it is not known.
    node: Json
    # What a claim's drive is called, by the claim's name.
    drives: Mapping[str, str]
    is_gone: bool
    stopped_by_us: bool

    @cached_property
    def main(self) -> Container | None:
        """The container with the session's program."""
        return find_main(self.containers)

    @property
    def phase(self) -> str:
        """The pod's phase."""
        return read_text(self.pod, "status", "phase")

    @property
    def reason(self) -> str:
        """The one word that the pod's status gives for its end."""
        return read_text(self.pod, "status", "reason")

    @property
    def message(self) -> str:
        """What the pod's status says about its end."""
        return read_text(self.pod, "status", "message")

    @property
    def node_name(self) -> str:
        """The machine that the pod was given to."""
        return read_text(self.pod, "spec", "nodeName")

    @property
    def is_deleted(self) -> bool:
        """Tell whether somebody asked for the pod's deletion."""
        return self.is_gone or bool(read_text(self.pod, "metadata", "deletionTimestamp"))

    @property
    def main_end(self) -> Ended | None:
        """How the session's program ended: one that was started anew in its place ended too."""
        return (self.main.ended or self.main.last) if self.main else None

    def was_before_deletion(self, end: Ended) -> bool:
        """Tell whether a program ended before somebody asked for the pod's deletion."""
        asked = self.deletion_asked
        return not self.is_deleted or (end.at is not None and asked is not None and end.at < asked)

    @property
    def deletion_asked(self) -> datetime | None:
        """When somebody asked for the pod's deletion."""
        # The API server writes down when the grace will be over, and how long it is.
        over = read_time(self.pod, "metadata", "deletionTimestamp")
        grace = read_number(self.pod, "metadata", "deletionGracePeriodSeconds") or 0
        try:
            return over - timedelta(seconds=grace) if over else None
        except OverflowError:
            return None

    @property
    def is_over(self) -> bool:
        """Tell whether the run has ended, or is being ended for good."""
        is_done = self.phase in ("Failed", "Succeeded")
        return is_done or self.is_deleted or self.main_end is not None

    @property
    def is_node_away(self) -> bool:
        """Tell whether the pod's machine is known not to answer."""
        ready = read_text(find_condition(self.node, "Ready"), "status")
        return ready == "Unknown" or any(key in UNREACHABLE for key in self.node_taints)

    @property
    def is_collected(self) -> bool:
        """Tell whether the cluster took the pod for dead with its machine, and wrote its phase."""
        target = find_condition(self.pod, "DisruptionTarget")
        return read_text(target, "reason") == "DeletionByPodGC"

    @property
    def node_taints(self) -> tuple[str, ...]:
        """The keys of the taints of the pod's machine."""
        return tuple(read_text(one, "key") for one in read_list(self.node, "spec", "taints"))

    @property
    def is_scheduled(self) -> bool:
        """Tell whether the pod was given to a machine."""
        scheduled = read_text(find_condition(self.pod, "PodScheduled"), "status")
        return bool(self.node_name) or scheduled == "True"

    @property
    def has_begun(self) -> bool:
        """Tell whether any program of the pod was ever started."""
        return any(one.is_running or one.ended or one.last for one in self.containers)

    @property
    def lasting(self) -> tuple[Container, ...]:
        """The containers that run as long as the pod: all but those that come before."""
        return tuple(one for one in self.containers if one.kind is not Kind.INIT)

    @property
    def claim_names(self) -> Mapping[str, str]:
        """The names of the claims that the pod mounts, by the names of its volumes."""
        volumes = read_list(self.pod, "spec", "volumes")
        named = {
            read_text(one, "name"): read_text(one, "persistentVolumeClaim", "claimName")
            for one in volumes
        }
        return {volume: claim for volume, claim in named.items() if claim}

    def words_of_drive(self, message: str = "", claim: str = "") -> dict[str, str | int]:
        """Return the word for the drive that a message or a claim is about, where it is known."""
        claim = claim or self._claim_in(message)
        if not claim and len(self.claim_names) == 1 and not self._names_a_volume(message):
            claim = next(iter(self.claim_names.values()))
        return {"drive": self.drives[claim]} if claim in self.drives else {}

    def _names_a_volume(self, message: str) -> bool:
        found = _VOLUME.search(message)
        return found is not None and not found[1].startswith("pvc-")

    def _claim_in(self, message: str) -> str:
        if not (found := _VOLUME.search(message)):
            return ""
        if found[1] in self.claim_names:
            return self.claim_names[found[1]]
        mounted = (c for c in self.claims if read_text(c, "spec", "volumeName") == found[1])
        return read_text(next(mounted, {}), "metadata", "name")

    def events_with(self, *reasons: str, container: str = "") -> tuple[Event, ...]:
        """Return the pod's events with one of the reasons, newest first; of one container."""
        return tuple(
            one
            for one in reversed(self.events)
            if one.reason in reasons and (not container or one.container in ("", container))
        )

    def is_passed(self, trouble: Event) -> bool:
        """Tell whether an event of a pod's start was followed by one that shows it is over."""
        is_attach = trouble.reason == "FailedAttachVolume"
        attached = ("SuccessfulAttachVolume",) if is_attach else ()
        after = self.events_with(*_AFTER_MOUNTS, *attached)
        return any(one.at >= trouble.at for one in after)

    def words_of(self, container: Container) -> dict[str, str | int]:
        """Return the word for a container that is not the session's own."""
        return {} if container.kind is Kind.MAIN else {"container": clean(container.name, 63)}
