"""Ports that become free in a crash: nobody else gets a request that was meant for a session."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.integration.security import racer
from tests.support.inside import server_process_of
from tests.support.product import Product, running_product
from tests.support.waiting import wait_for

ROUNDS, AT_ONCE = 8, 4
LISTEN = "0A"  # in /proc/net/tcp


@contextlib.contextmanager
def racing(folder: Path) -> Iterator[Callable[[int], None]]:
    """Run the racer for the time of a `with` block; give what tells it of a port."""
    command = [sys.executable, racer.__file__, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        wait_for((folder / "up").exists, what="the racer")
        told = process.stdin

        def race_for(port: int) -> None:
            told.write(f"{port}\n".encode())
            told.flush()

        yield race_for
        assert process.poll() is None, "the racer has ended by itself"
        process.stdin.close()
    assert process.returncode == 0


@contextlib.contextmanager
def visiting(
    product: Product, sessions: list[dict[str, Any]], begin: threading.Event
) -> Iterator[None]:
    """Open sessions as their owner does, from `begin` on, over and over, until the block ends."""
    done = threading.Event()

    def visit(session: dict[str, Any]) -> None:
        headers = {"Authorization": f"token {product.token(session['owner'])}"}
        path = session["urls"]["lab"].removesuffix("lab") + "api"
        with httpx.Client(base_url=product.url, headers=headers, timeout=20) as client:
            client.get("/hub/api/")
            begin.wait(20)
            while not done.is_set():
                with contextlib.suppress(httpx.TransportError):
                    client.get(path)

    threads = [threading.Thread(target=visit, args=(one,)) for one in sessions]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        begin.set()
        for thread in threads:
            thread.join()


def start(product: Product, user: str) -> list[dict[str, Any]]:
    """Return sessions of a user that run."""
    made = [product.create(user=user) for _ in range(AT_ONCE)]
    return [product.wait_state(one["id"], "running", user=user) for one in made]


def servers_of(product: Product, sessions: list[dict[str, Any]]) -> list[int]:
    """Return the processes that serve sessions."""
    return [server_process_of(product, session["id"]) for session in sessions]


def crash(servers: list[int]) -> None:
    """Kill processes, all in one moment."""
    for pid in servers:
        os.kill(pid, signal.SIGKILL)


def tcp_table() -> list[list[str]]:
    """Return the kernel's lines on connections and listening sockets."""
    return [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]


def local_port(fields: list[str]) -> int:
    """Return the port on this side of a line."""
    return int(fields[1].rpartition(":")[2], 16)


def port_of(product: Product, session: dict[str, Any]) -> int:
    """Return the port that a session listens on: its socket is open in its server."""
    descriptors = Path(f"/proc/{server_process_of(product, session['id'])}/fd")
    open_here = {str(path.readlink()) for path in descriptors.iterdir()}
    (port,) = {
        local_port(fields)
        for fields in tcp_table()
        if fields[3] == LISTEN and f"socket:[{fields[9]}]" in open_here
    }
    return port


def connections_of(ports: set[int]) -> list[list[str]]:
    """Return the lines on connections to ports, also on those that were closed lately."""
    return [fields for fields in tcp_table() if local_port(fields) in ports and fields[3] != LISTEN]


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """Run a product of its own: the racer would take the ports of the shared one for good."""
    with running_product(tmp_path) as made:
        yield made
        made.rest()


@pytest.mark.slow
@pytest.mark.needs("root", "configurable-http-proxy")  # root looks into sessions
def test_whoever_takes_every_port_that_becomes_free_receives_no_request(
    product: Product, tmp_path: Path
) -> None:
    folder = tmp_path / "racer"
    folder.mkdir()
    with racing(folder) as race_for:
        service = urlsplit(product.inner_url()).port
        assert service is not None
        race_for(service)
        # The kernel keeps a port for a minute after its last connection: these get old.
        old = start(product, "berta")
        ports = {port_of(product, session) for session in old}
        for port in ports:
            race_for(port)
        for number in range(ROUNDS):
            sessions, now = start(product, "anna"), threading.Event()
            for session in sessions:
                race_for(port_of(product, session))
            servers = servers_of(product, sessions)
            with visiting(product, sessions, now):
                now.set()
                crash(servers)
                if number % 3 == 0:
                    product.kill_worker()
                for session in sessions:
                    product.wait_state(session["id"], "failed")
        wait_for(lambda: not connections_of(ports), seconds=90, every=0.5, what="old ports")
        now, servers = threading.Event(), servers_of(product, old)
        with visiting(product, old, now):
            crash(servers)
            now.set()
            for session in old:
                product.wait_state(session["id"], "failed", user="berta")
        taken = folder / "taken"
        wait_for(
            lambda: ports <= {int(port) for port in taken.read_text().split()},
            what="the racer to get what is given up",
        )
    received = folder / "received"
    assert not received.exists(), received.read_text()[:2000]
