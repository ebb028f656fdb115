"""Wait-helpers: the only places where tests sleep."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(
    look: Callable[[], T], *, seconds: float = 40.0, every: float = 0.02, what: str = ""
) -> T:
    """Return the first true answer of `look`; fail after `seconds` with the last one."""
    end = time.monotonic() + seconds
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(
                f"Waited {seconds:g} s in vain{f' for {what}' if what else ''}: {answer!r}"
            )
        time.sleep(every)


def hold(look: Callable[[], object], *, seconds: float, every: float = 1.0, what: str = "") -> None:
    """Fail as soon as `look` is false; return after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert look(), f"{what or 'It'} did not last {seconds:g} s."
        time.sleep(every)


async def wait_until(look: Callable[[], object], *, seconds: float = 20.0) -> None:
    """Let the event loop turn until `look` is true; fail after `seconds`."""
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110 (a wait-helper)
            await asyncio.sleep(0.001)
