"""Keepers' notes: one 0600 file a session in the state folder, without secrets.

A note tells a new fork server or hub which sessions there are, and keeps an exit code until
somebody collects it. The keeper alone makes it; it appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from . import linux, tree

FOLDER = "keepers"


@dataclass(frozen=True)
class Note:
    """One keeper: `started` in clock ticks since boot `boot`; the exit once `ended` is true."""

    key: str
    pid: int
    started: int
    boot: str
    cgroups: tuple[str, ...] = ()
    ended: bool = False
    exit_code: int | None = None
    evidence: str = ""

    def is_alive(self) -> bool:
        """Say whether the keeper itself still runs."""
        return self.boot == linux.boot_id() and tree.is_alive(self.pid, self.started)

    def with_exit(self, exit_code: int | None, evidence: str) -> Note:
        """Answer the same note with its end written down."""
        return replace(self, ended=True, exit_code=exit_code, evidence=evidence)


def path_of(state_folder: Path, key: str) -> Path:
    """Answer where the note of a session is kept; any key makes a valid file name."""
    return state_folder / FOLDER / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"


def _write_aside(path: Path, note: Note) -> Path:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(note), file)
    return aside


def create(state_folder: Path, note: Note) -> None:
    """Write the first note of a session.

    Raises FileExistsError if there is one for the same key.
    """
    path = path_of(state_folder, note.key)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    aside = _write_aside(path, note)
    try:
        os.link(aside, path)
    finally:
        aside.unlink()


def replace_note(state_folder: Path, note: Note) -> None:
    """Put a newer note in the place of the old one."""
    path = path_of(state_folder, note.key)
    os.replace(_write_aside(path, note), path)


def read(state_folder: Path, key: str) -> Note | None:
    """Read the note of a session, or answer None if there is none."""
    return _read_file(path_of(state_folder, key))


def read_all(state_folder: Path) -> list[Note]:
    """Read all notes, oldest keeper first."""
    found = (_read_file(path) for path in (state_folder / FOLDER).glob("*.json"))
    return sorted((note for note in found if note), key=lambda note: note.started)


def remove_older(state_folder: Path, seconds: float) -> None:
    """Remove the notes of sessions that ended so long ago that nobody will ask."""
    before = time.time() - seconds
    for path in (state_folder / FOLDER).glob("*.json"):
        note = _read_file(path)
        if (note is None or note.ended) and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def remove(state_folder: Path, key: str) -> None:
    """Remove the note of a session, if there is one."""
    path_of(state_folder, key).unlink(missing_ok=True)


def _read_file(path: Path) -> Note | None:
    try:
        fields = json.loads(path.read_bytes())
        return Note(**{**fields, "cgroups": tuple(fields["cgroups"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
