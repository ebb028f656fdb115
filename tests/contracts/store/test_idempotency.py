"""A key's work is done once: its answer is repeated, its refusals are not kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from sessions_service.db.engine import Db
from sessions_service.db.work import Database
from sessions_service.idempotency import store as keys
from sessions_service.idempotency.store import Kept, Key
from tests.support.records import NOON

ONE = Key("anna", "/api/v1/sessions", "key-1")


def begin(db: Db, *, digest: str = "body", seconds: float = 0.0) -> Kept:
    return keys.begin(db, ONE, digest, at=NOON + timedelta(seconds=seconds))


def test_a_key_is_new_then_in_flight_then_answered(db: Db) -> None:
    assert begin(db).is_new
    assert begin(db).is_in_flight
    keys.finish(db, ONE, 201, '{"id": "s1"}', at=NOON)
    kept = begin(db)
    assert (kept.is_new, kept.is_in_flight, kept.status, kept.answer) == (
        False,
        False,
        201,
        '{"id": "s1"}',
    )


@pytest.mark.parametrize("is_finished", [True, False])
def test_a_key_with_another_body_is_refused(db: Db, is_finished: bool) -> None:
    begin(db)
    if is_finished:
        keys.finish(db, ONE, 201, "{}", at=NOON)
    with pytest.raises(keys.KeyReused):
        begin(db, digest="another")


def test_keys_of_other_people_and_routes_are_other_keys(db: Db) -> None:
    begin(db)
    for other in (
        replace(ONE, owner_key="ben"),
        replace(ONE, route="/api/v1/drives"),
        replace(ONE, text="key-2"),
    ):
        assert keys.begin(db, other, "another", at=NOON).is_new


def test_a_forgotten_key_is_new_again(db: Db) -> None:
    begin(db)
    keys.forget(db, ONE)
    assert begin(db, digest="another").is_new


def test_a_key_is_kept_for_a_day(db: Db) -> None:
    begin(db)
    keys.finish(db, ONE, 201, "{}", at=NOON)
    day = 24 * 3600
    assert not begin(db, seconds=day - 1).is_new
    assert begin(db, digest="another", seconds=day).is_new


def test_old_keys_are_removed_and_young_ones_stay(db: Db) -> None:
    begin(db)
    keys.begin(db, Key("ben", "/", "young"), "body", at=NOON + timedelta(hours=1))
    assert keys.forget_expired(db, at=NOON + timedelta(hours=24)) == 1
    assert keys.forget_expired(db, at=NOON + timedelta(hours=24)) == 0


def test_keys_left_in_flight_by_a_dead_process_are_given_back(db: Db) -> None:
    begin(db)
    answered = Key("ben", "/", "answered")
    keys.begin(db, answered, "body", at=NOON)
    keys.finish(db, answered, 201, "{}", at=NOON)
    assert keys.forget_unfinished(db) == 1
    assert begin(db).is_new
    assert not keys.begin(db, answered, "body", at=NOON).is_new


@pytest.mark.parametrize("settle", [keys.forget_unfinished, lambda db: keys.forget(db, ONE)])
def test_a_key_whose_answer_was_lost_keeps_what_was_made(
    db: Db, settle: Callable[[Db], object]
) -> None:
    begin(db)
    keys.note_made(db, ONE, "s1")
    assert begin(db).is_in_flight
    settle(db)
    kept = begin(db)
    assert (kept.is_new, kept.status, kept.answer, kept.made) == (False, 201, None, "s1")


async def test_of_many_at_once_one_is_new(database: Database) -> None:
    kept = await asyncio.gather(
        *(database.write(keys.begin, ONE, "body", at=NOON) for _ in range(20))
    )
    assert [one.is_new for one in kept].count(True) == 1
