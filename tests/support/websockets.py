"""Websockets of tests, closed so that nothing of them is left for the garbage collector."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

CONNECT_SECONDS = 30
CLOSE_SECONDS = 15.0
LOOK_SECONDS = 0.05


@asynccontextmanager
async def websocket(
    url: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[WebSocketClientConnection]:
    """Connect to `url` (http or ws), and close the connection at the end.

    Raises HTTPClientError if the other side refuses.
    """
    address = url.replace("http://", "ws://", 1)
    request = HTTPRequest(address, headers=dict(headers or {}), request_timeout=CONNECT_SECONDS)
    connection = await websocket_connect(request)
    try:
        yield connection
    finally:
        await _close(connection)


async def _close(connection: WebSocketClientConnection) -> None:
    """Close a connection and read it to its end.

    Tornado notices no end, and keeps its socket open, while a message waits to be read. What it
    says of the end itself may get lost, so the socket is asked.
    """
    protocol = connection.protocol
    if protocol is None or protocol.stream is None:
        return
    stream = protocol.stream
    connection.close()
    async with asyncio.timeout(CLOSE_SECONDS):
        while not stream.closed():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(connection.read_message(), LOOK_SECONDS)
