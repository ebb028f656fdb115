"""When the service says that it is ready."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from sessions_service.hub.link import ServiceEnd
from sessions_service.web.application import Service
from sessions_spawner.wire.channel import Channel, meet_as_hub
from sessions_spawner.wire.secret import ensure_secret
from sessions_spawner.wire.snapshot import Snapshot
from tests.support.waiting import wait_until


async def succeed(*_asked: object) -> bool:
    """Answer for the database and for the hub's API."""
    return True


async def test_a_service_that_a_hub_has_connected_to_is_ready_once_it_has_the_settings(
    tmp_path: Path,
) -> None:
    link = ServiceEnd(tmp_path, {})
    service = SimpleNamespace(
        db=SimpleNamespace(read=succeed, has_lease=True),
        hub=SimpleNamespace(is_there=succeed),
        link=link,
    )

    async def is_ready() -> bool:
        return all((await Service.readiness(cast("Any", service))).values())

    secret = ensure_secret(tmp_path / "link.secret")
    await link.listen()
    reader, writer = await asyncio.open_unix_connection(str(tmp_path / "link.sock"))
    await meet_as_hub(reader, writer, secret)
    hub = Channel(reader, writer, {})
    serving = asyncio.create_task(hub.serve())
    await wait_until(lambda: link.is_up)
    assert not await is_ready()

    await hub.ask("settings", Snapshot().model_dump(mode="json"))
    assert await is_ready()

    await link.close()
    hub.close()
    await serving
