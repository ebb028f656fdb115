"""What faults need beside the product: its processes, found from outside, and what is left."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import Any

import httpx

from sessions_spawner.local import notes, tree
from tests.support.inside import call_lab, env_of_kernel
from tests.support.product import SUPERVISOR, WORKER, Product
from tests.support.waiting import wait_for

__all__ = ["SUPERVISOR", "WORKER"]

HUB = r"-m jupyterhub -f"


def the_one(product: Product, pattern: str) -> int:
    """Return the pid of the one process of this product whose command line matches."""
    found = product.pids(pattern)
    assert len(found) == 1, (pattern, found)
    return found[0]


def is_hub_running(product: Product) -> bool:
    """Tell whether the hub's process is there."""
    return bool(product.pids(HUB))


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to a process of the product."""
    os.kill(pid, number)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    process = tree.read_process(pid)
    return process is not None and not process.is_zombie


def keeper_of(product: Product, session_id: str) -> int:
    """Return the pid of the keeper of a running session."""
    found = [
        note.pid
        for note in notes.read_all(product.state / "processes")
        if note.key.startswith(f"{session_id}:") and note.is_alive() and not note.ended
    ]
    assert len(found) == 1, found
    return found[0]


def fork_server_of(product: Product) -> int:
    """Return the pid of the fork server: keepers have its command line, and are in their notes."""
    keepers = {note.pid for note in notes.read_all(product.state / "processes")}
    servers = [
        pid
        for pid in product.pids(r"sessions_spawner\.local\.fork_server")
        if not any(tree.is_below(pid, keeper) for keeper in keepers)
    ]
    assert len(servers) == 1, servers
    return servers[0]


def processes_of_folder(folder: Path) -> dict[int, str]:
    """Return pid → command line of every process that has to do with a folder."""
    found = {}
    wanted = str(folder)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if wanted in command or wanted in _surroundings(entry):
                found[int(entry.name)] = command
    return found


def _surroundings(entry: Path) -> str:
    """Return a process's environment and working folder, as far as they may be read."""
    texts = []
    with contextlib.suppress(OSError):
        texts.append((entry / "environ").read_bytes().decode(errors="replace"))
    with contextlib.suppress(OSError):
        texts.append(str((entry / "cwd").readlink()))
    return "\0".join(texts)


def wait_nothing_left(folder: Path) -> None:
    """Wait until no process has to do with a folder any more; fail with what is left."""
    left: dict[int, str] = {}

    def look() -> bool:
        left.clear()
        left.update(processes_of_folder(folder))
        return not left

    try:
        wait_for(look, seconds=20)
    except AssertionError:
        raise AssertionError(f"left running: {left}") from None


def end_what_is_left(folder: Path) -> None:
    """Kill what a failed test has left; nothing otherwise."""
    for _ in range(3):
        for pid in processes_of_folder(folder):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def is_served(product: Product) -> bool:
    """Tell whether the service answers."""
    return _answers_well(f"{product.base}health")


def is_ready(product: Product) -> bool:
    """Tell whether database, lease, hub and link of the service are there."""
    return _answers_well(f"{product.base}health/ready")


def _answers_well(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def stop(product: Product, session: dict[str, Any]) -> None:
    """Ask for a session's stop."""
    path = f"sessions/{session['id']}/stop"
    product.api("POST", path, user=session["owner"], expect=202)


def ended(product: Product, session: dict[str, Any], seconds: float = 30) -> dict[str, Any]:
    """Return a session once it has ended."""
    return product.wait_state(
        session["id"], "stopped", "failed", user=session["owner"], seconds=seconds
    )


def lab_opens(product: Product, session: dict[str, Any]) -> bool:
    """Tell whether JupyterLab answers its owner."""
    return call_lab(product, session, "GET", "api/status").status_code == 200


def activity_door_of(product: Product, session: dict[str, Any]) -> tuple[str, str]:
    """Return where a session reports its use, and the token with which it does."""
    env = env_of_kernel(product, session)
    return env["SESSIONS_ACTIVITY_URL"], env["JUPYTERHUB_API_TOKEN"]


def wait_gone(pid: int, seconds: float = 5) -> None:
    """Wait until a process has ended."""
    wait_for(lambda: not is_alive(pid), seconds=seconds, what=f"process {pid} to end")
