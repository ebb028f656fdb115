"""The idle clock: use holds, silence ends, a session's word only extends and never for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_service.clock.idle import KINDS, SLACK_SECONDS, IdleState, Use, take_report
from tests.support.records import NOON, after

EVERY = 60.0


def a_clock(timeout: int = 900, **different: Any) -> IdleState:
    """Return the clock of a session that became ready at noon."""
    return replace(IdleState(timeout=timeout, since=NOON, is_running=True), **different)


def a_line(
    kind: str = "notebook", at: datetime | None = None, *, busy: bool = False, sentence: str = ""
) -> dict[str, Any]:
    """Return one line of a session's report."""
    return {"kind": kind, "at": at, "busy": busy, "sentence": sentence}


def reported(clock: IdleState, now: datetime, *lines: dict[str, Any]) -> IdleState:
    """Return the clock after a report."""
    return take_report(clock, list(lines), now)[0]


# Reckoning


def test_a_session_that_nobody_uses_ends_one_timeout_after_it_was_ready() -> None:
    clock = a_clock()
    assert clock.ends_at == after(900)
    assert clock.next_due(EVERY) == after(900)
    assert clock.to_json() == {
        "state": "counting",
        "since": "2026-11-21T12:00:00.000Z",
        "last": None,
        "ends_at": "2026-11-21T12:15:00.000Z",
        "held_by": [],
        "extended_until": None,
    }


def test_use_moves_the_end() -> None:
    clock = reported(a_clock(), after(100), a_line("shell", after(90)))
    assert clock.ends_at == after(990)
    assert clock.last == ("shell", after(90))
    clock = reported(clock, after(200), a_line("lab", after(150)), a_line("shell", after(90)))
    assert clock.last == ("lab", after(150))
    assert clock.ends_at == after(1050)


def test_a_line_without_time_is_use_now() -> None:
    assert reported(a_clock(), after(100), a_line()).ends_at == after(1000)


def test_what_is_busy_holds_the_session_and_counts_once_it_is_over() -> None:
    clock = reported(a_clock(), after(100), a_line("notebook", after(5), busy=True))
    assert clock.ends_at is None
    told = clock.to_json()
    assert told["state"] == "in-use"
    assert told["held_by"] == [{"kind": "notebook", "sentence": "notebook is busy"}]
    clock = reported(clock, after(5000), a_line("notebook", after(5), busy=True, sentence="Fit."))
    assert clock.to_json()["held_by"] == [{"kind": "notebook", "sentence": "Fit."}]
    clock = reported(clock, after(5060), a_line("notebook", after(5)))
    assert clock.ends_at == after(5000 + 900)


def test_one_busy_kind_holds_beside_others_that_rest() -> None:
    clock = reported(a_clock(), after(10), a_line("lab"), a_line("shell", busy=True))
    assert [kind for kind, _ in clock.held_by] == ["shell"]
    clock = reported(clock, after(20), a_line("lab"))
    assert clock.held_by == ()
    assert clock.ends_at == after(920)


def test_two_lines_of_one_kind_hold_if_either_is_busy() -> None:
    busy, rests = a_line("shell", after(1), busy=True, sentence="make runs."), a_line("shell")
    for lines in ((busy, rests), (rests, busy)):
        clock = reported(a_clock(), after(10), *lines)
        assert clock.to_json()["held_by"] == [{"kind": "shell", "sentence": "make runs."}]


def test_never_is_never() -> None:
    clock = a_clock(timeout=-1)
    assert clock.ends_at is None
    assert clock.next_due(EVERY) is None
    assert clock.to_json()["state"] == "never"
    assert reported(clock, after(10), a_line(busy=True)).next_due(EVERY) is None


@pytest.mark.parametrize("clock", [a_clock(is_running=False), a_clock(since=None)])
def test_a_session_that_does_not_run_has_no_clock(clock: IdleState) -> None:
    assert clock.ends_at is None
    assert clock.next_due(EVERY) is None
    assert clock.to_json()["state"] == "unknown"


# Extension


def test_an_extension_only_moves_the_end_later() -> None:
    assert a_clock(extended_until=after(5000)).ends_at == after(5000)
    assert a_clock(extended_until=after(10)).ends_at == after(900)


def test_use_after_an_extension_counts_its_whole_timeout() -> None:
    clock = reported(a_clock(extended_until=after(1000)), after(990), a_line("lab", after(980)))
    assert clock.ends_at == after(1880)


def test_a_session_that_was_kept_is_kept_even_if_its_reporter_falls_silent() -> None:
    clock = reported(a_clock(extended_until=after(14_400)), after(10), a_line(busy=True))
    assert clock.next_due(EVERY) == after(14_400)


# A session's word (security decision 23)


def test_a_stamp_from_the_future_counts_as_now() -> None:
    clock = reported(a_clock(), after(100), a_line("lab", after(1_000_000)))
    assert clock.last == ("lab", after(100))
    assert clock.ends_at == after(1000)


def test_a_stamp_from_the_past_takes_nothing_back() -> None:
    clock = reported(a_clock(), after(100), a_line("lab", after(90)))
    assert reported(clock, after(200), a_line("lab", after(10))).ends_at == after(990)
    assert reported(clock, after(200)).ends_at == after(990)
    assert reported(a_clock(), after(10), a_line("lab", after(-10_000))).ends_at == after(900)


def test_a_reporter_that_falls_silent_while_busy_does_not_hold_for_ever() -> None:
    clock = reported(a_clock(), after(100), a_line(busy=True))
    due = clock.next_due(EVERY)
    assert due == after(100 + 900 + 3 * EVERY)


def test_a_reporter_that_never_spoke_holds_nothing() -> None:
    assert a_clock().next_due(EVERY) == after(900)


def test_a_session_is_asked_once_more_before_it_ends() -> None:
    clock = reported(a_clock(), after(845))
    assert clock.ends_at == after(900)
    due = clock.next_due(EVERY)
    assert due == after(845 + EVERY + SLACK_SECONDS)
    # The report that was waited for came, with no use: there is nothing more to wait for.
    assert reported(clock, after(905)).next_due(EVERY) == after(900)
    # It came with use.
    assert reported(clock, after(905), a_line("lab", after(904))).ends_at == after(1804)


def test_a_report_that_changes_nothing_says_so() -> None:
    clock, changed = take_report(a_clock(), [], after(10))
    assert not changed
    clock, changed = take_report(clock, [a_line("lab", after(15))], after(20))
    assert changed
    _, changed = take_report(clock, [a_line("lab", after(15))], after(30))
    assert not changed


def test_everything_that_counts_is_listed_used_or_not() -> None:
    clock = reported(a_clock(), after(10), a_line("lab", after(5), sentence="A tab is open."))
    assert clock.counted()[1] == {
        "kind": "lab", "at": "2026-11-21T12:00:05.000Z", "busy": False, "counts": True,
        "sentence": "A tab is open.",
    }  # fmt: skip
    assert [(one["kind"], one["at"] is not None) for one in clock.counted()] == [
        ("notebook", False), ("lab", True), ("code", False), ("shell", False),
    ]  # fmt: skip
    held = reported(a_clock(), after(10), a_line("ssh", busy=True))
    assert [one["kind"] for one in held.counted() if one["busy"]] == ["ssh"]
    assert clock.uses == {"lab": Use(after(5), sentence="A tab is open.")}


LINES = st.lists(
    st.builds(
        a_line,
        kind=st.sampled_from(KINDS),
        at=st.none() | st.integers(-5000, 50_000).map(after),
        busy=st.booleans(),
    ),
    max_size=3,
)
REPORTS = st.lists(st.tuples(st.integers(1, 600), LINES), max_size=12)


@given(REPORTS, st.sampled_from([60, 900, 3600]))
def test_reports_only_extend_and_never_past_a_timeout_from_now(
    reports: list[tuple[int, list[dict[str, Any]]]], timeout: int
) -> None:
    clock, now = a_clock(timeout), NOON
    last = NOON
    for seconds, lines in reports:
        now += timedelta(seconds=seconds)
        clock = reported(clock, now, *lines)
        used = clock.last[1] if clock.last else NOON
        assert last <= used <= now or used < NOON
        last = max(last, used)
        # Whatever a session says, it ends by itself some time after its last word.
        due = clock.next_due(EVERY)
        assert due is not None
        assert due <= now + timedelta(seconds=timeout + 3 * EVERY)
        if clock.ends_at is None:
            assert due >= now + timedelta(seconds=timeout)
        else:
            assert clock.ends_at >= NOON + timedelta(seconds=timeout)
            assert due >= clock.ends_at


def test_a_session_expires_unused_or_at_the_end_of_its_longest_life() -> None:
    unused, lived = NOON + timedelta(seconds=900), NOON + timedelta(seconds=600)
    assert a_clock().expires_at == unused
    assert a_clock(lifetime_ends_at=lived).expires_at == lived
    assert a_clock(timeout=-1, lifetime_ends_at=lived).next_due(EVERY) == lived
    assert a_clock(lifetime_ends_at=lived, is_running=False).expires_at is None
    assert not a_clock(lifetime_ends_at=lived).has_lived(NOON)
    assert a_clock(lifetime_ends_at=lived).has_lived(lived)
