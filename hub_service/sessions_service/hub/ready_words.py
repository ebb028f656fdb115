"""What the hub's answer to our own start said: ready or not yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_WAIT_SECONDS: Final = 2.0
_KEPT: Final = 1000


@dataclass
class Word:
    """The hub's word on one start."""

    is_ready: bool = False


class ReadyWords:
    """The hub's words on starts that we asked for.

    The spawner's report that a session is ready comes a moment before the hub's answer: whoever
    has the report waits for that answer instead of asking the hub once more.
    """

    def __init__(self) -> None:
        self._asking: dict[str, asyncio.Future[bool]] = {}
        self._said: dict[str, bool] = {}

    @contextmanager
    def asking(self, session_id: str) -> Iterator[Word]:
        """Note what the hub answers within the block."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asking[session_id] = future
        word = Word()
        try:
            yield word
        finally:
            del self._asking[session_id]
            future.set_result(word.is_ready)
            if word.is_ready:
                self._said[session_id] = True
                while len(self._said) > _KEPT:
                    del self._said[next(iter(self._said))]

    async def hub_said_ready(self, session_id: str) -> bool:
        """Tell whether the hub's answer was that the server is ready; wait for it at most 2 s."""
        if self._said.pop(session_id, False):
            return True
        future = self._asking.get(session_id)
        if future is None:
            return False
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                is_ready = await asyncio.shield(future)
        except TimeoutError:
            return False
        self._said.pop(session_id, None)
        return is_ready
