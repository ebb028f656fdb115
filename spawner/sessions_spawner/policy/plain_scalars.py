"""What unquoted words of YAML mean, as kubectl reads them.

The rules are those of `sigs.k8s.io/yaml` 1.6 (go-yaml 2, YAML 1.1 with changes of its own), so that
a text means here what it means to `kubectl apply`:

- `y`, `yes`, `on`, `true` and `n`, `no`, `off`, `false` are booleans, in lower, upper and title
  case; `~`, `null` and nothing at all are null.
- `010`, `0o10` and `0x8` are 8 and `0b1` is 1; `1_000` is 1000; `08` is 8, as it is no octal
  number; `8080.0` and `1e3` are whole numbers, as Go writes them without a fraction.
- `12:30:00` is text: numbers to the base of 60 are left out. Dates and times are text.

The one difference is `0b-1`, which stays text. Stricter than kubectl, which would round them, keep
them as text or fail: numbers that no 64 bits hold, infinity and "not a number" are refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

_WORDS: Final[Mapping[str, bool | None]] = {
    form: meaning
    for meaning, words in (
        (True, ("y", "yes", "on", "true")),
        (False, ("n", "no", "off", "false")),
        (None, ("", "~", "null")),
    )
    for word in words
    for form in (word, word.title(), word.upper())
}
_ENDLESS: Final = frozenset(
    {".nan", ".NaN", ".NAN"}
    | {f"{sign}{word}" for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")}
)
_NUMBER_STARTS: Final = frozenset("+-0123456789")
_INTEGER: Final = re.compile(
    r"(?P<sign>[-+]?)"
    r"(?:0[xX](?P<hexadecimal>[0-9a-fA-F]+)|0[bB](?P<binary>[01]+)"
    r"|0[oO]?(?P<octal>[0-7]+)|(?P<decimal>0|[1-9][0-9]*))"
)
_BASES: Final = {"hexadecimal": 16, "binary": 2, "octal": 8, "decimal": 10}
_FRACTION: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=[0-9])_(?=[0-9])")
_MOST_DIGITS: Final = 400
_LEAST_INTEGER: Final = -(2**63)
_GREATEST_INTEGER: Final = 2**63 - 1


def resolve_plain(text: str) -> Scalar:
    """Return what an unquoted word stands for.

    Raises:
        ValueError: for a number that JSON or 64 bits cannot hold, with a sentence.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text in _ENDLESS:
        raise ValueError("JSON knows no such number; put quotes around it if it is text.")
    if text[0] == ".":
        return _resolve_fraction(_BETWEEN_DIGITS.sub("", text), text)
    if text[0] not in _NUMBER_STARTS:
        return text
    digits = text.replace("_", "")
    match = _INTEGER.fullmatch(digits)
    return _resolve_integer(match) if match else _resolve_fraction(digits, text)


def _resolve_integer(match: re.Match[str]) -> int:
    kind = str(match.lastgroup)
    digits = match[kind]
    value = int(digits, _BASES[kind]) if len(digits) <= _MOST_DIGITS else _GREATEST_INTEGER + 1
    value = -value if match["sign"] == "-" else value
    if not _LEAST_INTEGER <= value <= _GREATEST_INTEGER:
        raise ValueError("This number is beyond 64 bits; put quotes around it if it is text.")
    return value


def _resolve_fraction(digits: str, text: str) -> str | int | float:
    """Return the number that the digits are, or else the text."""
    if not _FRACTION.fullmatch(digits):
        return text
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("This number is too large; put quotes around it if it is text.")
    is_whole = value.is_integer() and _LEAST_INTEGER <= value <= _GREATEST_INTEGER
    return int(value) if is_whole else value
