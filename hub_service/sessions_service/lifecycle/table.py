"""The table of moves: which event takes a session from which state to which; pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """Where a session stands."""

    CREATED = "created"
    STARTING = "starting"
    PROVISIONING = "provisioning"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    ARCHIVED = "archived"


class Event(StrEnum):
    """What happens to a session."""

    ASKED = "asked"  # the hub was asked to start the server
    ADMITTED = "admitted"  # the spawner was told that it may begin
    READY = "ready"  # the hub serves it
    STOP = "stop"  # somebody or something wants it to end
    ENDED = "ended"  # it is gone, as intended
    BROKE = "broke"  # it is gone, or never came, because something failed
    ARCHIVE = "archive"
    RESTORE = "restore"


class NoSuchMove(Exception):
    """The table has no move for this event in this state."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"A session that is {state} has no move for ‘{event}’.")
        self.state = state
        self.event = event


LIVE: Final = frozenset(
    {State.CREATED, State.STARTING, State.PROVISIONING, State.RUNNING, State.STOPPING}
)
PENDING: Final = frozenset({State.CREATED, State.STARTING, State.PROVISIONING})
# What the running limit counts: pending and running, not stopping.
COUNTED: Final = PENDING | {State.RUNNING}
ENDED: Final = frozenset({State.STOPPED, State.FAILED, State.ARCHIVED})

MOVES: Final[Mapping[tuple[State, Event], State]] = MappingProxyType(
    {
        (State.CREATED, Event.ASKED): State.STARTING,
        # A start that came through the hub was asked for there already.
        (State.CREATED, Event.ADMITTED): State.PROVISIONING,
        (State.STARTING, Event.ADMITTED): State.PROVISIONING,
        (State.PROVISIONING, Event.READY): State.RUNNING,
        **{(state, Event.STOP): State.STOPPING for state in State if state in COUNTED},
        # Cancelled while it waited in our queue: the hub never heard of it.
        (State.CREATED, Event.ENDED): State.STOPPED,
        (State.STARTING, Event.ENDED): State.STOPPED,
        (State.PROVISIONING, Event.ENDED): State.STOPPED,
        (State.RUNNING, Event.ENDED): State.STOPPED,
        (State.STOPPING, Event.ENDED): State.STOPPED,
        **{(state, Event.BROKE): State.FAILED for state in State if state in LIVE},
        (State.STOPPED, Event.ARCHIVE): State.ARCHIVED,
        (State.FAILED, Event.ARCHIVE): State.ARCHIVED,
    }
)


def after(state: State, event: Event) -> State:
    """Return the state after `event`.

    Restoring an archived session goes back to `stopped` or `failed`, which only its cause tells:
    see `causes.state_of_end`. Raises `NoSuchMove`.
    """
    try:
        return MOVES[state, event]
    except KeyError:
        raise NoSuchMove(state, event) from None


def make_diagram() -> str:
    """Return the table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", "    [*] --> created"]
    lines += [f"    {state} --> {to}: {event}" for (state, event), to in MOVES.items()]
    lines += ["    archived --> stopped: restore", "    archived --> failed: restore"]
    return "\n".join(lines)
