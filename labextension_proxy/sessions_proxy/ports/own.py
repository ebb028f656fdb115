"""Which ports are this session's own: a process of its tree listens there.

Sessions of one machine share its loopback addresses with each other, with the hub and with
whatever else runs there. A session in a network of its own (a pod) shares them with nobody: its
spawner says so by `SESSIONS_OWN_NETWORK=1`, and every port is the session's.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..activity.processes import Process, descendants, read_processes
from .listeners import Descriptor, choose_host, find_descriptors, read_listeners

FRESH_SECONDS = 1.0
LOCALHOST = "localhost"


@dataclass(frozen=True)
class OwnPort:
    """A port of this session: the host it is reached at, and the sockets that were found."""

    host: str
    sockets: tuple[Descriptor, ...]
    found_at: float


class OwnPorts:
    """Looks for the session's listeners; what was found is trusted while its sockets are open."""

    def __init__(
        self, environment: Mapping[str, str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.environment = environment
        self.clock = clock
        self.known: dict[int, OwnPort] = {}
        self.looking: dict[int, asyncio.Task[OwnPort | None]] = {}

    async def find_host(self, port: int) -> str | None:
        """Return the host at which only this session answers on `port`; None if none does."""
        if self.environment.get("SESSIONS_OWN_NETWORK") == "1":
            return LOCALHOST
        known = self.known.get(port)
        if known is None or not self._still_holds(known):
            known = await self._look_once(port)
        return known.host if known is not None else None

    def _still_holds(self, known: OwnPort) -> bool:
        is_fresh = self.clock() - known.found_at < FRESH_SECONDS
        return is_fresh and all(socket.is_open() for socket in known.sockets)

    async def _look_once(self, port: int) -> OwnPort | None:
        """Look, in a thread; who asks meanwhile gets the same answer."""
        looking = self.looking.get(port)
        if looking is None:
            looking = asyncio.create_task(asyncio.to_thread(self._look, port))
            self.looking[port] = looking
            looking.add_done_callback(lambda done: self._note(port, done))
        return await asyncio.shield(looking)

    def _note(self, port: int, done: asyncio.Task[OwnPort | None]) -> None:
        self.looking.pop(port)
        found = None if done.cancelled() or done.exception() else done.result()
        if found is None:
            self.known.pop(port, None)
        else:
            self.known[port] = found

    def _look(self, port: int) -> OwnPort | None:
        found_at = self.clock()
        listeners = read_listeners(port)
        if not listeners:
            return None
        inodes = {listener.inode for listener in listeners}
        own = find_descriptors(inodes, find_tree(read_processes(), self.environment))
        host = choose_host(listeners, own)
        return OwnPort(host, tuple(own.values()), found_at) if host else None


def find_tree(processes: Mapping[int, Process], environment: Mapping[str, str]) -> set[int]:
    """Return the processes that this server's session consists of, without the server itself.

    Under a keeper (`SESSIONS_KEEPER`, its process id) these are all below it, programs that
    detached themselves included; without one, all below this server.
    """
    own = os.getpid()
    keeper = environment.get("SESSIONS_KEEPER", "")
    root = int(keeper) if keeper.isdecimal() and int(keeper) in _above(processes, own) else own
    return descendants(processes, lambda process: process.pid == root) - {own}


def _above(processes: Mapping[int, Process], pid: int) -> set[int]:
    above: set[int] = set()
    process = processes.get(pid)
    while process is not None and process.parent not in above:
        above.add(process.parent)
        process = processes.get(process.parent)
    return above
