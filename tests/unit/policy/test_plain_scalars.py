"""Unquoted words mean what they mean to kubectl; the answers are those of sigs.k8s.io/yaml 1.6."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.policy.plain_scalars import Scalar, resolve_plain

KUBECTL: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **{word: word for word in ("yEs", "nUll", "tRUE", "=", "<<", "+", "+_", ".", ".5.")},
    **{word: word for word in ("12:30:00", "1:30", "190:20:30", "2001-12-14", "2001-1-1 10:00:00")},
    **{word: word for word in ("1e", "1e_", ".e5", "._5", "0x", "0o", "0b2", "0o8", "1n", "4Gi")},
    "0": 0, "-0": 0, "00": 0, "7": 7, "+7": 7, "-7": -7,
    "010": 8, "-010": -8, "0o7": 7, "0O17": 15, "+0o7": 7, "0_7": 7, "08": 8, "09.5": 9.5,
    "0x1f": 31, "0X1F": 31, "-0x1f": -31, "0x_1": 1, "0b101": 5, "0B1": 1, "-0b11": -3,
    "1_000": 1000, "1__0": 10, "-_1": -1, "5_0.5": 50.5, ".5_0": 0.5, ".5e1_0": 5_000_000_000,
    "1.": 1, "8080.0": 8080, "1e3": 1000, "1E5": 100_000, "1e_5": 100_000, "-.5": -0.5,
    "+.5e3": 500, "1.5": 1.5, "1e-400": 0, "1e20": 1e20,
    "9223372036854775807": 2**63 - 1, "-9223372036854775808": -(2**63),
}  # fmt: skip


@pytest.mark.parametrize(("word", "meaning"), KUBECTL.items())
def test_a_word_means_what_it_means_to_kubectl(word: str, meaning: Scalar) -> None:
    found = resolve_plain(word)
    assert (type(found), found) == (type(meaning), meaning)


@pytest.mark.parametrize(
    "word",
    [
        ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "-.Inf", "1e400", "-1e400",
        "9223372036854775808", "-9223372036854775809", "0xffffffffffffffff", "1" * 5000, "0" * 5000,
    ],
)  # fmt: skip
def test_a_number_that_json_or_64_bits_cannot_hold_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=r"put quotes around it if it is text\.$"):
        resolve_plain(word)


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_every_integer_of_64_bits_is_itself(number: int) -> None:
    assert resolve_plain(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_json_writes_is_itself(number: float) -> None:
    assert resolve_plain(repr(number)) == number


@given(st.text(alphabet="0123456789_+-.eExXoObBaAfFyYnN:~", max_size=40))
def test_no_word_ends_in_anything_but_a_value_or_a_sentence(word: str) -> None:
    try:
        found = resolve_plain(word)
    except ValueError:
        return
    assert found == word or not isinstance(found, str)
