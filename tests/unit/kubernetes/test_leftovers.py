"""Removing what could not be removed while the API server was away."""

from __future__ import annotations

import pytest
from kubernetes_asyncio.client import ApiException

from sessions_spawner.kubernetes import leftovers
from tests.support.waiting import wait_until


class Leftover:
    """Something to remove; each try ends as it is told."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.tries = 0

    async def remove(self) -> None:
        self.tries += 1
        if answer := self.answers.pop(0):
            raise answer


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "_PAUSES", (0.001,))
    monkeypatch.setattr(leftovers, "_LONGEST_PAUSE", 0.001)


async def test_it_is_tried_until_it_is_answered() -> None:
    left = Leftover(ConnectionRefusedError(), TimeoutError(), ApiException(status=503), None)
    leftovers.remove_later("p1", left.remove)
    await wait_until(lambda: left.tries == 4)


async def test_a_refusal_for_good_ends_it() -> None:
    left = Leftover(ApiException(status=403))
    await leftovers.remove_for_certain("p2", left.remove)
    assert left.tries == 1


async def test_a_pod_that_appears_after_it_was_given_up_is_removed_too() -> None:
    left = Leftover(None, None)
    assert not leftovers.is_unwanted("p3")
    leftovers.remove_later("p3", left.remove)
    await wait_until(lambda: left.tries == 1)
    await wait_until(lambda: leftovers.is_unwanted("p3") and left.tries == 2)
