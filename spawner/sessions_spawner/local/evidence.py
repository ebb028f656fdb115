"""The last lines of a session's log, kept as evidence of its end."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_BYTES: Final = 8192
_LINES: Final = 20
_LINE_LENGTH: Final = 500
_CREDENTIAL: Final = re.compile(
    r"(?i)((?:token|password|secret|cookie|authorization)[\w-]*\"?\s*[=:]\s*\"?)[^\s\"&,;]+"
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
