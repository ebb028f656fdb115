"""The link between two machines: its address, and noticing that the other one has gone."""

from __future__ import annotations

import asyncio
import socket
from typing import Final

# A machine that went away says nothing: without these a connection to it lasts for a quarter of
# an hour. Seconds of silence before the first probe, between probes, and until it is given up.
_IDLE_SECONDS: Final = 5
_PROBE_SECONDS: Final = 5
_PROBES: Final = 3
_UNANSWERED_MILLISECONDS: Final = 20_000


def host_and_port(address: str) -> tuple[str, int]:
    """Return the parts of `HOST:PORT`, with an IPv6 address in brackets. Raises `ValueError`."""
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"‘{address}’ is no address: write HOST:PORT, such as sessions:8901.")
    return host, int(port)


def notice_silence(writer: asyncio.StreamWriter) -> None:
    """Have the system close a connection over the network whose other end went away silently."""
    connection: socket.socket = writer.get_extra_info("socket")
    if connection.family == socket.AF_UNIX:
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", _IDLE_SECONDS),
        ("TCP_KEEPINTVL", _PROBE_SECONDS),
        ("TCP_KEEPCNT", _PROBES),
        ("TCP_USER_TIMEOUT", _UNANSWERED_MILLISECONDS),
    ):
        if hasattr(socket, option):  # not every system has all of them
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
