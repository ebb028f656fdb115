"""Of each session one time counts, and no time that moved on is kept for ever."""

from __future__ import annotations

from datetime import timedelta

from sessions_service.clock.due_times import DueTimes
from tests.support.records import NOON

LATER = NOON + timedelta(seconds=60)


def test_a_session_is_looked_at_once_at_the_earliest_time_that_was_asked_for() -> None:
    due = DueTimes()
    assert due.put("a", LATER)
    assert due.put("a", NOON)
    assert not due.put("a", NOON)
    assert not due.put("a", LATER)
    assert due.first == NOON
    assert due.take(LATER) == ["a"]
    assert due.first is None
    assert not len(due)


def test_a_session_that_is_looked_at_may_be_put_in_again() -> None:
    due = DueTimes()
    due.put("a", NOON)
    due.put("b", NOON)
    assert due.take(NOON) == ["a", "b"]
    assert due.put("a", LATER)
    assert due.take(NOON) == []
    assert due.take(LATER) == ["a"]


def test_an_ended_session_is_not_looked_at() -> None:
    due = DueTimes()
    due.put("a", NOON)
    due.drop("a")
    assert due.first is None
    assert due.take(LATER) == []
