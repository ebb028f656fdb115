"""The HTTP server with its limits: who is slow or sends too much is cut off, and nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from re import Pattern
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application

from .operation import MOST_BODY_BYTES


@dataclass(frozen=True)
class Limits:
    """What the server takes (reliability section 10, requirement 11).

    A header has to be whole `header_seconds` after its first byte, a body `body_seconds` after
    its header; a connection without a request is closed after `idle_seconds`.
    """

    header_seconds: float = 10.0
    body_seconds: float = 30.0
    idle_seconds: float = 65.0
    header_bytes: int = 32 * 1024
    # Tornado drops a larger body without a word; what is only too large for us gets its sentence.
    body_bytes: int = 4 * MOST_BODY_BYTES


class LimitedServer(HTTPServer):
    """Tornado's server; it counts a connection's silence and a header's slowness apart."""

    header_seconds = Limits.header_seconds

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Serve a connection."""
        read = stream.read_until_regex

        async def read_header(regex: bytes | Pattern[bytes], max_bytes: int | None = None) -> bytes:
            return await _read_in_time(read, regex, max_bytes, stream, self.header_seconds)

        stream.read_until_regex = read_header  # type: ignore[method-assign]
        super().handle_stream(stream, address)


async def _read_in_time(
    read: Callable[..., Awaitable[bytes]],
    regex: bytes | Pattern[bytes],
    max_bytes: int | None,
    stream: IOStream,
    seconds: float,
) -> bytes:
    """Wait for the first byte without an end of our own, and for the rest at most `seconds`."""
    first = await read(rb"[\s\S]", max_bytes=max_bytes)
    slow = asyncio.get_running_loop().call_later(seconds, stream.close)
    try:
        return first + await read(regex, max_bytes=max_bytes)
    finally:
        slow.cancel()


def make_server(application: Application, limits: Limits | None = None) -> HTTPServer:
    """Return the server of an application, which trusts the proxy on this machine alone."""
    kept = limits or Limits()
    server = LimitedServer(
        application,
        xheaders=True,
        trusted_downstream=["127.0.0.1", "::1"],
        max_header_size=kept.header_bytes,
        max_body_size=kept.body_bytes,
        body_timeout=kept.body_seconds,
        idle_connection_timeout=kept.idle_seconds,
    )
    server.header_seconds = kept.header_seconds
    return server
