"""Runs the tests as the parent of everything they start, so that nothing is left behind unseen.

The test run is a child of this process, which adopts whatever loses its parent (Linux's child
subreaper): daemons that a test forgot are still here when the tests have ended. They are named,
ended, and fail the run.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 3.0


def run_supervised(argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> tuple[int, list[str]]:
    """Run a program to its end; return its exit code and the command lines of what it left."""
    adopts = _adopt_orphans()
    process = subprocess.Popen(argv, env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL)
    try:
        code = _wait_and_reap(process.pid)
    except KeyboardInterrupt:
        code = 130
    process.returncode = code  # reaped here, not by Popen
    return code, _end_leftovers() if adopts else []


def _adopt_orphans() -> bool:
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def _wait_and_reap(wanted: int) -> int:
    """Collect every child that ends, adopted ones included, until the wanted one has ended."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == wanted:
            return os.waitstatus_to_exitcode(status)


def _end_leftovers() -> list[str]:
    """End what is left, after a moment for what is just ending; return the command lines."""
    deadline = time.monotonic() + GRACE_SECONDS
    while _children_left() and time.monotonic() < deadline:
        time.sleep(0.05)
    named = []
    while children := _children_left():
        for pid in children:
            named.append(f"{pid}: {_command_line(pid)}")
            os.kill(pid, signal.SIGKILL)  # its own children come to us in the next turn
            os.waitpid(pid, 0)
    return named


def _children_left() -> list[int]:
    """Return the direct children that still run; ended ones are collected."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return []
        if pid == 0:
            break
    children: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        children += map(int, (task / "children").read_text().split())
    return children


def _command_line(pid: int) -> str:
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return "(ended)"
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()[:200]
