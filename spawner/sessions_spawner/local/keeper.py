"""The keeper of one session: a small process that starts its program and ends its whole tree.

Every descendant that loses its parent becomes the keeper's child, so a session is over exactly
when the keeper has no children left. SIGTERM ends the tree gently, SIGUSR2 at once.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from . import child, limits, linux, notes, tree
from .process_request import LaunchError, ProcessRequest, receive_request, send_line

REQUEST_WITHIN_SECONDS = 10.0
GRACE_AFTER_OWN_END_SECONDS = 3.0
GRACE_WITHOUT_WORD_SECONDS = 30.0
KILL_AGAIN_SECONDS = 0.05
SIGNALS = frozenset({signal.SIGCHLD, signal.SIGTERM, signal.SIGUSR2})
OUT_OF_MEMORY = "out-of-memory"


def keep(connection: socket.socket, state_folder: Path) -> NoReturn:
    """Be a session's keeper until its last process has ended; never return.

    `connection` is the launch connection, of which nothing has been read yet. All signals are
    blocked when this is called, and stay so in the keeper.
    """
    os.setsid()
    linux.become_subreaper()
    linux.set_name("session-keeper")
    connection.settimeout(REQUEST_WITHIN_SECONDS)
    try:
        request, nonce, listener = receive_request(connection)
    except (OSError, ValueError, TypeError, KeyError):
        os._exit(1)
    try:
        keeper = Keeper(request, state_folder, connection)
        keeper.start(lambda: child.become(request, nonce, listener, connection, keeper.limits))
    except (LaunchError, OSError) as error:
        _try_answer(connection, {"error": str(error)})
        os._exit(1)
    if listener is not None:
        listener.close()
    os._exit(keeper.run())


class Keeper:
    """One session's processes, seen from the process above them."""

    def __init__(
        self, request: ProcessRequest, state_folder: Path, connection: socket.socket
    ) -> None:
        self.request = request
        self.state_folder = state_folder
        self.connection = connection
        self.limits = limits.Limits()
        self.server_pid = 0
        self.server_code: int | None = None
        self.has_server_ended = False
        self.kill_at: float | None = None
        self.is_abandoned = False

    def start(self, become: Callable[[], NoReturn]) -> None:
        """Write the note, start the program, and answer the launch.

        Raises LaunchError if the session is there already or its log cannot be opened.
        """
        own_start = tree.start_ticks(os.getpid()) or 0
        _open_log(self.request)
        name = f"session-{os.getpid()}-{own_start}"
        self.limits = limits.prepare(name, self.request.memory_bytes, self.request.cpu_cores)
        self.note = notes.Note(
            self.request.key, os.getpid(), own_start, linux.boot_id(), self.limits.cgroups
        )
        try:
            notes.create(self.state_folder, self.note)
        except FileExistsError:
            limits.remove(self.limits.cgroups)
            raise LaunchError(f"Session {self.request.key} was started already.") from None
        try:
            self.server_pid = os.fork()
        except OSError as error:
            self._discard()
            raise LaunchError(f"No process can be started here: {error.strerror}.") from None
        if self.server_pid == 0:
            become()
        self._answer(own_start)

    def _answer(self, own_start: int) -> None:
        answer = {
            "pid": os.getpid(),
            "started": own_start,
            "server_pid": self.server_pid,
            "limits": self.limits.sentence,
        }
        if not _try_answer(self.connection, answer):
            # Whoever asked is gone and cannot know of this session: leave nothing behind.
            self.is_abandoned = True
            self.kill_at = 0.0

    def _discard(self) -> None:
        limits.remove(self.limits.cgroups)
        notes.remove(self.state_folder, self.request.key)

    def run(self) -> int:
        """Wait until no descendant is left, write the exit down, and answer it as a status."""
        while self._reap():
            if self.has_server_ended and self.kill_at is None:
                self._begin_end(GRACE_AFTER_OWN_END_SECONDS)
            if self.kill_at is not None and time.monotonic() >= self.kill_at:
                tree.send_to_all(tree.descendants(os.getpid()), signal.SIGKILL)
            self._wait()
        return self._finish()

    def _wait(self) -> None:
        timeout = 3600.0
        if self.kill_at is not None:
            timeout = max(KILL_AGAIN_SECONDS, self.kill_at - time.monotonic())
        received = signal.sigtimedwait(SIGNALS, timeout)
        if received is None:
            return
        if received.si_signo == signal.SIGUSR2:
            self.kill_at = 0.0
        elif received.si_signo == signal.SIGTERM and self.kill_at is None:
            self._begin_end(GRACE_WITHOUT_WORD_SECONDS)

    def _begin_end(self, grace_seconds: float) -> None:
        tree.send_to_all(tree.descendants(os.getpid()), signal.SIGTERM)
        self.kill_at = time.monotonic() + grace_seconds

    def _reap(self) -> bool:
        """Collect what has ended; answer whether any child is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.server_pid:
                self.has_server_ended = True
                self.server_code = os.waitstatus_to_exitcode(status)

    def _finish(self) -> int:
        code = self.server_code
        was_killed = code == -signal.SIGKILL
        kills = limits.out_of_memory_kills(self.limits.cgroups) if was_killed else 0
        evidence = OUT_OF_MEMORY if kills else ""
        if self.is_abandoned:
            self._discard()
            return 1
        limits.remove(self.limits.cgroups)
        notes.replace_note(self.state_folder, self.note.with_exit(code, evidence))
        _try_answer(self.connection, {"ended": code, "evidence": evidence})
        if code is None:
            return 1
        return code if code >= 0 else 128 - code


def _open_log(request: ProcessRequest) -> None:
    """Send what the keeper and its children print to the session's log."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(request.log_path, flags, 0o600)
    except OSError as error:
        raise LaunchError(f"The session's log cannot be opened: {error.strerror}.") from None
    os.dup2(descriptor, sys.stdout.fileno())
    os.dup2(descriptor, sys.stderr.fileno())
    os.close(descriptor)


def _try_answer(connection: socket.socket, fields: dict[str, object]) -> bool:
    try:
        send_line(connection, fields)
    except OSError:
        return False
    return True
