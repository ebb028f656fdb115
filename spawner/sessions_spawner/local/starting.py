"""Starting a fork server: an explicit small environment, and nothing else of the hub's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LOG_FILE = "fork_server.log"
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")


def start_fork_server(state_folder: Path, idle_seconds: float) -> subprocess.Popen[bytes]:
    """Start a fork server in a session of its own, so that it outlives the hub and Ctrl-C.

    It ends by itself if the folder has one already.
    """
    command = [sys.executable, "-P", "-m", "sessions_spawner.local.fork_server"]
    arguments = [str(state_folder), "--idle-seconds", str(idle_seconds)]
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(state_folder / LOG_FILE, flags, 0o600)
    try:
        return subprocess.Popen(
            [*command, *arguments],
            env=minimal_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            close_fds=True,
            start_new_session=True,
        )
    finally:
        os.close(descriptor)


def minimal_environment() -> dict[str, str]:
    """Make the fork server's environment: nothing of the hub's but where programs are."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment.setdefault("PATH", os.defpath)
    environment.setdefault("LANG", "C.UTF-8")
    # No user's home: what reads it at import would carry it into every session.
    environment["HOME"] = "/nonexistent"
    source = Path(__file__).parents[2]
    if source.name not in ("site-packages", "dist-packages"):
        environment["PYTHONPATH"] = str(source)
    return environment
