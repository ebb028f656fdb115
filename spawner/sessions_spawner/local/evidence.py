"""The last lines of a session's log, kept as evidence of its end."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_BYTES: Final = 8192
_LINES: Final = 20
_LINE_LENGTH: Final = 500
# A name, perhaps in quotes, what stands between, and the value: `a_token=x`, `"password": "x"`,
# `Authorization: Bearer x`, `Cookie: a=x; b=y`. Bounded, so that no line takes long.
_CREDENTIAL: Final = re.compile(
    r"((?:token|password|secret|cookie|authorization)[\w-]{0,40}\\?['\"]?"
    r"\s{0,40}[=:]\s{0,40}(?:b?\\?['\"])?(?:(?:bearer|basic|token)\s{1,40})?)"
    r"[^\s'\"\\&,;]+(?:;\s?[\w.-]{1,80}=[^\s'\"\\&,;]+)*",
    re.IGNORECASE,
)


def read_last_lines(path: Path) -> tuple[str, ...]:
    """Return at most 20 lines of the log's end, credentials masked; none if there is no log."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return ()
    with os.fdopen(descriptor, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _BYTES))
        text = file.read(_BYTES).decode("utf-8", "replace")
    lines = [mask(line)[:_LINE_LENGTH] for line in text.splitlines() if line.strip()]
    return tuple(lines[-_LINES:])


def mask(line: str) -> str:
    """Return a line of a log with everything that looks like a credential masked."""
    return _CREDENTIAL.sub(r"\1***", line)
