"""Requests are counted by visitor: a burst is taken, more has to wait, others do not."""

from __future__ import annotations

import pytest

from sessions_service.identity.visitor import Visitor
from sessions_service.web.errors import TooMany
from sessions_service.web.rates import BURST_SECONDS, Rates

ANNA, BOB = Visitor("anna", frozenset()), Visitor("bob", frozenset())
NAMESAKE = Visitor("anna", frozenset(), is_service=True)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(rates: Rates, visitor: Visitor, most: int) -> int:
    """Return how many requests go through before one is refused."""
    for count in range(most):
        try:
            rates.take(visitor)
        except TooMany as refusal:
            return count if refusal.retry_after else -1
    return most


def test_a_burst_is_taken_and_the_rest_waits_for_its_time() -> None:
    clock = Clock()
    rates = Rates(5, clock)
    assert taken(rates, ANNA, 1000) == 5 * BURST_SECONDS
    with pytest.raises(TooMany) as refused:
        rates.take(ANNA)
    assert (refused.value.status, refused.value.code, refused.value.retry_after) == (429, "rate", 1)
    clock.now += 1.01
    assert taken(rates, ANNA, 1000) == 5
    clock.now += 3600
    assert taken(rates, ANNA, 1000) == 5 * BURST_SECONDS


def test_what_was_refused_costs_nothing_and_nobody_else_anything() -> None:
    clock = Clock()
    rates = Rates(5, clock)
    taken(rates, ANNA, 1000)
    for _ in range(100):
        taken(rates, ANNA, 1)
    clock.now += 1.01
    assert taken(rates, ANNA, 1000) == 5
    assert taken(rates, BOB, 1000) == taken(rates, NAMESAKE, 1000) == 5 * BURST_SECONDS


def test_without_a_limit_nothing_is_counted() -> None:
    assert taken(Rates(None), ANNA, 10_000) == 10_000


def test_what_is_remembered_of_many_visitors_is_bounded() -> None:
    rates = Rates(1, Clock())
    for number in range(10_050):
        rates.take(Visitor(f"user{number}", frozenset()))
    assert len(rates._full_at) == 10_000
