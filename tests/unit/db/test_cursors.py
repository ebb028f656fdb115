"""Cursors read back as they were written; texts are folded alike for search and order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_service.lifecycle.causes import Cause, Status, state_of_end, status_of
from sessions_service.lifecycle.table import ENDED, State
from sessions_service.sessions.columns import fold
from sessions_service.sessions.query import (
    SORTS,
    Position,
    Query,
    WrongCursor,
    read_cursor,
    split_states,
    statuses_of,
    write_cursor,
)
from sessions_service.sessions.search import make_match, make_pattern, short_terms

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
TIMES = st.datetimes(min_value=datetime(1971, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.sampled_from(list(SORTS)), TEXTS, TIMES, TEXTS, st.booleans(), st.integers(0, 1000))
def test_a_cursor_reads_back_as_it_was_written(
    sort: str, text: str, at: datetime, session_id: str, back: bool, total: int
) -> None:
    query = Query(sort=sort)  # type: ignore[arg-type]
    key = at if SORTS[query.sort] in ("created_at", "sort_end") else text
    position = Position(key, session_id, back)
    cursor = write_cursor(query, position, total, total == 1000)
    assert read_cursor(replace(query, cursor=cursor)) == (position, total, total == 1000)


@given(st.text(max_size=60))
def test_any_text_is_a_cursor_or_refused(text: str) -> None:
    with pytest.raises(WrongCursor):
        read_cursor(Query(cursor=text))


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_case_and_composition_do_not_count() -> None:
    assert fold("É") == fold("é") == fold("e\u0301") == fold("E\u0301")
    assert fold("STRASSE") == fold("straße")


@given(st.text(max_size=30), st.integers(0, 29), st.integers(1, 2))
def test_every_one_or_two_letters_of_a_line_are_its_short_terms(
    line: str, at: int, length: int
) -> None:
    piece = line[at : at + length]
    if piece and "\n" not in line:
        assert piece in short_terms(line)


def test_a_short_term_does_not_span_two_fields() -> None:
    assert short_terms("ab\nc") == {"a", "b", "c", "ab"}


def test_what_databases_read_as_wildcards_is_literal() -> None:
    assert make_pattern("a%b_c\\d") == r"%a\%b\_c\\d%"
    assert make_match('ab"c') == '"ab""" AND "b""c"'


def test_a_long_term_is_looked_up_by_a_few_of_its_pieces() -> None:
    assert make_match("abcdefghijklmnopqrstuvwxyz" * 9).count(" AND ") < 12


REACHED = [
    *((state, None) for state in State if state not in ENDED),
    *((state, cause) for state in (State.STOPPING, State.ARCHIVED) for cause in Cause),
    *((state_of_end(cause), cause) for cause in Cause),
]


@pytest.mark.parametrize(("state", "cause"), REACHED)
def test_a_states_filter_looks_at_every_status_that_it_can_have(
    state: State, cause: Cause | None
) -> None:
    statuses, states = split_states((state.value,))
    assert status_of(state, cause) in statuses | statuses_of(states)


def test_a_word_that_is_a_status_and_a_state_is_the_status() -> None:
    statuses, states = split_states(("failed", "stopped", "done"))
    assert (sorted(statuses), sorted(states)) == (["done", "failed"], ["stopped"])
    assert statuses_of(frozenset({"running"})) == {Status.IN_PROGRESS}
