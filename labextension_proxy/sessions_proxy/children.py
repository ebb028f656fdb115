"""How the programs of a session's doors are started, and end with the server they belong to."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2)

# Towards programs, neither the visitor's cookies nor his tokens are passed on.
STRIPPED_HEADERS = {"Cookie": "", "Authorization": ""}


def python_module(module: str, *arguments: str) -> list[str]:
    """Make the command of one of our modules, for a jupyter-server-proxy entry.

    `-P` keeps files of the drive, which is the current folder, from being imported in place of the
    standard library's. Braces are doubled because jupyter-server-proxy formats every argument.
    """
    command = [sys.executable, "-P", "-m", module, *arguments]
    return [argument.replace("{", "{{").replace("}", "}}") for argument in command]


def end_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it is gone (Linux)."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
