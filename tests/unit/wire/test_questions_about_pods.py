"""What the service asks the hub's process about pods: once for all, and nobody waits for others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sessions_service.hub.link import ServiceEnd
from sessions_spawner.wire.channel import Answerer, Body
from sessions_spawner.wire.hub_end import HubEnd
from sessions_spawner.wire.snapshot import Snapshot

from .ends import until


class Pods:
    """A hub process whose cluster answers a dry run when it is let."""

    def __init__(self) -> None:
        self.cluster = asyncio.Event()
        self.schemas = 0
        self.answerers: dict[str, Answerer] = {"render": self.render, "pod-schema": self.schema}

    async def render(self, body: Body) -> Body:
        if body["dry_run"]:
            await self.cluster.wait()
        return {"yaml": body["name"]}

    async def schema(self, _body: Body) -> Body:
        self.schemas += 1
        return {"schema": {"number": self.schemas}}


@pytest.fixture
async def pods() -> Pods:
    """Give what the hub's process answers."""
    return Pods()


@pytest.fixture
async def service(tmp_path: Path, pods: Pods) -> AsyncIterator[ServiceEnd]:
    """Give the service's end, met by a hub's."""
    service = ServiceEnd(tmp_path, {})
    hub = HubEnd(tmp_path, make_snapshot=Snapshot, answerers=pods.answerers)
    await service.listen()
    hub.start()
    await until(lambda: service.settings_digest)
    yield service
    assert hub._task is not None
    hub._task.cancel()
    await asyncio.gather(hub._task, return_exceptions=True)
    hub._outbox.close()
    await service.close()


async def test_a_preview_waits_for_nobodys_dry_run(service: ServiceEnd, pods: Pods) -> None:
    trying = asyncio.create_task(service.render("anna", {}, "1", {"dry_run": True}))
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert await service.render("bob", {}, "2", {"dry_run": False}) == {"yaml": "bob"}
    assert not trying.done()
    pods.cluster.set()
    assert await trying == {"yaml": "anna"}


async def test_what_yaml_may_set_is_asked_for_once_for_everybody(service: ServiceEnd) -> None:
    assert await service.pod_schema("anna") == {"number": 1}
    assert await service.pod_schema("bob") == {"number": 1}
    await service._take_settings(Snapshot(cpu_max="2").model_dump(mode="json"))
    assert await service.pod_schema("bob") == {"number": 2}
