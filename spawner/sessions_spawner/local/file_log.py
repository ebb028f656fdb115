"""The log of a session on this machine: its last lines, and what came after a place in it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from ..wire.messages import LogLines, LogQuestion

# More is never read at once: of a program that prints faster some lines are left out.
_MOST_BYTES: Final = 512 * 1024
_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_file_log(path: Path, question: LogQuestion) -> LogLines:
    """Return lines of the log; none if there is no such file. A cursor is a place in the file."""
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError:
        return LogLines(cursor=question.cursor)
    try:
        found = os.fstat(descriptor)
        # Whatever runs as the same user can put something else in its place.
        if not stat.S_ISREG(found.st_mode):
            return LogLines(cursor=question.cursor)
        return _read(descriptor, found.st_size, question)
    finally:
        os.close(descriptor)


def _read(descriptor: int, size: int, question: LogQuestion) -> LogLines:
    before = _place_of(question.cursor, size)
    begin = max(before or 0, size - _MOST_BYTES)
    is_cut = begin != (before or 0)
    piece = os.pread(descriptor, size - begin, begin)
    if is_cut and b"\n" in piece:
        # The first line is no whole one.
        first = piece.index(b"\n") + 1
        begin, piece = begin + first, piece[first:]
    if question.follows:
        piece = _whole_lines(piece)
    text = piece.decode("utf-8", "replace")
    lines = text.removesuffix("\n").split("\n") if text else []
    is_first = before is None
    return LogLines(
        lines=tuple(lines[-question.tail :] if is_first else lines),
        cursor=str(begin + len(piece)),
        skipped=is_cut and not is_first,
    )


def _whole_lines(piece: bytes) -> bytes:
    """Return what ends with a line's end; a line without one is held back unless it is endless."""
    whole = piece[: piece.rfind(b"\n") + 1]
    return whole if whole or len(piece) < _MOST_BYTES // 2 else piece


def _place_of(cursor: str, size: int) -> int | None:
    """Return the place that a cursor names; None for the first look, 0 for a log begun anew."""
    if not (cursor.isascii() and cursor.isdigit()):
        return None
    return int(cursor) if int(cursor) <= size else 0
