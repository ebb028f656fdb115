"""Ids that are ours and unique for ever."""

from __future__ import annotations

import re
import secrets
from typing import Final

# Crockford-like: no vowels that make words, nothing that needs escaping; a valid DNS label.
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH: Final = 11
SESSION_ID: Final = re.compile(rf"s[{_ALPHABET}]{{{_LENGTH}}}")
DRIVE_ID: Final = re.compile(rf"d[{_ALPHABET}]{{{_LENGTH}}}")


def _new(letter: str) -> str:
    # The system is asked once for all of it: a character costs five bits, asking much more.
    bits = secrets.randbits(5 * _LENGTH)
    return letter + "".join(_ALPHABET[bits >> 5 * place & 31] for place in range(_LENGTH))


def new_session_id() -> str:
    """Return a session id: `s` and 11 characters of base 32 (55 bits of randomness).

    With 10 million sessions the chance that any two are equal is below 0.2 %, and the primary key
    refuses the second. It is a valid server name on both hub lines (letter first, lower case, at
    most 30 characters).
    """
    return _new("s")


def new_drive_id() -> str:
    """Return a drive id: `d` and 11 characters of base 32."""
    return _new("d")


def is_session_id(text: str) -> bool:
    """Tell whether the text has the form of a session id."""
    return SESSION_ID.fullmatch(text) is not None


def is_drive_id(text: str) -> bool:
    """Tell whether the text has the form of a drive id."""
    return DRIVE_ID.fullmatch(text) is not None
