"""Any text as a valid value of a Kubernetes label."""

from __future__ import annotations

import hashlib
import re
from typing import Final

LABEL_LENGTH: Final = 63
_HASH_LENGTH: Final = 12
_MARK: Final = "---"
_NOTHING: Final = "x"  # before the mark, where no character can be kept
_VALID: Final = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?")
_OTHERS: Final = re.compile(r"[^A-Za-z0-9._-]+")


def label_value(text: str) -> str:
    """Return a text as a label's value: itself where that is valid.

    Else it is made valid, cut, and gets `---` and 12 hexadecimal digits of its SHA-256. A valid
    text with `---` in it gets them too, so that two texts share a value only if they share those
    48 bits of their hashes.
    """
    if _VALID.fullmatch(text) and _MARK not in text:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
    room = LABEL_LENGTH - _HASH_LENGTH - len(_MARK)
    readable = _OTHERS.sub("-", text)[:room].strip("._-")
    return f"{readable or _NOTHING}{_MARK}{digest}"
