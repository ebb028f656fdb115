"""The queue of calls to the hub: fair per owner, a few at once, one a session at a time."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from ..ending import end_tasks

log = logging.getLogger(__name__)

_BACKOFF_SECONDS: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
# Between the beginnings of two calls: a hub takes 15 to 30 ms of a processor for a start.
PAUSE_SECONDS: Final = 0.015
# After a bug there is less to hope for, and a traceback each time.
_BUG_SECONDS: Final = (5.0, 10.0, 30.0, 60.0)


class TryAgain(Exception):
    """The work could not be done now; it is tried again later."""


class HubQueue:
    """Merges duplicates, serves owners in turn, backs off per session.

    `work(session_id)` does what the session's row asks for; it is called again when the session
    was put meanwhile, and later when it raises: soon and then less often after `TryAgain`, seldom
    after anything else. Nothing that was put is forgotten. While more wait than are done at a
    time, `pause` seconds lie between the beginnings of two: the hub does what arrives together
    in one go, and hears nothing meanwhile.
    """

    def __init__(
        self, work: Callable[[str], Awaitable[None]], most: int = 10, pause: float = 0.0
    ) -> None:
        self._work = work
        self._most = most
        self._pause_seconds = pause
        self._began = -pause
        self._soon: asyncio.TimerHandle | None = None
        self._owners: OrderedDict[str, deque[str]] = OrderedDict()
        self._owner_of: dict[str, str] = {}
        self._running: set[str] = set()
        self._again: set[str] = set()
        self._tries: dict[str, int] = {}
        self._later: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def resize(self, most: int) -> None:
        """Set how many calls may be open at a time."""
        self._most = most
        self._fill()

    def put(self, session_id: str, owner: str) -> None:
        """Ask for work on a session, once even if it waits already or is to be tried later."""
        later = self._later.pop(session_id, None)
        if later is not None:
            later.cancel()
        if session_id in self._running:
            self._again.add(session_id)
            self._owner_of[session_id] = owner
            return
        if session_id in self._owner_of:
            return
        self._owner_of[session_id] = owner
        self._owners.setdefault(owner, deque()).append(session_id)
        self._fill()

    def remind(self, session_id: str, owner: str) -> None:
        """Ask for work on a session unless it waits already, in line or for its next try."""
        if session_id not in self._later:
            self.put(session_id, owner)

    def drop(self, session_id: str) -> bool:
        """Take back what waits; tell whether it did. Work that runs goes on."""
        if session_id in self._running or session_id not in self._owner_of:
            return False
        owner = self._owner_of.pop(session_id)
        waiting = self._owners.get(owner)
        if waiting is not None and session_id in waiting:
            waiting.remove(session_id)
            if not waiting:
                del self._owners[owner]
        return True

    def __len__(self) -> int:
        return len(self._owner_of)

    async def close(self) -> None:
        """Stop taking work and cancel what runs."""
        self._most = 0
        for later in self._later.values():
            later.cancel()
        self._later.clear()
        if self._soon is not None:
            self._soon.cancel()
        await end_tasks(self._tasks)

    def _fill(self) -> None:
        while self._owners and len(self._running) < self._most and self._is_time():
            owner, waiting = self._owners.popitem(last=False)
            session_id = waiting.popleft()
            if waiting:
                # The owner goes to the end of the line.
                self._owners[owner] = waiting
            self._running.add(session_id)
            task = asyncio.create_task(self._run(session_id, owner))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _is_time(self) -> bool:
        """Tell whether the next call may begin; if not, it begins when its time has come."""
        if self._soon is not None:
            return False
        loop = asyncio.get_running_loop()
        due = self._began + self._pause_seconds
        is_burst = len(self._owner_of) - len(self._running) > self._most
        if is_burst and loop.time() < due:
            self._soon = loop.call_at(due, self._fill_now)
            return False
        self._began = loop.time()
        return True

    def _fill_now(self) -> None:
        self._soon = None
        self._fill()

    async def _run(self, session_id: str, owner: str) -> None:
        delay: float | None = None
        try:
            await self._work(session_id)
            self._tries.pop(session_id, None)
        except TryAgain as error:
            delay = self._pause(session_id, _BACKOFF_SECONDS)
            log.info("queue.again session=%s in=%.1f reason=%s", session_id, delay, error)
        except Exception:
            delay = self._pause(session_id, _BUG_SECONDS)
            log.exception("queue.failed session=%s in=%.1f", session_id, delay)
        finally:
            self._running.discard(session_id)
            self._owner_of.pop(session_id, None)
            if session_id in self._again:
                self._again.discard(session_id)
                self.put(session_id, owner)
            elif delay is not None:
                loop = asyncio.get_running_loop()
                self._later[session_id] = loop.call_later(delay, self.put, session_id, owner)
            self._fill()

    def _pause(self, session_id: str, seconds: Sequence[float]) -> float:
        """Return how long to wait before the next try; longer with every one in vain."""
        tries = self._tries[session_id] = self._tries.get(session_id, 0) + 1
        return seconds[min(tries, len(seconds)) - 1]
