"""What a session goes on with is a line of its story; what may still run is said at its end."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_service.db.engine import Db
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.chronicle import read_story
from sessions_service.lifecycle.explain import explain
from sessions_service.lifecycle.story import NOTICED, say_line
from sessions_service.sessions import store
from sessions_service.sessions.troubles import note_trouble
from sessions_spawner.wire.messages import Report
from tests.support.records import NOON, add, after, end, run

HELPER = {"container": "proxy", "why": "it ended (exit code 7)"}


def notice(session: Any, words: dict[str, Any], generation: int | None = None) -> Report:
    return Report(
        id=session.id,
        generation=session.generation if generation is None else generation,
        kind="noticed",
        at=after(60),
        words=words,
    )


def told_of(db: Db, session: Any) -> list[str]:
    return [say_line(one, "anna") for one in read_story(db, session.id) if one.event == NOTICED]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (HELPER, "Its helper ‘proxy’ is not well: it ended (exit code 7)."),
        ({"container": "proxy", "why": ""}, "Its helper ‘proxy’ is well again."),
        (
            {"container": "", "why": "it does not answer"},
            "Its machine went away: it does not answer. It may come back.",
        ),
        ({"container": "", "why": ""}, "Its machine is back."),
    ],
)
def test_what_is_noticed_is_a_line_of_a_running_sessions_story(
    db: Db, words: dict[str, Any], sentence: str
) -> None:
    session = run(db, add(db))
    note_trouble(db, notice(session, words), at=after(61))
    assert told_of(db, session) == [sentence]
    now = store.need(db, session.id)
    assert (now.state, now.version) == (session.state, session.version)


def test_a_report_that_comes_again_is_told_once(db: Db) -> None:
    session = run(db, add(db))
    for second in (61, 75):
        note_trouble(db, notice(session, HELPER), at=after(second))
    assert len(told_of(db, session)) == 1


def test_a_session_that_is_over_and_another_run_are_told_nothing(db: Db) -> None:
    session = run(db, add(db))
    note_trouble(db, notice(session, HELPER, generation=session.generation + 1), at=after(61))
    over = end(db, session)
    note_trouble(db, notice(over, HELPER), at=after(62))
    assert told_of(db, session) == []


@pytest.mark.parametrize("cause", [Cause.USER, Cause.NODE_LOST, Cause.IDLE])
def test_an_end_that_nobody_saw_says_that_the_program_may_still_run(cause: Cause) -> None:
    evidence = {"may_still_run": 1, "detail": "it does not answer"}
    told = explain(
        cause,
        viewer="anna",
        ended_by="anna",
        evidence=evidence,
        idle_timeout=900,
        started_at=NOON,
        ended_at=after(60),
    )
    assert told["sentence"].endswith(
        ". The cluster has not confirmed its end: its program may still run there."
    )
