"""What is inside a running session: its processes, their environment, its own API."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import httpx

from sessions_spawner.local import notes, tree

from .product import Product
from .waiting import wait_for


def processes_of(product: Product, session_id: str) -> list[int]:
    """Return the pids of a session's programs: the server and all that it started."""
    return [
        process.pid
        for note in notes.read_all(product.state / "processes")
        if note.key.startswith(f"{session_id}:") and note.is_alive() and not note.ended
        for process in tree.descendants(note.pid)
    ]


def server_process_of(product: Product, session_id: str) -> int:
    """Return the pid of a session's server: the child of its keeper."""
    keepers = {
        note.pid
        for note in notes.read_all(product.state / "processes")
        if note.key.startswith(f"{session_id}:") and not note.ended
    }
    for pid in processes_of(product, session_id):
        process = tree.read_process(pid)
        if process is not None and process.parent in keepers:
            return pid
    raise AssertionError(f"{session_id} has no server among {processes_of(product, session_id)}")


def env_of(pid: int) -> dict[str, str]:
    """Return the variables that a process was started with."""
    parts = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    texts = (part.decode() for part in parts if b"=" in part)
    return dict(text.split("=", 1) for text in texts)


def call_lab(
    product: Product, session: dict[str, Any], method: str, path: str, body: Any = None
) -> httpx.Response:
    """Call a session's own API through the proxy, as its owner."""
    address = session["urls"]["lab"].removesuffix("lab") + path
    headers = {"Authorization": f"token {product.token(session['owner'])}"}
    return product.client.request(method, address, json=body, headers=headers)


def env_of_kernel(product: Product, session: dict[str, Any]) -> dict[str, str]:
    """Return what code in a notebook of this session finds in its environment."""
    before = set(processes_of(product, session["id"]))
    answer = call_lab(product, session, "POST", "api/kernels", {})
    assert answer.status_code == 201, answer.text

    def look() -> dict[str, str]:
        for pid in set(processes_of(product, session["id"])) - before:
            with contextlib.suppress(OSError):  # what ran for a moment only
                if b"ipykernel" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return env_of(pid)
        return {}

    return wait_for(look, what="a kernel")


def put_activity(
    product: Product, session_id: str, token: str, *used: dict[str, Any], **more: Any
) -> httpx.Response:
    """Report a session's use, and what `more` is to be said, as the session itself does."""
    address = f"/services/sessions/api/v1/sessions/{session_id}/activity"
    return product.client.put(
        address,
        content=json.dumps({"used": list(used), **more}),
        headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
    )
