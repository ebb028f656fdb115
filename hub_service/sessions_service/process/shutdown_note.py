"""The note that the hub was being stopped: ends of the sessions in it have the cause `shutdown`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from sessions_spawner.wire.messages import LiveServer


class ShutdownNote:
    """A small 0600 file with the runs that were live when the hub was told to stop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._runs = self._load()

    def write(self, runs: Iterable[tuple[str, int]]) -> None:
        """Note the runs: session id and generation."""
        listed = [[session_id, generation] for session_id, generation in runs]
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(listed, file)
            file.flush()
            os.fsync(file.fileno())
        self._runs = self._load()

    def settle(self, servers: Iterable[LiveServer]) -> bool:
        """Take out runs that live on: the hub was killed, not stopped, or left them running.

        Tell whether each is settled: a hub may serve before it has looked at all of its servers.
        """
        told = {(one.id, one.generation): one for one in servers}
        lives_on = {run for run, one in told.items() if one.ready or one.pending == "spawn"}
        if left := self._runs & lives_on:
            self.write(self._runs - left)
        return not any(told[run].pending == "check" for run in self._runs & told.keys())

    def has(self, session_id: str, generation: int) -> bool:
        """Tell whether this run was live when the hub was told to stop."""
        return (session_id, generation) in self._runs

    def _load(self) -> frozenset[tuple[str, int]]:
        try:
            return frozenset((str(a), int(b)) for a, b in json.loads(self._path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return frozenset()
