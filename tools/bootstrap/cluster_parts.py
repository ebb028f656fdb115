"""What tests of a cluster need: built ahead, beside other work, and asked for when they begin."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Final

from .places import CHECKOUT, LOGS
from .python_packages import HUB_6
from .steps import say
from .supervise import ends_with_parent

_TOOL = ("-m", "tools.cluster")
_AHEAD = " ".join((*_TOOL, "ahead"))
_PARTS: Final = {"SESSIONS_CLUSTER_PROGRAMS": "programs", "SESSIONS_CLUSTER_IMAGE": "image"}
# A machine that builds for longer has not the time for the tests either.
_PATIENCE_SECONDS: Final = 25 * 60


@functools.cache
def why_no_cluster() -> str:
    """Return why this machine can never hold a cluster, in a sentence; empty if it can."""
    asked = subprocess.run(_argv("possible"), cwd=CHECKOUT, stdout=subprocess.PIPE, check=True)
    return asked.stdout.decode().strip()


@contextlib.contextmanager
def built_ahead() -> Iterator[None]:
    """Build what a cluster needs while the block runs, with processor time that nobody else wants.

    Whoever needs it waits for the steps that are under way; what failed is tried again then.
    """
    if why_no_cluster():
        yield
        return
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / "cluster-ahead.log").open("wb") as log:
        process = subprocess.Popen(
            _argv("ahead"),
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=ends_with_parent,  # noqa: PLW1509 (there are no threads here)
        )
    try:
        yield
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def is_ahead(command_line: str) -> bool:
    """Tell whether a command line is that of what is built ahead."""
    return _AHEAD in command_line


@functools.cache
def cluster_parts() -> dict[str, str]:
    """Have what tests of a cluster need; return the variables by which they find it.

    Where it cannot be had, the only variable says why, and its tests are skipped, under CI too:
    what is built here takes a network, a compiler and half an hour, and says nothing of a change.
    """
    why = why_no_cluster()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    found: dict[str, str] = {}
    for name, word in _PARTS.items():
        if not why:
            is_there, answer = ask(_argv(word), deadline)
            found[name] = answer
            why = "" if is_there else f"No {word} for a cluster: {answer or 'nothing was said'}."
    if why:
        say(f"{why} Tests of Kubernetes are skipped.")
        return {"SESSIONS_NO_CLUSTER": why}
    return found


def find_go() -> str:
    """Return the Go that a cluster's programs are built with; empty where it cannot be had."""
    is_there, answer = ask(_argv("go"), time.monotonic() + _PATIENCE_SECONDS)
    if not is_there:
        say(f"{answer} Tests that read Go modules are skipped by name.")
    return answer if is_there else ""


def ask(argv: list[str], deadline: float) -> tuple[bool, str]:
    """Tell whether a program has what it is asked for, and its last line: that, or what is wrong.

    What is not there by the deadline (of the monotonic clock) is given up.
    """
    answer = ""
    with subprocess.Popen(
        argv,
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=ends_with_parent,  # noqa: PLW1509 (its own thread is started later)
    ) as process:
        giving_up = threading.Timer(max(0.5, deadline - time.monotonic()), _end_all, [process])
        giving_up.start()
        for line in process.stdout or ():
            answer = line.rstrip("\n")
            if answer.startswith("-- "):
                print(answer, flush=True)
        giving_up.cancel()
    return process.returncode == 0, answer


def _end_all(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _argv(word: str) -> list[str]:
    return [str(HUB_6.python), *_TOOL, word]
