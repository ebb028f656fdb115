"""Named places where a test has the worker fail; without the variable they do nothing.

The variable `SESSIONS_FAILPOINTS`, which nothing but a test sets, names a file with one line: a
place and an action. The first to come by removes the file and does it, so it happens once.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

VARIABLE: Final = "SESSIONS_FAILPOINTS"
NAMES: Final = (
    "create.after_row",
    "create.after_hub_call",
    "create.before_event",
    "stop.after_intent",
    "stop.after_hub_call",
    "reconcile.mid_list",
    "sse.mid_batch",
    "migrate.mid_step",
)
ACTIONS: Final = ("kill", "raise", "sleep")
SLEEP_SECONDS: Final = 2.0


class Injected(Exception):
    """What a failpoint raises."""


def hit(name: str) -> None:
    """Fail here if a test wants it: end the process, raise `Injected`, or hold everything up."""
    path = os.environ.get(VARIABLE)
    if path is not None:
        _fail(Path(path), name)


def _fail(path: Path, name: str) -> None:
    try:
        wanted, action = path.read_text().split()
        if wanted != name:
            return
        path.unlink()
    except (OSError, ValueError):
        return
    log.warning("failpoint.hit name=%s action=%s", name, action)
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "raise":
        raise Injected(name)
    time.sleep(SLEEP_SECONDS)
