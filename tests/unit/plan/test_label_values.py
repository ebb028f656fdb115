"""Any text becomes a valid label's value, and different texts different ones."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sessions_spawner.plan import label_value

# As the API server has it, apimachinery's IsValidLabelValue.
VALID = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
MADE = re.compile(r".+---[0-9a-f]{12}")

LIKE_LABELS = st.text("aB0-_.@ é", max_size=70)
ANY = st.text(max_size=300) | LIKE_LABELS


@pytest.mark.parametrize("text", ["", "a", "anna", "Anna.B_c-9", "s0123456789a", "a" * 63, "a--b"])
def test_a_valid_text_stays_as_it_is(text: str) -> None:
    assert label_value(text) == text


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("anna@example.org", "anna-example.org---"),
        ("-anna-", "anna---"),
        ("a" * 64, "a" * 48 + "---"),
        ("日本", "x---"),
        ("___", "x---"),
        ("a b\nc", "a-b-c---"),
        ("a---b", "a---b---"),
        ("\ud800", "x---"),
    ],
)
def test_another_text_keeps_what_can_be_read_and_gets_a_hash(text: str, start: str) -> None:
    made = label_value(text)
    assert made.startswith(start)
    assert re.fullmatch(re.escape(start) + "[0-9a-f]{12}", made)


@given(ANY)
def test_every_value_is_valid(text: str) -> None:
    value = label_value(text)
    assert len(value) <= 63
    assert VALID.fullmatch(value)
    assert label_value(text) == value


@given(ANY, ANY)
@example("a" * 64, "a" * 65)
@example("Anna", "anna")
@example("a b", "a-b")
def test_different_texts_have_different_values(one: str, other: str) -> None:
    assert (label_value(one) == label_value(other)) is (one == other)


@given(ANY)
def test_nobody_can_be_called_like_the_value_of_another(text: str) -> None:
    value = label_value(text)
    if value != text:
        assert MADE.fullmatch(value)
        assert label_value(value) != value
