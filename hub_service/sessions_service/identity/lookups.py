"""Questions to the hub whose a token is: one a token, a few at a time, answers kept for a while."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

from ..hub.kept import Kept

Model = dict[str, Any]
Ask = Callable[[str, str], Awaitable[Model | None]]

_MOST: Final = 5
_SECONDS: Final = 60.0


class Lookups:
    """Asks for each token once, however many requests carry it, and `most` tokens at a time.

    The hub answers a question in some milliseconds and nothing else meanwhile: hundreds of
    visitors who come at once wait here instead of deafening it. `ask` takes a token and the
    browser's session; `seconds` says how long its answer is good, None (nobody) as any other.
    """

    def __init__(self, ask: Ask, seconds: float, most: int = _MOST) -> None:
        self._ask = ask
        self._turns = asyncio.Semaphore(most)
        # By digest: no token stays in memory for longer than its question.
        self._kept: Kept[tuple[str, str], tuple[Model | None]] = Kept(seconds)
        self._asking: dict[tuple[str, str], asyncio.Task[Model | None]] = {}

    async def model_of(self, token: str, session_id: str) -> Model | None:
        """Return the hub's model of who has this token, or None. Raises what `ask` raises.

        Raises `TimeoutError` when there was no turn and answer within a minute.
        """
        key = (session_id, digest_of_token(token))
        kept = self._kept.get(key)
        if kept is not None:
            return kept[0]
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._look_up(key, token))
            task.add_done_callback(_see_failure)
        # A request that goes away leaves the answer to the others.
        return await asyncio.shield(task)

    async def _look_up(self, key: tuple[str, str], token: str) -> Model | None:
        try:
            async with asyncio.timeout(_SECONDS), self._turns:
                model = await self._ask(token, key[0])
        finally:
            del self._asking[key]
        self._kept.put(key, (model,))
        return model


def digest_of_token(token: str) -> str:
    """Return the SHA-256 (hex) of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _see_failure(task: asyncio.Task[Model | None]) -> None:
    """Mark a failure as seen, also where all who asked have gone away."""
    if not task.cancelled():
        task.exception()
