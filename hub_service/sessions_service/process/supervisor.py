"""The supervisor: holds the listening socket for life and has another worker in a moment.

It loads what a worker needs once, which takes Python most of a start, and forks workers from
there. It runs no thread and no event loop and opens nothing but the socket, so that a worker
finds nothing half done in its memory.
"""

from __future__ import annotations

import ctypes
import gc
import os
import secrets
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final
from urllib.parse import urlsplit

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_NAME: Final = 15
_STOP_SECONDS: Final = 10
_PAUSES: Final = (0.02, 0.1, 0.2, 0.5, 1.0)
# A worker that lived this long was healthy: the next one is started at once.
_HEALTHY_SECONDS: Final = 10.0
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)

# What a worker does, given the socket's descriptor and the supervisor's id: to its exit code.
Work = Callable[[int, str], int]


def end_with_parent(parent: int | None = None) -> None:
    """Have the system end this process when its parent dies, and hide its memory from others."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    hide_memory()
    # In a container the supervisor itself may be process 1.
    is_gone = os.getppid() == 1 if parent is None else os.getppid() != parent
    if is_gone:
        sys.exit("The parent is gone.")


def hide_memory() -> None:
    """Hide this process's memory and environment from others of the same system user."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def name_process(name: str) -> None:
    """Give this process a name that `ps` and `top` show, of at most 15 characters."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def open_socket(url: str) -> socket.socket:
    """Return a listening socket for the service's address."""
    parts = urlsplit(url)
    found = socket.socket(socket.AF_INET6 if ":" in (parts.hostname or "") else socket.AF_INET)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((parts.hostname, parts.port or 80))
    found.listen(1024)
    found.setblocking(False)
    return found


class Supervisor:
    """Runs one worker after the other on one socket."""

    def __init__(self, url: str) -> None:
        self._id = secrets.token_hex(8)
        self._socket = open_socket(url)
        self._worker: int | None = None
        self._stopping = False

    def run(self, work: Work) -> int:
        """Serve until SIGTERM or SIGINT; return the exit code."""
        name_process("sessions-super")
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGALRM, self._kill)
        # What was loaded stays in memory that the workers share.
        gc.collect()
        gc.freeze()
        tries = 0
        while not self._stopping:
            began = time.monotonic()
            pid = self._start_worker(work)
            if pid is None:
                break
            _, status = os.waitpid(pid, 0)
            self._worker = None
            if self._stopping:
                break
            code, lived = os.waitstatus_to_exitcode(status), time.monotonic() - began
            tries = 0 if lived > _HEALTHY_SECONDS else tries + 1
            print(f"supervisor.worker_ended code={code} lived={lived:.1f}", file=sys.stderr)
            time.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
        return 0

    def _start_worker(self, work: Work) -> int | None:
        """Fork a worker, unless the supervisor was told to stop; return its pid."""
        # A signal in between would find neither a worker to tell nor a supervisor that waits.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            if not self._stopping:
                parent = os.getpid()
                self._worker = os.fork()
                if self._worker == 0:
                    os._exit(self._be_worker(work, parent))
            return self._worker
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def _be_worker(self, work: Work, parent: int) -> int:
        """Work in a process of its own; return the exit code, whatever happens."""
        code = 1
        try:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            end_with_parent(parent)
            name_process("sessions-worker")
            code = work(self._socket.fileno(), self._id)
        except SystemExit as reason:
            print(reason, file=sys.stderr)
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        return code

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True
        self._tell(signal.SIGTERM)
        signal.alarm(_STOP_SECONDS)

    def _kill(self, _signal: int, _frame: FrameType | None) -> None:
        self._tell(signal.SIGKILL)

    def _tell(self, number: signal.Signals) -> None:
        # A zombie that is not waited for yet keeps its number: nobody else is hit.
        if self._worker is not None:
            os.kill(self._worker, number)


def supervise(state: Path, secrets_folder: Path | None = None, link: str = "unix:") -> int:
    """Run the supervisor at the address that the hub gave, or in a place of its own."""
    if secrets_folder is None:
        end_with_parent()
    elif problem := _take_own_place(state, secrets_folder, link):
        print(problem, file=sys.stderr)
        return 1
    # Callers wait in the socket while the rest is loaded.
    supervisor = Supervisor(os.environ["JUPYTERHUB_SERVICE_URL"])
    from .place import Place
    from .worker import work

    place = Place(state, secrets_folder, link)
    return supervisor.run(lambda socket_fd, holder: work(place, socket_fd, holder))


def _take_own_place(state: Path, secrets_folder: Path, link: str) -> str:
    """Be ready to run without the hub as parent; return what is in the way, if anything is."""
    from .place import Place, WrongPlace

    hide_memory()
    try:
        Place(state, secrets_folder, link).make_ready(os.environ)
    except WrongPlace as wrong:
        return str(wrong)
    return ""
