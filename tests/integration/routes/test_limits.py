"""The server's limits: the slow are cut off, the greedy wait, and everybody else is served."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tornado.iostream import StreamClosedError
from tornado.web import Application, RequestHandler

from sessions_service.events.handlers import StreamHandler
from sessions_service.web.server import Limits, make_server
from tests.support.product import running_product
from tests.support.waiting import wait_for

SOON = Limits(header_seconds=0.8, body_seconds=0.8, idle_seconds=6, header_bytes=4096)


class Echo(RequestHandler):
    """Answers the length of the body."""

    def post(self) -> None:
        """Answer."""
        self.finish(str(len(self.request.body)))


class Endless(StreamHandler):
    """Sends for as long as the reader takes it."""

    write_seconds = 0.4
    dropped = threading.Event()

    async def get(self) -> None:
        """Send."""
        self.begin()
        try:
            while True:
                await self.send("session", "x" * 100_000)
        except StreamClosedError:
            self.dropped.set()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Give the port of a server with short limits, in a thread of its own."""
    ready = threading.Event()
    found: dict[str, Any] = {}

    async def serve() -> None:
        found["end"] = asyncio.Event()
        found["loop"] = asyncio.get_running_loop()
        handlers: list[Any] = [("/", Echo), ("/stream", Endless, {"service": None})]
        server = make_server(Application(handlers), SOON)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            found["port"] = listener.getsockname()[1]
            server.add_socket(listener)
            ready.set()
            await found["end"].wait()
            server.stop()
            await server.close_all_connections()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    yield found["port"]
    found["loop"].call_soon_threadsafe(found["end"].set)
    thread.join(10)


@pytest.fixture
def line(port: int) -> Iterator[socket.socket]:
    """Give a connection that gives up waiting after a while."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        yield connection


def read_all(line: socket.socket) -> bytes:
    """Return what comes until the server closes the connection."""
    found = b""
    while part := line.recv(65536):
        found += part
    return found


def test_the_limits_are_those_that_were_decided() -> None:
    decided = Limits()
    assert (decided.header_seconds, decided.body_seconds, decided.idle_seconds) == (10, 30, 65)
    assert (decided.header_bytes, decided.body_bytes) == (32 * 1024, 1024 * 1024)
    assert StreamHandler.write_seconds == 10


@pytest.mark.parametrize(
    "beginning",
    [
        b"P",
        b"POST / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
    ],
)
def test_a_header_or_a_body_that_does_not_come_is_not_waited_for(
    line: socket.socket, beginning: bytes
) -> None:
    line.sendall(beginning)
    assert read_all(line) == b""


def test_a_header_that_drips_is_cut_off_too(line: socket.socket) -> None:
    line.settimeout(0.1)

    def is_cut_off() -> bool:
        try:
            line.sendall(b"X")
            return line.recv(10) == b""
        except TimeoutError:
            return False
        except OSError:
            return True

    wait_for(is_cut_off, seconds=10, what="the server to close the connection")


def test_silence_between_requests_is_allowed_for_longer_than_a_header(line: socket.socket) -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
    line.sendall(request)
    assert line.recv(65536).endswith(b"2")
    line.settimeout(2 * SOON.header_seconds)
    with pytest.raises(TimeoutError):
        line.recv(1)
    line.settimeout(10)
    line.sendall(request)
    assert line.recv(65536).endswith(b"2")
    assert read_all(line) == b""  # and then it is over


def test_a_header_that_is_too_long_is_refused(line: socket.socket) -> None:
    line.sendall(b"POST / HTTP/1.1\r\nX: " + b"x" * (2 * SOON.header_bytes))
    try:
        assert b" 200 " not in read_all(line)
    except ConnectionResetError:
        pass  # what was still on its way was not read


def test_a_reader_that_takes_nothing_is_dropped(port: int) -> None:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect(("127.0.0.1", port))
        line.sendall(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        assert Endless.dropped.wait(20)


def test_whoever_asks_too_often_waits_and_nobody_else(tmp_path: Path) -> None:
    with running_product(tmp_path, extra="c.SessionLimits.requests_per_second = 2") as product:
        headers = {"Authorization": f"token {product.token('anna')}"}
        answers: list[httpx.Response] = []
        while len(answers) < 200 and (not answers or answers[-1].status_code == 200):
            answers.append(product.client.get(f"{product.base}api/v1/me", headers=headers))
        assert len(answers) > 20
        refused = answers[-1]
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        error = refused.json()["error"]
        assert error["code"] == "rate"
        assert error["message"] == "You send more than 2 requests a second. Wait a moment."
        product.api("GET", "me", user="berta", expect=200)
