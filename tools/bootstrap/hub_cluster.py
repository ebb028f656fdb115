"""`make run CLUSTER=1`: a Kubernetes cluster whose pods are the development hub's sessions."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from .places import CHECKOUT
from .python_packages import HUB_6
from .steps import Trouble, say


def is_asked_for() -> bool:
    """Tell whether sessions are to run in pods: `CLUSTER=1`."""
    return os.environ.get("CLUSTER", "") not in {"", "0"}


def run_on_it(state: Path, run: Callable[[dict[str, str]], int]) -> int:
    """Run a hub on a cluster in its state folder; `run` takes the variables that name the cluster.

    The cluster ends with a hub that was told to stop. One that ends by itself leaves it, so that
    the next one finds its sessions.

    Raises:
        Trouble: when the cluster cannot be had.
    """
    folder = state / "cluster"
    try:
        code = run(_begin(folder))
    except BaseException:
        _end(folder)
        raise
    if code == 0:
        _end(folder)
    return code


def read_variables(line: str) -> dict[str, str]:
    """Return what a line `export NAME=VALUE ...` sets."""
    return dict(word.split("=", 1) for word in shlex.split(line)[1:])


def _begin(folder: Path) -> dict[str, str]:
    """Start the cluster unless it runs, and give it the sources as they are."""
    say("starting a Kubernetes cluster; the first time, its programs and image are built ...")
    argv = [*_tool(), "begin", str(folder)]
    with subprocess.Popen(argv, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        line = ""
        for line in process.stdout or ():
            if line.startswith("-- "):
                print(line, end="", flush=True)
    if process.returncode:
        raise Trouble(line.removeprefix("error: ").strip())
    variables = read_variables(line)
    say(f"its pods and drives go with the hub; kubectl finds it by {variables['KUBECONFIG']}")
    return variables


def _end(folder: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    subprocess.run(
        [*_tool(), "end", str(folder)], cwd=CHECKOUT, stdout=subprocess.DEVNULL, check=True
    )
    say("the cluster is gone")


def _tool() -> list[str]:
    return [str(HUB_6.python), "-m", "tools.cluster"]
