"""Every pair of state and event has one answer, and no walk along the table leads astray."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_service.lifecycle.table import (
    COUNTED,
    ENDED,
    LIVE,
    MOVES,
    PENDING,
    Event,
    NoSuchMove,
    State,
    after,
    make_diagram,
)

S, E = State, Event
EXPECTED = {
    S.CREATED: {E.ASKED: S.STARTING, E.ADMITTED: S.PROVISIONING, E.STOP: S.STOPPING,
                E.ENDED: S.STOPPED, E.BROKE: S.FAILED},
    S.STARTING: {E.ADMITTED: S.PROVISIONING, E.STOP: S.STOPPING, E.ENDED: S.STOPPED,
                 E.BROKE: S.FAILED},
    S.PROVISIONING: {E.READY: S.RUNNING, E.STOP: S.STOPPING, E.ENDED: S.STOPPED,
                     E.BROKE: S.FAILED},
    S.RUNNING: {E.STOP: S.STOPPING, E.ENDED: S.STOPPED, E.BROKE: S.FAILED},
    S.STOPPING: {E.ENDED: S.STOPPED, E.BROKE: S.FAILED},
    S.STOPPED: {E.ARCHIVE: S.ARCHIVED},
    S.FAILED: {E.ARCHIVE: S.ARCHIVED},
    S.ARCHIVED: {},
}  # fmt: skip


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_every_event_in_every_state_moves_or_is_refused(state: State, event: Event) -> None:
    wanted = EXPECTED[state].get(event)
    if wanted is not None:
        assert after(state, event) is wanted
        return
    with pytest.raises(NoSuchMove) as refused:
        after(state, event)
    assert (refused.value.state, refused.value.event) == (state, event)
    assert str(refused.value) == f"A session that is {state} has no move for ‘{event}’."


def test_states_are_live_or_ended_and_never_both() -> None:
    assert set(State) == LIVE | ENDED
    assert not LIVE & ENDED
    assert PENDING < COUNTED < LIVE
    assert LIVE - {State.STOPPING} == COUNTED


def test_every_live_state_has_a_way_to_an_end_and_an_end_none_back() -> None:
    for state in LIVE:
        assert after(state, Event.ENDED) is State.STOPPED
        assert after(state, Event.BROKE) is State.FAILED
    assert all(to in ENDED for (state, _), to in MOVES.items() if state in ENDED)


@given(st.lists(st.sampled_from(Event), max_size=30))
def test_a_walk_never_comes_back_to_where_it_was(events: list[Event]) -> None:
    state = State.CREATED
    seen = [state]
    for event in events:
        try:
            state = after(state, event)
        except NoSuchMove:
            continue
        seen.append(state)
    assert len(set(seen)) == len(seen)
    ends = [index for index, one in enumerate(seen) if one in ENDED]
    assert all(one in ENDED for one in seen[ends[0] :]) if ends else set(seen) <= LIVE
    if State.RUNNING in seen:
        assert seen[seen.index(State.RUNNING) - 1] is State.PROVISIONING


@given(st.lists(st.sampled_from(Event), max_size=12), st.data())
def test_late_and_repeated_events_change_nothing(events: list[Event], data: st.DataObject) -> None:
    """An event that was taken once is refused when it comes again."""
    state, taken = State.CREATED, list[Event]()
    for event in events:
        try:
            state = after(state, event)
        except NoSuchMove:
            continue
        taken.append(event)
    if taken:
        again = data.draw(st.sampled_from(taken))
        with pytest.raises(NoSuchMove):
            after(state, again)


def test_the_diagram_shows_every_move() -> None:
    lines = make_diagram().splitlines()
    assert lines[:2] == ["stateDiagram-v2", "    [*] --> created"]
    for (state, event), to in MOVES.items():
        assert f"    {state} --> {to}: {event}" in lines
    assert len(lines) == 2 + len(MOVES) + 2
