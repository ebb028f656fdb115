"""Notebooks of a running session: kernels by its own API, and code that they run."""

from __future__ import annotations

import json
import uuid
from typing import Any

from .inside import call_lab
from .product import Product
from .websockets import websocket

# Memory that nobody has: pages that are written to, until somebody ends it.
ALL_MEMORY = "held = []\nwhile True: held.append(bytearray(b'x' * (8 << 20)))"


def open_notebook(product: Product, session: dict[str, Any], path: str) -> str:
    """Start the kernel of a notebook and return the kernel's id."""
    body = {"path": path, "name": "", "type": "notebook", "kernel": {"name": ""}}
    answer = call_lab(product, session, "POST", "api/sessions", body)
    assert answer.status_code == 201, answer.text
    kernel: str = answer.json()["kernel"]["id"]
    return kernel


async def execute(product: Product, session: dict[str, Any], kernel: str, code: str) -> None:
    """Ask a kernel to run code, and wait until it has begun."""
    base = session["urls"]["lab"].removesuffix("lab")
    url = f"{product.url}{base}api/kernels/{kernel}/channels"
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
    header.update({"session": "s", "username": "", "date": "2026-11-21T00:00:00Z"})
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    token = product.token(session["owner"])
    async with websocket(url, {"Authorization": f"token {token}"}) as connection:
        await connection.write_message(json.dumps({**message, "channel": "shell", "buffers": []}))
        while (read := await connection.read_message()) is not None:
            if json.loads(read)["msg_type"] == "execute_input":
                return
    raise AssertionError("The kernel's channel was closed before the code began.")


def lines_of(product: Product, session: dict[str, Any], event: str) -> list[dict[str, Any]]:
    """Return the lines of a session's story about one kind of event."""
    path = f"sessions/{session['id']}/chronicle"
    story = product.api("GET", path, user=session["owner"], expect=200).json()["items"]
    return [line for line in story if line["event"] == event]
