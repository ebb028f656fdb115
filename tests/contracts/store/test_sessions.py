"""Sessions are stored whole, counted against the limit, and found by what identifies them."""

from __future__ import annotations

import asyncio
from dataclasses import fields

import pytest

from sessions_service.db.engine import Db
from sessions_service.db.work import Database
from sessions_service.drives import store as drives
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.chronicle import read_story
from sessions_service.lifecycle.move import edit, move
from sessions_service.lifecycle.table import Event, State
from sessions_service.sessions import store
from sessions_service.sessions.actions import insert_checked
from sessions_service.sessions.models import Session
from sessions_service.web.errors import WrongFields
from sessions_spawner.request import LaunchRequest
from tests.support.records import NOON, add, after, begin_next, end, make_new, run


def test_a_session_reads_back_as_it_was_inserted(db: Db) -> None:
    made = add(db, name="Größe ‘x’ 🚀 \\ % _", request={"version": 1, "env": {"A": "\ud800"}})
    assert store.get(db, made.id) == made
    assert made.state is State.CREATED
    assert (made.wanted, made.version, made.generation, made.lines) == ("run", 1, 0, 1)


def test_a_session_without_a_server_is_called_like_its_id(db: Db) -> None:
    assert (made := add(db)).server == made.id
    assert add(db, server="").server == ""


def test_a_live_session_is_found_by_owner_and_server(db: Db) -> None:
    made = add(db, server="lab")
    assert store.find_live(db, made.owner_key, "lab") == made
    assert store.find_live(db, "anna@1999-01-01", "lab") is None
    end(db, made)
    assert store.find_live(db, made.owner_key, "lab") is None


def test_a_server_holds_one_live_session_at_a_time(db: Db) -> None:
    first = add(db, server="lab")
    with pytest.raises(store.ServerInUse):
        add(db, server="lab")
    add(db, "ben", server="lab")
    end(db, first)
    assert add(db, server="lab").id != first.id


def test_a_session_is_found_by_its_token_while_it_lives(db: Db) -> None:
    made = edit(db, add(db).id, at=NOON, actor="hub", changes={"token_sha256": "ab"}, is_told=False)
    assert store.find_by_token_sha(db, "ab") == made
    end(db, made)
    assert store.find_by_token_sha(db, "ab") is None


def test_pending_and_running_count_against_the_limit_and_stopping_does_not(db: Db) -> None:
    pending, running, stopping = add(db), run(db, add(db)), add(db)
    move(db, stopping.id, Event.STOP, at=NOON, actor="anna")
    add(db, "ben")
    assert store.running_count(db, pending.owner_key) == 2
    with pytest.raises(store.LimitReached) as refusal:
        store.insert(db, make_new(), at=NOON, actor="anna", limit=2)
    assert (refusal.value.used, refusal.value.limit) == (2, 2)
    end(db, running)
    store.insert(db, make_new(), at=NOON, actor="anna", limit=2)


async def test_fifty_creates_at_once_keep_to_a_limit_of_five(database: Database) -> None:
    async def create() -> Session | None:
        try:
            return await database.write(store.insert, make_new(), at=NOON, actor="anna", limit=5)
        except store.LimitReached:
            return None

    made = await asyncio.gather(*(create() for _ in range(50)))
    assert sum(one is not None for one in made) == 5
    assert await database.read(store.running_count, make_new().owner_key) == 5


def test_live_sessions_are_listed_for_the_clock_oldest_first(db: Db) -> None:
    second, first, other = add(db, at=after(2)), add(db, at=after(1)), add(db, "ben", at=after(3))
    end(db, add(db))
    assert [one.id for one in store.live(db)] == [first.id, second.id, other.id]
    assert [one.id for one in store.live(db, first.owner_key)] == [first.id, second.id]


def test_what_is_not_settled_is_pending_or_being_stopped(db: Db) -> None:
    pending, running = add(db), run(db, add(db))
    stopping = move(db, run(db, add(db)).id, Event.STOP, at=after(9), actor="anna")
    end(db, add(db))
    assert {one.id for one in store.unsettled(db)} == {pending.id, stopping.id}
    assert {one.id for one in store.live(db)} == {pending.id, stopping.id, running.id}


def test_changes_are_read_again_from_a_revision_on(db: Db) -> None:
    first, second, other = add(db), add(db), add(db, "ben")
    begin_next(db)
    moved = [run(db, one) for one in (second, first)]
    assert store.newest_revision(db) == moved[-1].revision
    assert store.changed_since(db, other.revision, {"anna"}) == moved
    assert store.changed_since(db, other.revision - 1, {"ben"}) == [other]
    assert store.changed_since(db, moved[-1].revision) == []
    assert store.changed_since(db, 0, None, 2) is None


def test_a_checked_request_mounts_its_drives_by_name_or_id_and_keeps_their_names(db: Db) -> None:
    key = make_new().owner_key
    data, more = (drives.create(db, key, "anna", name, at=NOON) for name in ("data", "more"))
    request = LaunchRequest.model_validate(
        {
            "environment": "python",
            "idle_timeout": 900,
            "drive": data.id,
            "extra_drives": [
                {"drive": more.id, "path": "more", "read_only": True},
                {"drive": "default", "path": "home"},
            ],
        }
    )
    made = insert_checked(db, make_new(), request, at=NOON, actor="anna", limit=5)
    assert (made.drive_id, made.drive_name) == (data.id, "data")
    listed = {one.name: one.mounted_by for one in drives.listed(db, key)}
    assert {name: [held.read_only for held in by] for name, by in listed.items()} == {
        "default": [False],
        "data": [False],
        "more": [True],
    }


def test_a_request_for_somebody_elses_drive_makes_nothing_but_the_default_drive(db: Db) -> None:
    foreign = drives.create(db, "ben@2026-01-01", "ben", "data", at=NOON)
    request = LaunchRequest(environment="python", idle_timeout=900, drive=foreign.id)
    with pytest.raises(WrongFields):
        insert_checked(db, make_new(), request, at=NOON, actor="anna", limit=5)
    assert store.live(db) == []
    assert [one.name for one in drives.listed(db, make_new().owner_key)] == ["default"]


def test_the_first_line_of_the_story_says_who_asked_and_for_whom(db: Db) -> None:
    made = store.insert(
        db,
        make_new(origin="restart", parent="sold"),
        at=NOON,
        actor="kim",
        on_behalf_of="anna",
        limit=None,
    )
    (line,) = read_story(db, made.id)
    assert (line.n, line.at, line.actor, line.on_behalf_of, line.event) == (
        1,
        NOON,
        "kim",
        "anna",
        "created",
    )
    assert line.data == {
        "state": "created",
        "origin": "restart",
        "name": made.name,
        "parent": "sold",
    }


def test_ended_sessions_with_a_server_of_their_own_wait_for_its_removal(db: Db) -> None:
    own, _hubs_own = end(db, add(db)), end(db, add(db, server="lab"))
    add(db)
    assert [one.id for one in store.to_remove(db)] == [own.id]
    store.note_removed(db, own.id)
    assert store.to_remove(db) == []
    removed = store.get(db, own.id)
    assert removed is not None
    assert removed.hub_removed
    assert (removed.version, removed.revision) == (own.version, own.revision)


def test_every_field_of_a_session_is_a_column(db: Db) -> None:
    made = end(db, run(db, add(db)), Cause.IDLE)
    read = store.get(db, made.id)
    assert read is not None
    for field in fields(Session):
        assert getattr(read, field.name) == getattr(made, field.name), field.name
