"""The supervisor: holds the listening socket for life and starts a worker anew within a second."""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final
from urllib.parse import urlsplit

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_STOP_SECONDS: Final = 10
_PAUSES: Final = (0.05, 0.1, 0.2, 0.5, 1.0)
# A worker that lived this long was healthy: the next one is started at once.
_HEALTHY_SECONDS: Final = 10.0


def end_with_parent() -> None:
    """Have the system end this process when its parent dies, and hide its memory from others."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if os.getppid() == 1:
        sys.exit("The hub is gone.")


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

    def __init__(self, state: Path, url: str) -> None:
        self._state = state
        self._id = secrets.token_hex(8)
        self._socket = open_socket(url)
        self._worker: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; return the exit code."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGALRM, self._kill)
        tries = 0
        while not self._stopping:
            began = time.monotonic()
            self._worker = self._start_worker()
            code = self._worker.wait()
            if self._stopping:
                break
            lived = time.monotonic() - began
            tries = 0 if lived > _HEALTHY_SECONDS else tries + 1
            print(f"supervisor.worker_ended code={code} lived={lived:.1f}", file=sys.stderr)
            time.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
        return 0

    def _start_worker(self) -> subprocess.Popen[bytes]:
        fd = self._socket.fileno()
        command = [sys.executable, "-m", "sessions_service", "work"]
        command += ["--state", str(self._state), "--socket-fd", str(fd), "--supervisor", self._id]
        return subprocess.Popen(command, pass_fds=[fd], stdin=subprocess.DEVNULL)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        # `run` waits for the worker and holds its lock: here it is only told.
        self._stopping = True
        self._tell(signal.SIGTERM)
        signal.alarm(_STOP_SECONDS)

    def _kill(self, _signal: int, _frame: FrameType | None) -> None:
        self._tell(signal.SIGKILL)

    def _tell(self, number: signal.Signals) -> None:
        if self._worker is not None and self._worker.returncode is None:
            os.kill(self._worker.pid, number)


def supervise(state: Path) -> int:
    """Run the supervisor at the address that the hub gave."""
    end_with_parent()
    return Supervisor(state, os.environ["JUPYTERHUB_SERVICE_URL"]).run()
