"""What live sessions say of their own doors: in memory, told anew with each of their reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from sessions_spawner.wire.snapshot import Door

from ..events.fanout import Fanout

_PROGRAMS: Final = {"lab": "JupyterLab", "code": "VS Code", "shell": "The shell"}


class SessionDoors:
    """Which programs are there is known inside a session alone: its image may have any.

    `owner_of` answers whose a running session is, None for one that does not run.
    """

    def __init__(self, fanout: Fanout, owner_of: Callable[[str], str | None]) -> None:
        self._fanout = fanout
        self._owner_of = owner_of
        self._said: dict[str, Mapping[str, Door]] = {}

    def take(self, session_id: str, said: Mapping[str, bool | None]) -> None:
        """Take a live session's own word, and tell whoever looks at it when that is new."""
        doors = _doors_of(tuple(sorted(said.items())))
        if self._said.get(session_id) == doors:
            return
        self._said[session_id] = doors
        owner = self._owner_of(session_id)
        if owner is not None:
            self._fanout.count_change(owner)
            self._fanout.session_changed(owner, session_id, 0)

    def forget(self, session_id: str) -> None:
        """Forget a session that has ended."""
        self._said.pop(session_id, None)

    def of(self, session_id: str, offered: Mapping[str, Door]) -> Mapping[str, Door]:
        """Return a session's doors: as it says itself, else as the hub's settings have them.

        What both say is not there has the settings' reason.
        """
        said = self._said.get(session_id, {})
        news = {name: door for name, door in said.items() if door.is_on != _is_on(offered, name)}
        return {**offered, **news}


def _is_on(offered: Mapping[str, Door], name: str) -> bool:
    return name not in offered or offered[name].is_on


@lru_cache(maxsize=64)
def _doors_of(said: tuple[tuple[str, bool | None], ...]) -> Mapping[str, Door]:
    """Return what sessions say as doors; those who say the same share it."""
    return {
        name: Door(
            is_on=is_there,
            reason="" if is_there else f"{_PROGRAMS[name]} is not installed in this session.",
        )
        for name, is_there in said
        if is_there is not None
    }
