"""The fork server's table of keepers: its own, those it found, and how they end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import limits, notes, tree
from .notes import Note

KEEP_EXITS_SECONDS = 7 * 24 * 3600.0


@dataclass
class Keeper:
    """One living keeper; `descriptor` is its pidfd if it is not our child.

    `note` is None until it is asked for, since the keeper writes it some time after the fork.
    """

    pid: int
    started: int
    note: Note | None = None
    descriptor: int | None = None
    kill_at: float | None = None
    is_stopping: bool = False


class Keepers:
    """All living keepers of one state folder.

    `on_exit` is called once for each session that ended, when its note says so.
    """

    def __init__(self, state_folder: Path, on_exit: Callable[[Note], None]) -> None:
        self.state_folder = state_folder
        self.on_exit = on_exit
        self.living: dict[int, Keeper] = {}
        self._killed: list[Note] = []

    def __len__(self) -> int:
        return len(self.living)

    def add(self, pid: int) -> None:
        """Take in a keeper that was just forked."""
        self.living[pid] = Keeper(pid, tree.start_ticks(pid) or 0)

    def adopt(self) -> list[int]:
        """Take in the keepers of an earlier fork server and answer their pidfds.

        Sessions whose keeper is gone without an exit are written down as ended.
        """
        notes.remove_older(self.state_folder, KEEP_EXITS_SECONDS)
        found = []
        for note in notes.read_all(self.state_folder):
            if note.ended:
                continue
            if not note.is_alive():
                self._write_lost(note)
                continue
            descriptor = os.pidfd_open(note.pid)
            self.living[note.pid] = Keeper(note.pid, note.started, note, descriptor)
            found.append(descriptor)
        return found

    def notes(self) -> list[Note]:
        """Answer the notes of all living keepers."""
        self._read_notes()
        return [keeper.note for keeper in self.living.values() if keeper.note is not None]

    def find(self, note: Note) -> Keeper | None:
        """Find the living keeper that wrote this note; from now on its end will be told."""
        keeper = self.living.get(note.pid)
        if keeper is None or keeper.started != note.started:
            return None
        keeper.note = note
        return keeper

    def stop(self, keeper: Keeper, grace_seconds: float) -> None:
        """Ask a keeper to end its tree; after the grace it is told to kill."""
        keeper.is_stopping = True
        kill_at = time.monotonic() + grace_seconds
        if keeper.kill_at is None or kill_at < keeper.kill_at:
            keeper.kill_at = kill_at
        self._signal(keeper, signal.SIGTERM if grace_seconds > 0 else signal.SIGUSR2)

    def kill_due(self) -> float | None:
        """Tell keepers whose grace is over to kill; answer when the next one is due."""
        now = time.monotonic()
        for keeper in self.living.values():
            if keeper.kill_at is not None and keeper.kill_at <= now:
                self._signal(keeper, signal.SIGUSR2)
                keeper.kill_at = None
        return min((k.kill_at for k in self.living.values() if k.kill_at is not None), default=None)

    def reap(self) -> None:
        """Collect ended keepers, and end what a killed keeper left to us."""
        while (ended := _reap_one()) is not None:
            pid, code = ended
            keeper = self.living.get(pid)
            if keeper is not None:
                self._write_end(keeper, code)
                del self.living[pid]
        self._end_orphans()

    def take_adopted(self, descriptor: int) -> None:
        """Note the end of an adopted keeper whose pidfd became readable."""
        for keeper in list(self.living.values()):
            if keeper.descriptor == descriptor:
                os.close(descriptor)
                self._write_end(keeper, None)
                del self.living[keeper.pid]
        self._end_orphans()

    def _write_end(self, keeper: Keeper, code: int | None) -> None:
        note = self._newest_note(keeper)
        if note is None:
            # Given up before anybody could know of it, or told to end in that moment.
            if keeper.note is not None:
                self.on_exit(keeper.note.with_exit(None, ""))
            return
        if note.ended:
            self.on_exit(note)
            return
        # The keeper was killed: the session is over once its processes have come to us and died.
        _kill_members(note)
        self._killed.append(note.with_exit(code, "keeper-killed"))

    def _newest_note(self, keeper: Keeper) -> Note | None:
        if keeper.note is None:
            self._read_notes()
            return keeper.note
        return notes.read(self.state_folder, keeper.note.key)

    def _end_orphans(self) -> None:
        if not self._killed:
            return
        own = os.getpid()
        kept = self.living.keys()
        orphans = [p for p in tree.all_processes() if p.parent == own and p.pid not in kept]
        for orphan in orphans:
            tree.send_to_all([orphan, *tree.descendants(orphan.pid)], signal.SIGKILL)
        if not orphans:
            killed, self._killed = self._killed, []
            for note in killed:
                self._publish(note)

    def _write_lost(self, note: Note) -> None:
        _kill_members(note)
        self._publish(note.with_exit(None, "lost"))

    def _publish(self, note: Note) -> None:
        limits.remove(note.cgroups)
        notes.replace_note(self.state_folder, note)
        self.on_exit(note)

    def _read_notes(self) -> None:
        if all(keeper.note is not None for keeper in self.living.values()):
            return
        for note in notes.read_all(self.state_folder):
            self.find(note)

    def _signal(self, keeper: Keeper, number: int) -> None:
        try:
            if keeper.descriptor is not None:
                signal.pidfd_send_signal(keeper.descriptor, number)
            else:
                os.kill(keeper.pid, number)  # our own child, not reaped yet: the pid is its own
        except ProcessLookupError:
            return  # an adopted one that has just ended: its descriptor tells so next


def _kill_members(note: Note) -> None:
    for pid in limits.members(note.cgroups):
        process = tree.read_process(pid)
        if process is not None:
            tree.send(process, signal.SIGKILL)


def _reap_one() -> tuple[int, int] | None:
    try:
        pid, status = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return (pid, os.waitstatus_to_exitcode(status)) if pid else None
