"""Which spawner runs a run of a session, and what the service is told of it."""

from __future__ import annotations

from typing import Any
from weakref import WeakValueDictionary

from . import hub_line
from .wire.messages import LiveServer


class RunIndex:
    """Finds spawners of a hub by the keys of their runs.

    Who follows a log asks for the same one each second: what was found is looked at first.
    """

    def __init__(self, hub: Any) -> None:
        self._hub = hub
        self._found: WeakValueDictionary[str, Any] = WeakValueDictionary()

    def find(self, key: str) -> Any | None:
        """Return the spawner that runs this run of a session."""
        known = self._found.get(key)
        if known is not None and known.active and _runs(known, key):
            return known
        for spawner in hub_line.active_spawners(self._hub):
            if _runs(spawner, key):
                self._found[key] = spawner
                return spawner
        return None


def is_running(spawner: Any) -> bool:
    """Tell whether the hub serves a session there."""
    return bool(spawner.ready and spawner.run is not None)


def live_server(spawner: Any) -> dict[str, Any]:
    """Return what the service is told of a server that is ready or pending."""
    run = spawner.run
    return LiveServer(
        owner=spawner.user.name,
        created=hub_line.when_user_was_made(spawner.user),
        server=spawner.name,
        id=run.id if run else "",
        generation=run.generation if run else 0,
        ready=spawner.ready,
        pending=spawner.pending,
        token_sha256=run.token_sha256 if run else "",
    ).model_dump(mode="json")


def _runs(spawner: Any, key: str) -> bool:
    return spawner.run is not None and spawner.run.key == key
