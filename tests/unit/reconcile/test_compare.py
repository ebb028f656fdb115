"""What has to be done for every state of a row, with and without its server; and the brake."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_service.lifecycle.table import LIVE, State
from sessions_service.reconcile.compare import (
    BRAKE_AT_LEAST,
    GRACE_SECONDS,
    Difference,
    Repair,
    brake,
    compare,
)
from sessions_service.sessions.models import Session
from sessions_spawner.wire.messages import LiveServer
from tests.support.records import NOON, after

START_TIMEOUT = 60
LATER = after(GRACE_SECONDS + 1)


def a_row(state: State = State.RUNNING, number: int = 1, **different: Any) -> Session:
    """Return a row that was admitted at noon."""
    empty: dict[str, Any] = dict.fromkeys((one.name for one in fields(Session)), None)
    base = {
        **empty, "id": f"s{number}", "server": f"s{number}", "owner": "anna", "state": state,
        "generation": 1, "created_at": NOON, "started_at": NOON, "wanted": "run",
    }  # fmt: skip
    return Session(**{**base, **different})


def a_server(number: int = 1, **different: Any) -> LiveServer:
    """Return a server that is ready."""
    base = LiveServer(
        owner="anna", created="2026", server=f"s{number}", id=f"s{number}", generation=1,
        ready=True, pending=None,
    )  # fmt: skip
    return base.model_copy(update=different)


def repairs(
    rows: Iterable[Session], servers: Collection[LiveServer], now: datetime = LATER
) -> list[Repair]:
    """Return what has to be done."""
    return [one.repair for one in compare(rows, servers, now=now, start_timeout=START_TIMEOUT)]


R = Repair


@pytest.mark.parametrize(
    ("state", "alone", "pending", "ready"),
    [
        # Neither was admitted: what has its name and run on the hub is none of the row's.
        (State.CREATED, [R.ASK_AGAIN], [R.ASK_AGAIN], [R.ASK_AGAIN]),
        (State.STARTING, [R.ASK_AGAIN], [R.ASK_AGAIN], [R.ASK_AGAIN]),
        (State.PROVISIONING, [R.MARK_LOST], [], [R.MARK_READY]),
        (State.RUNNING, [R.MARK_LOST], [], []),
        (State.STOPPING, [R.MARK_ENDED], [R.ASK_AGAIN], [R.ASK_AGAIN]),
    ],
)
def test_every_live_state_with_and_without_its_server(
    state: State, alone: list[Repair], pending: list[Repair], ready: list[Repair]
) -> None:
    row = a_row(state)
    assert repairs([row], []) == alone
    assert repairs([row], [a_server(ready=False, pending="spawn")]) == pending
    assert repairs([row], [a_server()]) == ready


def test_every_live_state_is_covered_above() -> None:
    assert len(LIVE) == 5


@pytest.mark.parametrize("state", [State.PROVISIONING, State.RUNNING])
def test_a_row_that_was_just_admitted_is_not_lost_yet(state: State) -> None:
    assert repairs([a_row(state)], [], NOON) == []
    assert repairs([a_row(state)], [], after(GRACE_SECONDS)) == []
    assert repairs([a_row(state)], [], after(GRACE_SECONDS + 1)) == [R.MARK_LOST]


def test_a_start_that_the_hub_was_asked_for_times_out_at_last() -> None:
    row = a_row(State.STARTING)
    assert repairs([row], [], after(START_TIMEOUT + 30)) == [R.ASK_AGAIN]
    assert repairs([row], [], after(START_TIMEOUT + 31)) == [R.MARK_TIMED_OUT]
    # One that waits in the queue was not asked for.
    queued = a_row(State.CREATED, started_at=None)
    assert repairs([queued], [], after(100_000)) == [R.ASK_AGAIN]


def test_a_server_of_no_live_row_is_a_stray() -> None:
    (stray,) = compare([], [a_server()], now=LATER, start_timeout=START_TIMEOUT)
    assert (stray.repair, stray.row, stray.server) == (R.SETTLE_STRAY, None, a_server())


def test_a_server_of_another_run_is_not_the_rows() -> None:
    old, new = a_server(generation=1), a_server(generation=2)
    row = a_row(generation=2)
    assert repairs([row], [old, new]) == [R.SETTLE_STRAY]
    assert repairs([row], [old]) == [R.MARK_LOST, R.SETTLE_STRAY]


def test_a_server_that_was_not_admitted_yet_is_let_be() -> None:
    assert repairs([], [a_server(id="", generation=0, ready=False, pending="spawn")]) == []


def test_a_server_that_is_ready_and_was_never_admitted_is_a_stray() -> None:
    assert repairs([], [a_server(id="", generation=0)]) == [R.SETTLE_STRAY]
    both = [a_server(id="", generation=0), a_server(2, id="", generation=0)]
    assert repairs([], both) == [R.SETTLE_STRAY, R.SETTLE_STRAY]


def test_a_row_of_whose_end_a_report_is_on_its_way_is_not_lost() -> None:
    row = a_row()
    found = compare([row], [], now=LATER, start_timeout=START_TIMEOUT, reported={("s1", 1)})
    assert found == []
    # A report of another run says nothing about this one.
    found = compare([row], [], now=LATER, start_timeout=START_TIMEOUT, reported={("s1", 2)})
    assert [one.repair for one in found] == [R.MARK_LOST]


def test_a_server_named_like_a_session_is_not_that_session() -> None:
    # Security decision 15: the id comes from admission, never from the name.
    mallory = a_server(2, owner="mallory", server="s1")
    assert repairs([a_row()], [a_server(), mallory]) == [R.SETTLE_STRAY]


ROWS = st.lists(
    st.builds(
        a_row,
        state=st.sampled_from(sorted(LIVE)),
        number=st.integers(1, 8),
        generation=st.integers(1, 2),
    ),
    max_size=6,
    unique_by=lambda row: row.id,
)
SERVERS = st.lists(
    st.builds(
        a_server,
        number=st.integers(1, 8),
        generation=st.integers(1, 2),
        ready=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: (one.id, one.generation),
)


@given(ROWS, SERVERS, st.integers(0, 200))
def test_rows_get_one_repair_at_most_and_every_server_is_accounted_for(
    rows: list[Session], servers: list[LiveServer], seconds: int
) -> None:
    found = compare(rows, servers, now=after(seconds), start_timeout=START_TIMEOUT)
    assert all(one.row or one.server for one in found)
    of_rows = [one.row.id for one in found if one.row]
    assert len(set(of_rows)) == len(of_rows)
    runs = {(row.id, row.generation) for row in rows}
    strays = {
        (one.server.id, one.server.generation)
        for one in found
        if one.repair is R.SETTLE_STRAY and one.server
    }
    assert strays == {(one.id, one.generation) for one in servers} - runs


# The brake


def lost(numbers: Iterable[int]) -> list[Difference]:
    """Return as many sessions that seem lost."""
    return [Difference(R.MARK_LOST, a_row(number=number)) for number in numbers]


def test_a_few_ends_need_no_second_look() -> None:
    ends = lost(range(BRAKE_AT_LEAST))
    assert brake(ends, 100, frozenset()) == (ends, frozenset())
    many = lost(range(50))
    assert brake(many, 1000, frozenset()) == (many, frozenset())


def test_a_mass_of_ends_waits_for_a_second_look() -> None:
    ends = lost(range(51))
    stray = Difference(R.SETTLE_STRAY, None, a_server())
    again = Difference(R.ASK_AGAIN, a_row(number=99))
    allowed, doubted = brake([*ends, stray, again], 1000, frozenset())
    assert allowed == [stray, again]
    assert doubted == {f"s{number}" for number in range(51)}
    allowed, doubted = brake([*ends, stray], 1000, doubted)
    assert allowed == [*ends, stray]


def test_what_is_new_in_a_mass_waits_for_its_own_second_look() -> None:
    _, doubted = brake(lost(range(10)), 10, frozenset())
    allowed, doubted = brake(lost(range(5, 15)), 10, doubted)
    assert [one.row.id for one in allowed if one.row] == [f"s{n}" for n in range(5, 10)]
    assert "s14" in doubted


def test_a_mass_that_was_a_mistake_leaves_no_doubt_behind() -> None:
    _, doubted = brake(lost(range(10)), 10, frozenset())
    assert doubted
    assert brake([], 10, doubted) == ([], frozenset())


def test_an_empty_answer_of_the_hub_ends_nobody_at_once() -> None:
    rows = [a_row(number=number) for number in range(40)]
    found = compare(rows, [], now=LATER, start_timeout=START_TIMEOUT)
    allowed, doubted = brake(found, len(rows), frozenset())
    assert allowed == []
    assert len(doubted) == 40


@given(st.integers(0, 60), st.integers(0, 60), st.sets(st.integers(0, 59)))
def test_the_brake_never_lets_an_unseen_mass_through(
    ends: int, live: int, before: set[int]
) -> None:
    found = lost(range(ends))
    seen = frozenset(f"s{number}" for number in before)
    allowed, doubted = brake(found, live, seen)
    if ends > max(BRAKE_AT_LEAST, live * 0.05):
        assert {one.row.id for one in allowed if one.row} <= seen
        assert len(doubted) == ends
    else:
        assert (allowed, doubted) == (found, frozenset())
