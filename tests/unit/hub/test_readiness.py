"""When the link to the hub's process is ready for starts."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sessions_service.hub.link import ServiceEnd
from sessions_spawner.wire.channel import Channel, meet_as_hub
from sessions_spawner.wire.secret import ensure_secret
from sessions_spawner.wire.snapshot import Snapshot
from tests.support.waiting import wait_until


async def test_a_link_is_ready_once_the_settings_have_come(tmp_path: Path) -> None:
    link = ServiceEnd(tmp_path, {})
    secret = ensure_secret(tmp_path / "link.secret")
    await link.listen()
    reader, writer = await asyncio.open_unix_connection(str(tmp_path / "link.sock"))
    await meet_as_hub(reader, writer, secret)
    hub = Channel(reader, writer, {})
    serving = asyncio.create_task(hub.serve())
    await wait_until(lambda: link.is_up)
    assert not link.is_ready

    await hub.ask("settings", Snapshot().model_dump(mode="json"))
    assert link.is_ready

    await link.close()
    hub.close()
    await serving
    assert not link.is_ready
