"""Runs a program as the parent of everything it starts, so that nothing is left behind unseen.

The program is a child of this process, which adopts whatever loses its parent (Linux's child
subreaper). Daemons that a test forgot, or the proxy of a hub that ended half way through its start,
are therefore still here when the program has ended, and can be named and ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Ended:
    """How a supervised program ended, and whether it was asked to."""

    code: int
    asked: bool


def run_supervised(
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: Path,
    *,
    forward: Callable[[int], None] | None = None,
) -> Ended:
    """Run a program to its end and adopt what it leaves.

    Without `forward` the program shares our process group, so Ctrl-C reaches it by itself. With it,
    the program has a session of its own, and `forward` is called with its pid when we are told to
    stop (by SIGINT or SIGTERM, however often).
    """
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    asked = False
    process = subprocess.Popen(
        argv,
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        start_new_session=forward is not None,
        preexec_fn=_begin,  # noqa: PLW1509 (there are no threads here)
    )

    def stop(_number: int, _frame: object) -> None:
        nonlocal asked
        asked = True
        if forward is not None:
            forward(process.pid)

    with _handling(stop, signal.SIGINT, signal.SIGTERM):
        code = _wait_and_reap(process.pid)
    process.returncode = code  # reaped here, not by Popen
    return Ended(code, asked)


def end_leftovers(
    *, grace_seconds: float, ask: bool, keep: Callable[[str], bool] = lambda _command: False
) -> list[str]:
    """End what is left of supervised programs; return "pid: command line" of what had to be ended.

    What ends by itself within the grace is not counted. `ask` sends SIGTERM at its beginning;
    at its end comes SIGKILL. What `keep` names by its command line is let be.
    """

    def left() -> list[int]:
        return [pid for pid in _children() if not keep(_command_line(pid))]

    if ask:
        for pid in left():
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while left() and time.monotonic() < deadline:
        time.sleep(0.05)
    named = []
    while pids := left():
        for pid in pids:
            named.append(f"{pid}: {_command_line(pid)}")
            os.kill(pid, signal.SIGKILL)  # its own children come to us in the next turn
            os.waitpid(pid, 0)
    return named


@contextlib.contextmanager
def _handling(handler: Callable[[int, object], None], *numbers: int) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def ends_with_parent() -> None:
    """Have this process told to stop when its parent ends."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _begin() -> None:
    """Have the program told to stop if this process is killed; nobody's ignoring is inherited.

    A shell has what it runs in the background ignore SIGINT, and a hub that starts would lose it.
    """
    ends_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _wait_and_reap(wanted: int) -> int:
    """Collect every child that ends, adopted ones included, until the wanted one has ended."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == wanted:
            return os.waitstatus_to_exitcode(status)


def _children() -> list[int]:
    """Return the direct children that still run; ended ones are collected."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return []
        if pid == 0:
            break
    children: list[int] = []
    for task in Path("/proc/self/task").glob("*/children"):
        children += map(int, task.read_text().split())
    return children


def _command_line(pid: int) -> str:
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return "(ended)"
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()[:200]
