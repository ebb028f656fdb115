"""A row that cannot be read is shown as such; lists and whoever acts on rows pass it by."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from sessions_service.db.engine import Db
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.table import State
from sessions_service.sessions import listing, store
from sessions_service.sessions.models import Session
from sessions_service.sessions.overview import latest_starts, unreadable
from sessions_service.sessions.query import Query, SortName
from sessions_service.sessions.stored import KINDS, problem_of
from sessions_spawner.request import LaunchRequest
from tests.support.records import add, after, end, run

# What raw SQL does to a row, and what is said of it; None where a database refuses it.
DAMAGES: dict[str, tuple[dict[str, str | None], str]] = {
    "state": ({"": "state = 'hibernating'"}, "this version knows no state ‘hibernating’"),
    "cause": ({"": "cause = 'bored'"}, "this version knows no cause ‘bored’"),
    "time": (
        {"sqlite": "started_at = 'yesterday'", "postgresql": "started_at = 'infinity'"},
        "started_at is no time",
    ),
    "time of making": (
        {"sqlite": "created_at = 'zzz'", "postgresql": "created_at = 'infinity'"},
        "created_at is no time",
    ),
    "early time": (
        {"sqlite": "created_at = 7", "postgresql": "created_at = '-infinity'"},
        "created_at is no time",
    ),
    "number": (
        {"sqlite": "idle_timeout = 'long'", "postgresql": "idle_timeout = 2000000000"},
        "idle_timeout is not what it has to be",
    ),
    "stages": ({"": "stages = '{}'"}, "stages is not what it has to be"),
    "evidence": (
        {"sqlite": "evidence = '{{{'", "postgresql": "evidence = '7'"},
        "evidence is not what it has to be",
    ),
}


def damage(db: Db, session: Session, change: dict[str, str | None] | str) -> None:
    """Change a row as no code of ours would."""
    if isinstance(change, dict):
        change = change.get("") or change[db.dialect.name] or ""
    statement = f"UPDATE sessions SET {change} WHERE id = :id"  # noqa: S608
    db.execute(text(statement), {"id": session.id})


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_row_fails_no_list_and_is_shown_there(db: Db, what: str) -> None:
    change, said = DAMAGES[what]
    made = [add(db, at=after(n), server=f"s{n}") for n in range(5)]
    damage(db, made[2], change)
    sorts: tuple[SortName, ...] = ("started_at", "name", "ends_at")
    for sort in sorts:
        for descending in (True, False):
            seen: list[Session] = []
            cursor = None
            for _ in range(5):
                query = Query(
                    visible_to=None, sort=sort, descending=descending, limit=2, cursor=cursor
                )
                page = listing.list_page(db, query)
                seen += page.items
                cursor = page.next
                if cursor is None:
                    break
            assert sorted(one.id for one in seen) == sorted(one.id for one in made)
            (shown,) = [one for one in seen if one.damage]
            assert shown.id == made[2].id
            assert said in (shown.damage or "")


@pytest.mark.parametrize("what", DAMAGES)
def test_nothing_acts_on_a_damaged_row(db: Db, what: str) -> None:
    change, said = DAMAGES[what]
    good, bad = run(db, add(db, server="a")), run(db, add(db, server="b"))
    damage(db, bad, change)
    damage(db, bad, "token_sha256 = 'ab'")
    assert store.live(db) == [good]
    assert store.get(db, bad.id) is None
    assert store.get_many(db, [good.id, bad.id]) == [good]
    assert store.find_live(db, bad.owner_key, "b") is None
    assert store.find_by_token_sha(db, "ab") is None
    assert store.changed_since(db, 0) == [good]
    with pytest.raises(store.NoSuchSession):
        store.need(db, bad.id)
    with pytest.raises(store.ServerInUse):
        add(db, server="b")
    shown = store.look_up(db, bad.id)
    assert shown is not None
    assert (shown.id, shown.owner, shown.name) == (bad.id, bad.owner, bad.name)
    assert said in (shown.damage or "")
    assert unreadable(db) == [shown]


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_row_of_history_holds_up_no_start(db: Db, what: str) -> None:
    change, _said = DAMAGES[what]
    made = [end(db, run(db, add(db))) for _ in range(2)]
    damage(db, made[0], change)
    assert [one.id for one in store.to_remove(db)] == [made[1].id]
    assert len(latest_starts(db)) in (1, 2)
    assert [one.id for one in unreadable(db)] == [made[0].id]


REQUESTS: dict[str, tuple[str, str]] = {
    "no JSON": ("{'version'", "it is damaged"),
    "a list": ("[1]", "it is damaged"),
    "nothing": ("{}", "it is damaged"),
    "of another version": ('{"version": 2, "environment": "python"}', "its version 2 is not known"),
    "with an unknown key": ('{"version": 1, "environment": "p", "robot": 1}', "see ‘robot’"),
    "with a wrong value": ('{"version": 1, "environment": "p", "env": [1]}', "see ‘env’"),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_a_request_that_cannot_be_read_leaves_the_session_as_it_is(db: Db, what: str) -> None:
    kept, said = REQUESTS[what]
    if what == "no JSON" and db.dialect.name == "postgresql":
        pytest.skip("PostgreSQL keeps nothing in a JSON column that is none")
    session = run(db, add(db))
    statement = text("UPDATE sessions SET request = :kept WHERE id = :id")
    if db.dialect.name == "postgresql":
        statement = text("UPDATE sessions SET request = CAST(:kept AS json) WHERE id = :id")
    db.execute(statement, {"kept": kept, "id": session.id})
    (read,) = store.live(db)
    assert (read.id, read.state, read.damage) == (session.id, State.RUNNING, None)
    assert said in (problem_of(read.request) or "")
    assert listing.list_page(db, Query(visible_to=None)).items == [read]
    assert end(db, read, Cause.USER).state is State.STOPPED


def test_a_request_that_can_be_read_has_no_problem() -> None:
    assert problem_of({"version": 1, "environment": "python", "env": {"A": "b"}}) is None
    assert set(KINDS) == {*LaunchRequest.model_fields, "version", "sealed_env"}


def test_every_damage_is_said_once_in_the_log(db: Db, caplog: pytest.LogCaptureFixture) -> None:
    session = add(db)
    damage(db, session, "state = 'x', cause = 'y', name = ''")
    for _ in range(3):
        store.live(db)
    (line,) = [one.getMessage() for one in caplog.records if session.id in one.getMessage()]
    assert "state ‘x’" in line
    assert "cause ‘y’" in line


def test_an_engines_errors_say_no_value(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(Exception, match="no_such_table") as raised:
        connection.execute(text("INSERT INTO no_such_table VALUES (:a)"), {"a": "canary-1"})
    assert "canary-1" not in str(raised.value)
