"""A pod's containers, each from its specification and its status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from .reading import (
    Json,
    find_named,
    is_true,
    read_list,
    read_map,
    read_number,
    read_text,
    read_time,
)

MAIN: Final = "notebook"


class Kind(StrEnum):
    """What a container is for."""

    MAIN = "main"
    BESIDE = "beside"
    SIDECAR = "sidecar"
    INIT = "init"


@dataclass(frozen=True)
class Ended:
    """How a container's run ended."""

    exit_code: int | None
    reason: str
    message: str
    at: datetime | None


@dataclass(frozen=True)
class Container:
    """One container of a pod: what was asked for and how it is.

    `waiting` is a reason, empty where the container does not wait or the cluster gives none.
    """

    name: str
    kind: Kind
    image: str
    memory_limit: str
    waiting: str
    message: str
    is_waiting: bool
    is_running: bool
    is_started: bool
    is_ready: bool
    restarts: int
    ended: Ended | None
    last: Ended | None

    @property
    def over(self) -> Ended | None:
        """How its last run ended, where it does not run now."""
        return self.ended or (self.last if self.is_waiting else None)

    @property
    def is_well(self) -> bool:
        """Tell whether it runs and passes its checks; a sidecar's startup check too."""
        is_begun = self.is_started or self.kind is not Kind.SIDECAR
        return self.is_running and self.is_ready and is_begun


def read_containers(pod: Json) -> tuple[Container, ...]:
    """Return a pod's containers in the order in which the kubelet starts them."""
    return (
        *_read_all(pod, "initContainers", "initContainerStatuses"),
        *_read_all(pod, "containers", "containerStatuses"),
    )


def _read_all(pod: Json, asked: str, seen: str) -> Iterator[Container]:
    specs = read_list(pod, "spec", asked)
    statuses = read_list(pod, "status", seen)
    names = dict.fromkeys(read_text(one, "name") for one in (*specs, *statuses))
    main = MAIN if MAIN in names else next(iter(names), MAIN)
    for name in names:
        spec = find_named(specs, name)
        kind = Kind.MAIN if name == main else Kind.BESIDE
        if asked == "initContainers":
            kind = Kind.SIDECAR if read_text(spec, "restartPolicy") == "Always" else Kind.INIT
        yield _read_one(name, kind, spec, find_named(statuses, name))


def _read_one(name: str, kind: Kind, spec: Json, status: Json) -> Container:
    state = read_map(status, "state")
    waiting = read_map(state, "waiting")
    return Container(
        name=name,
        kind=kind,
        image=read_text(spec, "image") or read_text(status, "image"),
        memory_limit=read_text(spec, "resources", "limits", "memory"),
        waiting=read_text(waiting, "reason"),
        message=read_text(waiting, "message"),
        is_waiting="waiting" in state,
        is_running="running" in state,
        is_started=is_true(status, "started"),
        is_ready=is_true(status, "ready"),
        restarts=read_number(status, "restartCount") or 0,
        ended=_read_end(state),
        last=_read_end(read_map(status, "lastState")),
    )


def _read_end(state: Json) -> Ended | None:
    end = read_map(state, "terminated")
    if not end:
        return None
    return Ended(
        exit_code=read_number(end, "exitCode"),
        reason=read_text(end, "reason"),
        message=read_text(end, "message"),
        at=read_time(end, "finishedAt"),
    )


def find_main(containers: Sequence[Container]) -> Container | None:
    """Return the container with the session's program."""
    return next((one for one in containers if one.kind is Kind.MAIN), None)
