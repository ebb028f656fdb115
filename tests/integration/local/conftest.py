"""A small real hub, and sessions' processes on it."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from sessions_spawner.local.client import ProcessClient
from tests.integration.local.processes import (
    HUB_CONFIG,
    PASSED_ON,
    Sessions,
    TinyHub,
    free_port,
    is_up,
    wait_until,
)


@pytest.fixture(scope="session")
def tiny_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyHub]:
    """Run a real hub with its real proxy for all tests of this folder."""
    if shutil.which("configurable-http-proxy") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("configurable-http-proxy is not on the PATH")
        pytest.skip("configurable-http-proxy is not on the PATH")
    folder = tmp_path_factory.mktemp("tiny-hub")
    (folder / "config.py").write_text(HUB_CONFIG)
    hub_port, token = free_port(), secrets.token_hex(16)
    env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    env.update(
        TINY_BIND_URL=f"http://127.0.0.1:{free_port()}",
        TINY_HUB_PORT=str(hub_port),
        TINY_PROXY_API=f"http://127.0.0.1:{free_port()}",
        TINY_TOKEN=token,
    )
    with (folder / "hub.log").open("wb") as log:
        hub = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", "config.py"],
            cwd=folder,
            env=env,
            stdout=log,
            stderr=log,
        )
    api_url = f"http://127.0.0.1:{hub_port}/hub/api"
    try:
        wait_until(lambda: hub.poll() is not None or is_up(api_url), 30, "the hub answers")
        assert hub.poll() is None, (folder / "hub.log").read_text()
        yield TinyHub(api_url, token)
    finally:
        hub.terminate()
        hub.wait(20)


@pytest.fixture(scope="session")
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A state folder whose fork server serves all tests that leave it unharmed."""
    folder = tmp_path_factory.mktemp("shared") / "state"
    yield folder
    asyncio.run(ProcessClient(folder).shut_down(grace_seconds=0))


@pytest_asyncio.fixture
async def client(state_folder: Path) -> AsyncIterator[ProcessClient]:
    """A hub's client of the shared fork server; its sessions end with the test."""
    found = ProcessClient(state_folder)
    yield found
    await asyncio.gather(*(found.stop(key, 0) for key, _pid, _started in await found.list()))
    await found.close()


@pytest_asyncio.fixture
async def lone_client(tmp_path: Path) -> AsyncIterator[ProcessClient]:
    """A client with a fork server of its own, to be killed or left alone."""
    found = ProcessClient(tmp_path / "state", idle_seconds=30)
    yield found
    await ProcessClient(tmp_path / "state").shut_down(grace_seconds=0)
    await found.close()


@pytest.fixture
def programs(client: ProcessClient, tmp_path: Path) -> Sessions:
    """Sessions that run any program; no hub is needed."""
    return Sessions(client, None, tmp_path)


@pytest.fixture
def lone_programs(lone_client: ProcessClient, tmp_path: Path) -> Sessions:
    """Like `programs`, below a fork server of their own."""
    return Sessions(lone_client, None, tmp_path)


@pytest.fixture
def sessions(client: ProcessClient, tiny_hub: TinyHub, tmp_path: Path) -> Sessions:
    """Sessions that run a real single-user server of a real hub."""
    return Sessions(client, tiny_hub, tmp_path)
