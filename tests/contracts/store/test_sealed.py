"""With a key, values of variables are in no row in the clear, and come back to whoever has it."""

from __future__ import annotations

import secrets

import pytest
from sqlalchemy import MetaData, select, update

from sessions_service.db import seal as seals
from sessions_service.db.engine import Db
from sessions_service.db.seal import CannotOpen, Seal
from sessions_service.idempotency import store as keys
from sessions_service.idempotency.rows import KEYS
from sessions_service.sessions import store
from sessions_service.sessions.sealed import (
    MASK,
    open_request,
    seal_request,
    show_env,
    without_values,
)
from tests.support.records import NOON, add

ENV = {"TOKEN": "canary-7a8b", "EMPTY": ""}
REQUEST = {"version": 1, "environment": "python", "env": ENV}


def everything(db: Db) -> str:
    """Return every value of every table as one text."""
    tables = MetaData()
    tables.reflect(db)
    rows = [row for table in tables.sorted_tables for row in db.execute(select(table))]
    return repr([tuple(row) for row in rows])


@pytest.fixture
def seal(db: Db) -> Seal:
    """Give the seal of a transaction."""
    seal = Seal(secrets.token_hex(32))
    seals.attach(db, seal)
    return seal


def test_a_sessions_values_are_sealed_in_its_row(db: Db, seal: Seal) -> None:
    made = add(db, request=REQUEST)
    assert store.get(db, made.id) == made
    assert "canary" not in everything(db)
    assert open_request(made.request, seal) == REQUEST


def test_without_a_key_the_request_is_kept_as_it_is(db: Db) -> None:
    made = add(db, request=REQUEST)
    assert made.request == REQUEST
    assert open_request(made.request, Seal()) == REQUEST


def test_what_was_kept_before_there_was_a_key_is_read_as_it_is(db: Db) -> None:
    made = add(db, request=REQUEST)
    assert open_request(made.request, Seal(secrets.token_hex(32))) == REQUEST


def test_a_request_without_variables_needs_no_key(db: Db, seal: Seal) -> None:
    made = add(db, request={"version": 1, "environment": "python"})
    assert open_request(made.request, Seal()) == made.request
    del seal


def test_a_lost_key_leaves_the_names(db: Db, seal: Seal) -> None:
    made = add(db, request=REQUEST)
    for lost in (Seal(), Seal(secrets.token_hex(32))):
        with pytest.raises(CannotOpen):
            open_request(made.request, lost)
        assert show_env(made.request, lost, is_owner=True) == dict.fromkeys(ENV, MASK)
    assert without_values(made.request) == {**REQUEST, "env": {"TOKEN": "", "EMPTY": ""}}
    assert show_env(made.request, seal, is_owner=True) == ENV


@pytest.mark.parametrize("key", ["", secrets.token_hex(32)], ids=["open", "sealed"])
def test_values_are_shown_to_the_owner_alone(key: str) -> None:
    seal = Seal(key)
    request = seal_request(REQUEST, seal)
    assert show_env(request, seal, is_owner=True) == ENV
    assert show_env(request, seal, is_owner=False) == dict.fromkeys(ENV, MASK)


def test_a_kept_answer_is_sealed_and_given_again(db: Db, seal: Seal) -> None:
    kept = _keep(db)
    assert "canary" not in everything(db)
    assert keys.begin(db, *kept, at=NOON).answer == '{"env": "canary-7a8b"}'
    del seal


def test_a_kept_answer_whose_key_is_lost_is_no_new_request(db: Db, seal: Seal) -> None:
    kept = _keep(db)
    seals.attach(db, Seal())
    with pytest.raises(keys.AnswerLost):
        keys.begin(db, *kept, at=NOON)
    del seal


def test_an_answer_that_was_kept_before_there_was_a_key_is_given_again(db: Db) -> None:
    kept = _keep(db)
    seals.attach(db, Seal(secrets.token_hex(32)))
    assert keys.begin(db, *kept, at=NOON).answer == '{"env": "canary-7a8b"}'


def test_a_damaged_answer_is_lost(db: Db, seal: Seal) -> None:
    kept = _keep(db)
    db.execute(update(KEYS).values(answer="sealed:nonsense"))
    with pytest.raises(keys.AnswerLost):
        keys.begin(db, *kept, at=NOON)
    del seal


def _keep(db: Db) -> tuple[keys.Key, str]:
    kept = (keys.Key("anna@2026", "/sessions", "key-1"), "digest")
    keys.begin(db, *kept, at=NOON)
    keys.finish(db, kept[0], 201, '{"env": "canary-7a8b"}', at=NOON)
    return kept
