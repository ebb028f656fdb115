"""What a report says of a use, and what cannot wait for the next one."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_proxy.activity.uses import Use, enumerate_names, is_news, tidy

TYPED = Use("shell", 1000.0, busy=False, sentence="Somebody typed in a shell.")
BUSY = Use("shell", 1000.0, busy=True, sentence="make runs in a shell.")


def test_a_line_of_a_report_has_utc_time_and_the_four_fields() -> None:
    line = Use("code", 1795236717.1394, busy=False, sentence="Open.").as_json()
    assert line == {
        "kind": "code",
        "at": "2026-11-21T04:51:57.139Z",
        "busy": False,
        "sentence": "Open.",
    }


@given(st.text(max_size=600))
def test_a_sentence_is_short_and_without_control_characters(text: str) -> None:
    clean = tidy(text)
    assert len(clean) <= 200
    assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in clean)
    assert "\u202e" not in clean


@pytest.mark.parametrize("sign", ["\u061c", "\u200e", "\u2028", "\u2029", "\u2069", "\udc80"])
def test_what_the_service_refuses_is_left_out_of_a_sentence(sign: str) -> None:
    assert tidy(f"The kernel of a{sign}b is busy.") == "The kernel of ab is busy."


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a"], "a"),
        (["a", "b", "a"], "a, b"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
    ],
)
def test_many_names_are_cut_and_counted(names: list[str], expected: str) -> None:
    assert enumerate_names(names) == expected


def test_the_first_use_of_a_kind_is_news() -> None:
    assert is_news({}, {"shell": TYPED})


def test_becoming_busy_and_ceasing_to_be_are_news() -> None:
    assert is_news({"shell": TYPED}, {"shell": BUSY})
    assert is_news({"shell": BUSY}, {"shell": TYPED})


def test_a_use_after_a_pause_is_news_and_more_of_the_same_is_not() -> None:
    def later(seconds: float) -> Use:
        return dataclasses.replace(TYPED, at=TYPED.at + seconds)

    assert is_news({"shell": TYPED}, {"shell": later(30)})
    assert not is_news({"shell": TYPED}, {"shell": later(1)})
    assert not is_news({"shell": TYPED}, {"shell": TYPED})
