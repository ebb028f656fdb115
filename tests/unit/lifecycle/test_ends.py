"""A row ends once, with the cause that was wanted, or else with the one that was seen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from sessions_service.db.engine import Db
from sessions_service.lifecycle.causes import Cause, state_of_end
from sessions_service.lifecycle.chronicle import read_story
from sessions_service.lifecycle.move import move
from sessions_service.lifecycle.table import ENDED, Event, State
from sessions_service.sessions import store
from sessions_service.sessions.ends import complete_end, end_as, end_by_report, end_row
from sessions_service.sessions.models import Session
from sessions_spawner.wire.messages import Report
from tests.support.records import NOON, add, after, run, scratch

GENERATION = 0


def stopping(db: Db, cause: Cause = Cause.IDLE, actor: str = "clock") -> Session:
    """Return a session that is being stopped."""
    session = run(db, add(db))
    return move(
        db, session.id, Event.STOP, at=NOON, actor=actor,
        changes={"cause": cause, "ended_by": actor},
    )  # fmt: skip


def a_report(session: Session, **different: Any) -> Report:
    """Return the report of a session's end, a minute after noon."""
    base: dict[str, Any] = {
        "id": session.id, "generation": session.generation, "kind": "ended", "at": after(60),
    }  # fmt: skip
    return Report(**{**base, **different})


def ended_by(db: Db, session: Session, *, hub_stopped: bool = False, **report: Any) -> Session:
    """Return the session after a report of its end, taken two minutes after noon."""
    found = end_by_report(db, a_report(session, **report), hub_stopped=hub_stopped, at=after(120))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("report", "hub_stopped", "cause", "actor"),
    [
        ({"exit_code": 0}, False, Cause.EXITED, "session"),
        ({"exit_code": 1}, False, Cause.CRASHED, "session"),
        ({"exit_code": -9}, False, Cause.CRASHED, "session"),
        ({}, False, Cause.LOST, "session"),
        ({"by_hub": True}, False, Cause.USER, "hub"),
        ({"by_hub": True, "exit_code": 0}, False, Cause.USER, "hub"),
        ({"cause": "out-of-memory", "exit_code": 137}, False, Cause.OUT_OF_MEMORY, "hub"),
        ({"cause": "start-timeout", "by_hub": True}, False, Cause.START_TIMEOUT, "hub"),
        ({"cause": "unheard-of"}, False, Cause.CRASHED, "hub"),
        ({"by_hub": True}, True, Cause.SHUTDOWN, "hub"),
        ({"exit_code": -15}, True, Cause.SHUTDOWN, "hub"),
        ({"cause": "out-of-memory"}, True, Cause.OUT_OF_MEMORY, "hub"),
    ],
)
def test_an_end_that_nobody_of_ours_wanted_has_the_cause_that_was_seen(
    db: Db, report: dict[str, Any], hub_stopped: bool, cause: Cause, actor: str
) -> None:
    ended = ended_by(db, run(db, add(db)), hub_stopped=hub_stopped, **report)
    assert (ended.cause, ended.ended_by, ended.state) == (cause, actor, state_of_end(cause))
    assert read_story(db, ended.id)[-1].data["cause"] == cause


@pytest.mark.parametrize("hub_stopped", [False, True])
@pytest.mark.parametrize(
    "report", [{"exit_code": 0}, {"exit_code": -9}, {"by_hub": True}, {"cause": "crashed"}, {}]
)
def test_a_stop_that_was_wanted_keeps_its_cause_and_its_actor(
    db: Db, report: dict[str, Any], hub_stopped: bool
) -> None:
    ended = ended_by(db, stopping(db), hub_stopped=hub_stopped, **report)
    assert (ended.cause, ended.ended_by, ended.state) == (Cause.IDLE, "clock", State.STOPPED)


def test_late_repeated_and_foreign_reports_change_nothing(db: Db) -> None:
    session = run(db, add(db))
    assert (session.state, session.generation) == (State.RUNNING, GENERATION)
    for foreign in (
        a_report(session, generation=GENERATION + 1),
        a_report(session, generation=GENERATION - 1),
        a_report(session, id="sunheardof22"),
    ):
        assert end_by_report(db, foreign, hub_stopped=False, at=after(99)) is None
    assert store.need(db, session.id) == session
    ended = ended_by(db, session, exit_code=1)
    again = a_report(session, exit_code=0, by_hub=True)
    assert end_by_report(db, again, hub_stopped=True, at=after(999)) is None
    assert store.need(db, session.id) == ended


@pytest.mark.parametrize(
    ("said", "taken"), [(60, 60), (-86_400, 0), (86_400, 120), (0, 0), (120, 120)]
)
def test_an_end_lies_between_being_asked_for_and_now(db: Db, said: int, taken: int) -> None:
    report = a_report(run(db, add(db)), at=after(said), exit_code=0)
    found = end_by_report(db, report, hub_stopped=False, at=after(120))
    assert found is not None
    assert found.ended_at == after(taken)
    assert found.ended_at >= found.created_at


def test_the_evidence_of_a_report_is_kept_beside_what_was_there(db: Db) -> None:
    session = run(db, add(db))
    session = move(
        db, session.id, Event.STOP, at=NOON, actor="anna",
        changes={"cause": Cause.USER, "evidence": {"reason": "done"}},
    )  # fmt: skip
    ended = ended_by(
        db, session, exit_code=0, detail="x", lines=("a", "b"), stages=({"name": "ready"},)
    )
    assert ended.evidence == {
        "reason": "done", "exit_code": 0, "detail": "x", "lines": ["a", "b"],
    }  # fmt: skip
    assert list(ended.stages) == [{"name": "ready"}]


@pytest.mark.parametrize(("at", "waited"), [(61, 61), (-61, 0)])
def test_a_start_that_took_too_long_tells_how_long_and_how_far(
    db: Db, at: int, waited: int
) -> None:
    session = add(db)
    for step in (Event.ASKED, Event.ADMITTED):
        session = move(db, session.id, step, at=NOON, actor="hub")
    report = a_report(session, cause="start-timeout", detail="waiting for the server", at=after(at))
    ended = end_by_report(db, report, hub_stopped=False, at=after(120))
    assert ended is not None
    assert ended.state is State.FAILED
    assert ended.evidence["stage"] == "waiting for the server"
    assert ended.evidence["waited_seconds"] == waited


def test_only_a_session_that_is_being_stopped_ends_by_its_own_cause(db: Db) -> None:
    running = run(db, add(db))
    assert end_row(db, running.id, after(9)) is None
    assert end_row(db, "sunheardof22", after(9)) is None
    session = stopping(db, Cause.ADMIN, "kim")
    ended = end_row(db, session.id, after(9))
    assert ended is not None
    assert (ended.cause, ended.ended_by, ended.ended_at) == (Cause.ADMIN, "kim", after(9))
    assert end_row(db, session.id, after(10)) is None


def test_who_wanted_the_end_stays_who_ended_it(db: Db) -> None:
    session = stopping(db, Cause.USER, "anna")
    ended = end_as(db, session.id, Cause.LOST, actor="reconciler", at=after(9), evidence={})
    assert ended is not None
    assert (ended.cause, ended.ended_by, ended.state) == (Cause.LOST, "anna", State.FAILED)
    assert end_as(db, session.id, Cause.USER, actor="x", at=after(9), evidence={}) is None
    assert end_as(db, "sunheardof22", Cause.USER, actor="x", at=after(9), evidence={}) is None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.integers(0, 4),
    reports=st.lists(
        st.fixed_dictionaries(
            {
                "generation": st.integers(0, 1),
                "cause": st.none() | st.sampled_from([*Cause, "unheard-of"]),
                "by_hub": st.booleans(),
                "exit_code": st.none() | st.integers(-64, 255),
                "at": st.integers(-100, 200).map(after),
            }
        ),
        max_size=4,
    ),
    hub_stopped=st.booleans(),
)
def test_whatever_is_reported_a_session_ends_at_most_once_and_with_a_cause(
    engine: Engine, steps: int, reports: list[dict[str, Any]], hub_stopped: bool
) -> None:
    with scratch(engine) as db:
        session = add(db)
        for step in (Event.ASKED, Event.ADMITTED, Event.READY, Event.STOP)[:steps]:
            session = move(db, session.id, step, at=NOON, actor="anna")
        ends = [
            end_by_report(db, a_report(session, **one), hub_stopped=hub_stopped, at=after(120))
            for one in reports
        ]
        found = store.need(db, session.id)
        heard = any(one["generation"] == session.generation for one in reports)
        assert sum(one is not None for one in ends) == heard
        assert (found.state in ENDED) == heard
        if heard:
            assert found.cause is not None
            assert found.state is state_of_end(found.cause)
            assert found.ended_by
            assert found.ended_at is not None
            assert found.created_at <= found.ended_at <= after(120)


def test_a_report_that_comes_after_the_end_brings_its_evidence_and_nothing_else(db: Db) -> None:
    session = stopping(db, Cause.ADMIN, "kim")
    ended = end_row(db, session.id, after(9))
    assert ended is not None
    told = a_report(
        session, cause="crashed", exit_code=1, lines=("last words",), stages=({"name": "x"},),
        words={"may_still_run": 1},
    )  # fmt: skip
    complete = complete_end(db, told, at=after(10))
    assert complete is not None
    assert complete.evidence["lines"] == ["last words"]
    assert complete.evidence["may_still_run"] == 1
    assert [one["name"] for one in complete.stages] == ["x"]
    assert (complete.cause, complete.ended_at, complete.version) == (
        Cause.ADMIN, after(9), ended.version,
    )  # fmt: skip
    again = a_report(session, lines=("other words",))
    assert complete_end(db, again, at=after(11)) is None
    foreign = a_report(session, generation=session.generation + 1, lines=("x",))
    assert complete_end(db, foreign, at=after(11)) is None


def test_a_report_completes_no_session_that_goes_on(db: Db) -> None:
    assert complete_end(db, a_report(run(db, add(db)), lines=("x",)), at=after(1)) is None
