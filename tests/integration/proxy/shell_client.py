"""A client of terminado's protocol, as a program would use the shell's address."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from tornado.websocket import WebSocketClientConnection

from tests.support.websockets import websocket

from .session_process import TOKEN

SECONDS = 30.0


class HasUrl(Protocol):
    """A session that can be spoken to."""

    @property
    def url(self) -> str:
        """The base address, with a slash at the end."""


class ShellClient:
    """One connection to a shell; `text` is all it has sent."""

    def __init__(self, connection: WebSocketClientConnection) -> None:
        self.connection = connection
        self.text = ""
        self.messages: list[list[Any]] = []

    async def type(self, text: str) -> None:
        """Send what a keyboard would."""
        await self.send(["stdin", text])

    async def send(self, message: list[Any]) -> None:
        """Send any message."""
        await self.connection.write_message(json.dumps(message))

    async def receive(self, seconds: float = SECONDS) -> list[Any] | None:
        """Return the next message; None at the connection's end."""
        read = await asyncio.wait_for(self.connection.read_message(), seconds)
        if read is None:
            return None
        message: list[Any] = json.loads(read)
        self.messages.append(message)
        if message[0] == "stdout":
            self.text += message[1]
        return message

    async def until(self, pattern: str) -> str:
        """Read until the text matches, and return the first group (or the match)."""
        while (found := re.search(pattern, self.text)) is None:
            assert await self.receive() is not None, f"the connection ended: {self.text!r}"
        return found[1] if found.groups() else found[0]

    async def until_silent(self, seconds: float = 1.0) -> None:
        """Read until nothing comes for a while."""
        try:
            while await self.receive(seconds) is not None:
                pass
        except TimeoutError:
            return

    async def until_kind(self, kind: str) -> list[Any]:
        """Read until a message of a kind comes, and return it."""
        while (message := await self.receive()) is not None:
            if message[0] == kind:
                return message
        raise AssertionError(f"no {kind} before the end: {self.messages}")


@asynccontextmanager
async def shell(
    session: HasUrl,
    path: str = "bash/websocket",
    token: str | None = TOKEN,
    headers: dict[str, str] | None = None,
) -> AsyncIterator[ShellClient]:
    """Connect to a websocket of a session."""
    sent = dict(headers or {})
    if token is not None:
        sent["Authorization"] = f"token {token}"
    async with websocket(session.url + path, sent) as connection:
        yield ShellClient(connection)
