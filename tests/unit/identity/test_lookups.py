"""Questions to the hub whose a token is: one a token, a few at a time, kept for a while."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sessions_service.identity.lookups import Lookups
from tests.support.waiting import wait_until


class Hub:
    """A hub that knows whose tokens start with a name, and answers once it is let."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.now = self.most_at_once = 0
        self.gate = asyncio.Event()
        self.failing = False

    async def __call__(self, token: str, session_id: str) -> dict[str, Any] | None:
        self.asked.append((token, session_id))
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        try:
            await self.gate.wait()
        finally:
            self.now -= 1
        if self.failing:
            raise OSError("no route")
        name, _, known = token.partition("-")
        return {"name": name} if known else None


async def test_a_token_is_asked_for_once_however_many_requests_carry_it() -> None:
    hub = Hub()
    lookups = Lookups(hub, seconds=60)
    asking = [asyncio.ensure_future(lookups.model_of("anna-1", "")) for _ in range(5)]
    await wait_until(lambda: hub.asked)
    hub.gate.set()

    assert await asyncio.gather(*asking) == [{"name": "anna"}] * 5
    assert await lookups.model_of("anna-1", "") == {"name": "anna"}
    assert hub.asked == [("anna-1", "")]


async def test_a_token_in_another_browser_session_is_another_question() -> None:
    hub = Hub()
    hub.gate.set()
    lookups = Lookups(hub, seconds=60)
    await lookups.model_of("anna-1", "one")
    await lookups.model_of("anna-1", "two")

    assert hub.asked == [("anna-1", "one"), ("anna-1", "two")]


async def test_of_many_tokens_a_few_are_asked_for_at_a_time() -> None:
    hub = Hub()
    lookups = Lookups(hub, seconds=60, most=3)
    asking = [asyncio.ensure_future(lookups.model_of(f"user{one}-1", "")) for one in range(20)]
    await wait_until(lambda: hub.now == 3)
    hub.gate.set()
    found = await asyncio.gather(*asking)

    assert hub.most_at_once == 3
    assert [model and model["name"] for model in found] == [f"user{one}" for one in range(20)]


async def test_an_unknown_token_is_kept_as_such() -> None:
    hub = Hub()
    hub.gate.set()
    lookups = Lookups(hub, seconds=60)

    assert await lookups.model_of("wrong", "") is None
    assert await lookups.model_of("wrong", "") is None
    assert len(hub.asked) == 1


async def test_an_answer_is_good_for_its_seconds_and_not_longer() -> None:
    hub = Hub()
    hub.gate.set()
    lookups = Lookups(hub, seconds=-1.0)
    await lookups.model_of("anna-1", "")
    await lookups.model_of("anna-1", "")

    assert len(hub.asked) == 2


async def test_a_failure_reaches_all_who_asked_and_is_not_kept() -> None:
    hub = Hub()
    hub.failing = True
    lookups = Lookups(hub, seconds=60)
    asking = [asyncio.ensure_future(lookups.model_of("anna-1", "")) for _ in range(2)]
    await wait_until(lambda: hub.asked)
    hub.gate.set()
    for one in asking:
        with pytest.raises(OSError, match="no route"):
            await one
    hub.failing = False

    assert await lookups.model_of("anna-1", "") == {"name": "anna"}


async def test_a_request_that_goes_away_leaves_the_answer_to_the_others() -> None:
    hub = Hub()
    lookups = Lookups(hub, seconds=60)
    gone = asyncio.ensure_future(lookups.model_of("anna-1", ""))
    await wait_until(lambda: hub.asked)
    other = asyncio.ensure_future(lookups.model_of("anna-1", ""))
    gone.cancel()
    hub.gate.set()

    assert await other == {"name": "anna"}
    assert len(hub.asked) == 1
