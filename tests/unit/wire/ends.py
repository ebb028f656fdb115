"""Both ends of a channel over a real socket, and a wait-helper for what runs beside a test."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sessions_spawner.wire.channel import MOST_BYTES, Answerer, Channel


async def until(look: Callable[[], object], *, seconds: float = 20.0, what: str = "") -> None:
    """Wait until `look` answers something true; fail after `seconds`."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not look():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"Waited {seconds:g} s in vain for {what or look}")
        await asyncio.sleep(0.005)


@dataclass
class Streams:
    """One end of a socket pair."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


@asynccontextmanager
async def stream_pair() -> AsyncIterator[tuple[Streams, Streams]]:
    """Give the two ends of a connected unix socket pair."""
    ends = [
        Streams(*await asyncio.open_unix_connection(sock=one, limit=MOST_BYTES))
        for one in socket.socketpair()
    ]
    try:
        yield ends[0], ends[1]
    finally:
        for end in ends:
            end.writer.close()


@asynccontextmanager
async def channel_pair(
    ours: Mapping[str, Answerer] | None = None, theirs: Mapping[str, Answerer] | None = None
) -> AsyncIterator[tuple[Channel, Channel]]:
    """Give two channels that serve each other; what each of them answers is given."""
    async with stream_pair() as (left, right):
        one = Channel(left.reader, left.writer, ours or {})
        other = Channel(right.reader, right.writer, theirs or {})
        serving = [asyncio.create_task(end.serve()) for end in (one, other)]
        try:
            yield one, other
        finally:
            one.close()
            other.close()
            await asyncio.gather(*serving)
