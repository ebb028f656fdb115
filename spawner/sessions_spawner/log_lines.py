"""Lines of a log as people may see them: what moves a cursor and what is secret is not in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from .local.evidence import mask

LINE_LENGTH: Final = 2000
MOST_LINES: Final = 5000
# Colours, cursor movements and titles of terminals.
_TERMINAL: Final = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]?")
# What a token of the hub may look like: the run's own is known by its digest.
_WORD: Final = re.compile(r"[A-Za-z0-9_-]{20,128}")
_HIDDEN: Final = "***"


def tidy(line: str, token_sha256: str = "") -> str:
    """Return a line without terminal sequences, credentials and the run's own token.

    Of what was printed over itself, such as a progress bar, the last is what a terminal shows.
    """
    line = line[: 4 * LINE_LENGTH].rstrip("\r").rpartition("\r")[2]
    line = _TERMINAL.sub("", line)
    if token_sha256:
        line = _WORD.sub(lambda found: _hide(found[0], token_sha256), line)
    line = mask(line)
    return line if len(line) <= LINE_LENGTH else line[: LINE_LENGTH - 1] + "…"


def tidy_all(lines: Iterable[str], token_sha256: str = "") -> tuple[str, ...]:
    """Return lines, each tidied."""
    return tuple(tidy(line, token_sha256) for line in lines)


def _hide(word: str, token_sha256: str) -> str:
    is_token = hashlib.sha256(word.encode()).hexdigest() == token_sha256
    return _HIDDEN if is_token else word
