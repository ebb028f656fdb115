"""Answers the service's question for lines of a session's log: bounded, tidied, few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from pydantic import ValidationError

from .log_lines import MOST_LINES, tidy_all
from .wire.channel import Answerer, Body, Refused
from .wire.messages import LogQuestion

# Each reads half a megabyte at most; more at a time would only wait for each other.
_AT_A_TIME: Final = 4


class LogAnswers:
    """Answers `logs`; `find_spawner` gives the spawner of a run by its key."""

    def __init__(self, find_spawner: Callable[[str], Any | None]) -> None:
        self._find_spawner = find_spawner
        self._room = asyncio.Semaphore(_AT_A_TIME)
        self.answerers: dict[str, Answerer] = {"logs": self.read}

    async def read(self, body: Body) -> Body:
        """Answer lines of a run that goes on. Raises `Refused`."""
        try:
            question = LogQuestion(**body)
        except ValidationError:
            raise Refused("question", "This is no question for a log.") from None
        question = question.model_copy(update={"tail": min(max(question.tail, 1), MOST_LINES)})
        spawner = self._find_spawner(f"{question.id}:{question.generation}")
        # Taken now: it may end while others are answered.
        run = spawner.run if spawner is not None else None
        if spawner is None or run is None:
            raise Refused("missing", "There is no such run.")
        async with self._room:
            found = await spawner.read_log(run, question)
            # A megabyte takes a moment: the hub goes on meanwhile.
            lines = await asyncio.to_thread(tidy_all, found.lines, run.token_sha256)
        told: Body = found.model_copy(update={"lines": lines}).model_dump(mode="json")
        return told
