"""Event ids tell a visitor where he was, and nobody anything else."""

from __future__ import annotations

import base64
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_service.events.ids import EventIds

IDS = EventIds(b"s" * 32)
REVISION = st.integers(0, 2**63 - 1)
NAME = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(NAME, REVISION)
def test_an_id_opens_for_its_visitor(visitor: str, revision: int) -> None:
    event_id = IDS.seal(visitor, revision)
    assert IDS.open(visitor, event_id) == revision
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", event_id)


@given(NAME, NAME, REVISION)
def test_an_id_of_another_visitor_is_none(one: str, other: str, revision: int) -> None:
    if one != other:
        assert IDS.open(other, IDS.seal(one, revision)) is None


def test_an_id_of_another_service_is_none() -> None:
    assert EventIds(b"t" * 32).open("anna", IDS.seal("anna", 5)) is None


@given(st.integers(0, 2**40), st.integers(0, 21), st.sampled_from("AQgw_-Zz09"))
def test_an_id_that_was_tampered_with_is_none(revision: int, place: int, letter: str) -> None:
    event_id = IDS.seal("anna", revision)
    changed = event_id[:place] + letter + event_id[place + 1 :]
    if changed != event_id:
        assert IDS.open("anna", changed) is None


@pytest.mark.parametrize("wrap", ["{}=", "{}==", " {}", "{}\n", "!{}", "{}A", "{}é"])
def test_another_spelling_of_an_id_is_none(wrap: str) -> None:
    assert IDS.open("anna", wrap.format(IDS.seal("anna", 5))) is None


@pytest.mark.parametrize(
    "text", ["", "0", "17", "x" * 22, "-" * 22, "é", "\x00", "=" * 22, "A" * 10_000]
)
def test_text_that_is_no_id_is_none(text: str) -> None:
    assert IDS.open("anna", text) is None


@given(st.binary(min_size=16, max_size=16))
def test_guessed_ids_are_none(raw: bytes) -> None:
    assert IDS.open("anna", base64.urlsafe_b64encode(raw).decode().rstrip("=")) is None


def test_ids_do_not_tell_how_much_happened_between_them() -> None:
    ids = [IDS.seal("anna", revision) for revision in range(200)]
    assert len(set(ids)) == 200
    assert ids != sorted(ids)
    hidden = [base64.urlsafe_b64decode(one + "==")[8:] for one in ids]
    assert all(later != earlier for earlier, later in itertools.pairwise(hidden))
