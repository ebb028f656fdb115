"""Moves follow the table whatever comes, and the story has a line for each of them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from sessions_service.db.engine import Db
from sessions_service.lifecycle.causes import Cause, Status, state_of_end, status_of
from sessions_service.lifecycle.chronicle import read_story
from sessions_service.lifecycle.move import (
    NoSuchMove,
    NoSuchSession,
    StaleVersion,
    edit,
    move,
    tell,
)
from sessions_service.lifecycle.story import TOLD_ONLY
from sessions_service.lifecycle.table import ENDED, LIVE, Event, State, after
from sessions_service.sessions import store
from sessions_service.sessions.models import Session
from sessions_service.sessions.stale import last_change
from tests.support.records import NOON, add, begin_next, end, run, scratch
from tests.support.records import after as at_second


def test_a_life_is_six_lines_of_story_and_five_moves(db: Db) -> None:
    session = add(db)
    states = [session.state]
    for number, step in enumerate(
        (Event.ASKED, Event.ADMITTED, Event.READY, Event.STOP, Event.ENDED), start=1
    ):
        session = move(db, session.id, step, at=at_second(number), actor="anna")
        states.append(session.state)
    assert states == ["created", "starting", "provisioning", "running", "stopping", "stopped"]
    story = read_story(db, session.id)
    assert [line.n for line in story] == [1, 2, 3, 4, 5, 6]
    assert [line.data["state"] for line in story] == states
    assert [line.at for line in story] == [at_second(number) for number in range(6)]
    assert (session.version, session.lines) == (6, 6)


def test_a_moves_times_are_kept(db: Db) -> None:
    session = add(db)
    for number, step in enumerate((Event.ASKED, Event.ADMITTED, Event.READY), start=1):
        session = move(db, session.id, step, at=at_second(number), actor="hub")
    assert (session.started_at, session.ready_at) == (at_second(1), at_second(3))
    session = move(
        db, session.id, Event.ENDED, at=at_second(9), actor="hub", changes={"cause": Cause.EXITED}
    )
    assert (session.ended_at, session.expires_at, session.wanted) == (at_second(9), None, "stop")


def test_a_stop_keeps_who_asked_for_whom_until_the_end(db: Db) -> None:
    session = run(db, add(db))
    stopping = move(
        db,
        session.id,
        Event.STOP,
        at=NOON,
        actor="kim",
        on_behalf_of="anna",
        data={"reason": "maintenance"},
        changes={"cause": Cause.ADMIN},
    )
    assert (stopping.wanted, stopping.cause) == ("stop", Cause.ADMIN)
    ended = move(db, session.id, Event.ENDED, at=NOON, actor="hub")
    assert (ended.cause, ended.ended_by, ended.ended_on_behalf_of) == (Cause.ADMIN, "kim", "anna")
    stop, gone = read_story(db, session.id)[-2:]
    assert stop.data == {"state": "stopping", "cause": "admin", "reason": "maintenance"}
    assert gone.data == {"state": "stopped", "cause": "admin"}


@pytest.mark.parametrize("cause", list(Cause))
@pytest.mark.parametrize("event", [Event.ENDED, Event.BROKE])
def test_the_cause_decides_whether_an_end_is_a_failure(db: Db, event: Event, cause: Cause) -> None:
    session = run(db, add(db))
    ended = move(db, session.id, event, at=NOON, actor="hub", changes={"cause": cause})
    assert (ended.state, ended.cause) == (state_of_end(cause), cause)


def test_an_end_without_a_cause_is_refused(db: Db) -> None:
    session = run(db, add(db))
    with pytest.raises(ValueError, match="needs a cause"):
        move(db, session.id, Event.ENDED, at=NOON, actor="hub")
    assert store.get(db, session.id) == session


def test_an_archived_session_goes_back_to_where_its_cause_says(db: Db) -> None:
    for cause, state in ((Cause.USER, State.STOPPED), (Cause.CRASHED, State.FAILED)):
        session = end(db, run(db, add(db)), cause)
        archived = move(db, session.id, Event.ARCHIVE, at=NOON, actor="anna")
        assert (archived.state, archived.archived) == (State.ARCHIVED, True)
        restored = move(db, session.id, Event.RESTORE, at=NOON, actor="anna")
        assert (restored.state, restored.archived, restored.cause) == (state, False, cause)
        assert restored.ended_at == session.ended_at


def test_a_stale_version_changes_nothing(db: Db) -> None:
    session = add(db)
    moved = move(db, session.id, Event.ASKED, at=NOON, actor="hub", seen_version=1)
    with pytest.raises(StaleVersion) as stale:
        move(db, session.id, Event.STOP, at=NOON, actor="anna", seen_version=1)
    assert stale.value.version == 2
    with pytest.raises(StaleVersion):
        edit(db, session.id, at=NOON, actor="anna", changes={"name": "x"}, seen_version=1)
    assert store.get(db, session.id) == moved


@pytest.mark.parametrize("event", sorted(TOLD_ONLY))
def test_whoever_changed_a_session_last_is_not_whom_its_story_only_tells_of(
    db: Db, event: str
) -> None:
    session = add(db)
    edit(db, session.id, at=NOON, actor="anna", changes={"name": "x"})
    before = store.need(db, session.id).version
    tell(db, session.id, event, at=NOON, actor="admin", data={})
    assert store.need(db, session.id).version == before
    changed = last_change(db, session.id)
    assert changed is not None
    assert (changed["by"], changed["by_kind"]) == ("anna", "person")


def test_a_row_changed_behind_our_back_is_not_overwritten(db: Db) -> None:
    session = add(db)
    moved = move(db, session.id, Event.ASKED, at=NOON, actor="hub")
    with pytest.raises(StaleVersion):
        store.save(db, session, {"name": "from before the move"})
    assert store.get(db, session.id) == moved


def test_a_missing_session_is_said_so(db: Db) -> None:
    with pytest.raises(NoSuchSession):
        move(db, "saaaaaaaaaaa", Event.STOP, at=NOON, actor="anna")
    with pytest.raises(NoSuchSession):
        edit(db, "saaaaaaaaaaa", at=NOON, actor="anna", changes={"name": "x"})


def test_an_edit_counts_the_version_and_tells_what_changed(db: Db) -> None:
    session = run(db, add(db))
    changes = {"name": "churn", "idle_timeout": 60}
    edited = edit(db, session.id, at=NOON, actor="anna", changes=changes)
    assert (edited.name, edited.idle_timeout, edited.version) == ("churn", 60, session.version + 1)
    line = read_story(db, session.id)[-1]
    assert (line.n, line.event, line.data) == (edited.lines, "edited", changes)


def test_what_is_only_told_is_a_line_and_a_revision_and_no_version(db: Db) -> None:
    session = run(db, add(db))
    begin_next(db)
    told = tell(db, session.id, "seen", at=at_second(7), actor="hub", data={"what": "rain"})
    assert (told.version, told.lines) == (session.version, session.lines + 1)
    assert told.revision > session.revision
    line = read_story(db, session.id)[-1]
    assert (line.n, line.at, line.event, line.data) == (
        told.lines, at_second(7), "seen", {"what": "rain"},
    )  # fmt: skip
    assert move(db, session.id, Event.STOP, at=NOON, actor="anna").lines == told.lines + 1


def test_what_is_not_told_gets_a_revision_and_no_version(db: Db) -> None:
    session = run(db, add(db))
    begin_next(db)
    changes = {"last_used_at": NOON, "expires_at": at_second(900)}
    used = edit(db, session.id, at=NOON, actor="session", changes=changes, is_told=False)
    assert (used.version, used.lines) == (session.version, session.lines)
    assert used.revision > session.revision
    assert store.get(db, session.id) == used


@pytest.mark.parametrize("column", ["state", "wanted", "cause", "ended_at", "archived", "lines"])
def test_an_edit_cannot_do_what_only_a_move_may(db: Db, column: str) -> None:
    session = add(db)
    with pytest.raises(ValueError, match=f"Only a move changes {column}"):
        edit(db, session.id, at=NOON, actor="anna", changes={column: None})


STEPS = st.lists(st.tuples(st.sampled_from(list(Event)), st.sampled_from(list(Cause))), max_size=14)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_a_random_walk_of_events_keeps_the_invariants(
    engine: Engine, steps: list[tuple[Event, Cause]]
) -> None:
    with scratch(engine) as db:
        session = add(db)
        for number, (event, cause) in enumerate(steps):
            session = _try(db, session, event, cause, number)
        _check(db, session)


def _try(db: Db, before: Session, event: Event, cause: Cause, number: int) -> Session:
    begin_next(db)
    changes = {"cause": cause} if event in (Event.STOP, Event.ENDED, Event.BROKE) else {}
    try:
        session = move(db, before.id, event, at=at_second(number), actor="someone", changes=changes)
    except NoSuchMove:
        assert store.get(db, before.id) == before
        return before
    if event is not Event.RESTORE:
        allowed = {after(before.state, event)}
        allowed |= {State.STOPPED, State.FAILED} if allowed <= ENDED - {State.ARCHIVED} else set()
        assert session.state in allowed
    assert session.version == before.version + 1
    assert session.revision > before.revision
    assert before.state not in ENDED or session.state in ENDED, "an end is final"
    assert before.wanted != "stop" or session.wanted == "stop", "a stop is never undone"
    return session


def _check(db: Db, session: Session) -> None:
    assert store.get(db, session.id) == session
    assert [line.n for line in read_story(db, session.id)] == list(range(1, session.lines + 1))
    if session.state in ENDED:
        assert session.cause is not None
        assert session.ended_at is not None
        assert session.ended_by is not None
        assert session.state in (state_of_end(session.cause), State.ARCHIVED)
        assert status_of(session.state, session.cause) not in (Status.PENDING, Status.IN_PROGRESS)
    is_found = [one.id for one in store.live(db)] == [session.id]
    assert is_found is (session.state in LIVE)
