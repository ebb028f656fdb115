"""Spawners that are ready at once and start no process, for the costs of hub and service alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from jupyterhub.spawner import Spawner

from sessions_spawner.local.spawner import LocalSessionSpawner
from sessions_spawner.plan import Plan
from sessions_spawner.run import Run
from sessions_spawner.wire.messages import Report

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
_server: asyncio.Server | None = None


async def one_server() -> int:
    """Return the port of the one server in this process that answers for all of them."""
    global _server  # noqa: PLW0603 (a process has one)
    if _server is None:
        _server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    port: int = _server.sockets[0].getsockname()[1]
    return port


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(_ANSWER)
    writer.close()


class NullSpawner(Spawner):
    """The stock side: ready at once."""

    _lives = False

    async def start(self) -> str:
        """Answer with the one server's address."""
        self._lives = True
        return f"http://127.0.0.1:{await one_server()}"

    async def stop(self, now: bool = False) -> None:  # noqa: ARG002 (the hub's signature)
        """End."""
        self._lives = False

    async def poll(self) -> int | None:
        """Tell whether it was started."""
        return None if self._lives else 0


class NullSessionSpawner(LocalSessionSpawner):
    """Our side: request, policy, admission, plan and reports are real; no process is started."""

    _lives = False

    async def prepare(self, run: Run, plan: Plan) -> Mapping[str, str]:  # noqa: ARG002 (the mixin's)
        """Make nothing."""
        return {}

    async def realise(self, run: Run, plan: Plan) -> str:  # noqa: ARG002 (the mixin's signature)
        """Answer with the one server's address."""
        self._lives = True
        return f"http://127.0.0.1:{await one_server()}"

    async def end(self, run: Run) -> None:  # noqa: ARG002 (the mixin's signature)
        """End."""
        self._lives = False

    async def poll(self) -> int | None:
        """Tell whether it was started."""
        return None if self._lives else 0

    async def run_post_stop_hook(self) -> None:
        """Report the end; no fork server has to forget it."""
        await super(LocalSessionSpawner, self).run_post_stop_hook()

    @classmethod
    async def sweep(cls, *_found: Any) -> list[Report]:
        """Find nothing that was left behind."""
        return []
