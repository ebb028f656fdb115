"""What tests of a cluster need: built ahead, beside other work, and asked for when they begin."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
from collections.abc import Iterator

from .machine import under_ci
from .places import CHECKOUT, LOGS
from .python_packages import HUB_6
from .steps import Trouble, say
from .supervise import ends_with_parent

_TOOL = ("-m", "tools.cluster")
_AHEAD = " ".join((*_TOOL, "ahead"))


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

    Raises:
        Trouble: under CI, when a machine that can hold a cluster cannot have it.
    """
    if why := why_no_cluster():
        say(f"{why} Tests of Kubernetes are skipped.")
        return {"SESSIONS_NO_CLUSTER": why}
    parts = {"SESSIONS_CLUSTER_PROGRAMS": "programs", "SESSIONS_CLUSTER_IMAGE": "image"}
    return {name: _part(word) for name, word in parts.items()}


def _part(word: str) -> str:
    """Return what `tools.cluster` answers in its last line; empty where it cannot be had."""
    argv = _argv(word)
    answer = ""
    with subprocess.Popen(argv, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            answer = line.rstrip("\n")
            if answer.startswith("-- "):
                print(answer, flush=True)
    if process.returncode == 0:
        return answer
    if under_ci():
        raise Trouble(answer)
    say(f"{answer} Tests of Kubernetes are skipped by name.")
    return ""


def _argv(word: str) -> list[str]:
    return [str(HUB_6.python), *_TOOL, word]
