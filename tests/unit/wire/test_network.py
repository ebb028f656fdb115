"""The link between two machines: proven as on one, and given up when the other one has gone."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from sessions_service.hub.link import ServiceEnd
from sessions_spawner.wire.channel import NotProven, meet_as_hub
from sessions_spawner.wire.hub_end import HubEnd
from sessions_spawner.wire.network import host_and_port, notice_silence
from sessions_spawner.wire.snapshot import Snapshot
from tests.support.product import free_port

from .ends import until

SECRET = b"s" * 32


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("sessions:8901", ("sessions", 8901)),
        ("0.0.0.0:1", ("0.0.0.0", 1)),
        ("[::1]:8901", ("::1", 8901)),
    ],
)
def test_an_address_is_a_host_and_a_port(address: str, parts: tuple[str, int]) -> None:
    assert host_and_port(address) == parts


@pytest.mark.parametrize("address", ["", "sessions", "sessions:", ":8901", "a:0", "a:65536", "a:x"])
def test_what_is_no_address_is_refused_with_what_one_looks_like(address: str) -> None:
    with pytest.raises(ValueError, match="write HOST:PORT"):
        host_and_port(address)


async def test_the_ends_meet_over_the_network_by_the_secret_that_both_are_given(
    tmp_path: Path,
) -> None:
    address = f"127.0.0.1:{free_port()}"
    service = ServiceEnd(tmp_path, {}, address=address, secret_of_link=lambda: SECRET)
    hub = HubEnd(
        tmp_path,
        make_snapshot=lambda: Snapshot(running_limit=7),
        answerers={},
        address=address,
        secret=SECRET,
    )
    await service.listen()
    hub.start()
    try:
        await until(lambda: service.settings_digest)
        assert service.snapshot.running_limit == 7
        assert [path.name for path in tmp_path.iterdir()] == ["outbox.jsonl"]
        reader, writer = await asyncio.open_connection(*host_and_port(address))
        with pytest.raises(NotProven):
            await meet_as_hub(reader, writer, b"x" * 32)
        writer.close()
        assert service.is_up, "the proven connection stays"
    finally:
        assert hub._task is not None
        hub._task.cancel()
        await asyncio.gather(hub._task, return_exceptions=True)
        hub._outbox.close()
        await service.close()


async def test_a_connection_to_a_machine_that_went_away_is_given_up() -> None:
    server = await asyncio.start_server(lambda _reader, other: other.close(), "127.0.0.1", 0)
    _reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        notice_silence(writer)
        connection = writer.get_extra_info("socket")
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert 0 < connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 10
        assert 0 < connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 30_000
    finally:
        writer.close()
        server.close()
