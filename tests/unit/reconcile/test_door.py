"""The doctor's door: what it asks the running service is answered by the hub's process."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sessions_service.hub.link import ServiceEnd
from sessions_service.reconcile.door import ClusterAway, DoctorDoor, NotAsked, ask_about_cluster
from sessions_spawner.wire.channel import Body, Channel, Refused, meet_as_hub
from sessions_spawner.wire.cluster import ClusterLook, SeenPod
from sessions_spawner.wire.secret import ensure_secret
from sessions_spawner.wire.snapshot import Snapshot

SEEN = ClusterLook(
    namespace="pods",
    pods=(SeenPod(name="x", session="s1abcdefghij2", run="s1abcdefghij2:1", is_ours=True),),
)
AWAY = "The cluster does not answer (503); try again later."


@asynccontextmanager
async def open_door(state: Path) -> AsyncIterator[Path]:
    """Have the service's ends of the link and of the door in a state folder."""
    (state / "link").mkdir(mode=0o700)
    ensure_secret(state / "link" / "link.secret")
    link = ServiceEnd(state / "link", {})
    door = DoctorDoor(state, link)
    await link.listen()
    await door.open()
    try:
        yield state / "link"
    finally:
        door.close()
        await link.close()


@asynccontextmanager
async def hub_process(
    folder: Path, settings: Snapshot, answer: ClusterLook | None
) -> AsyncIterator[None]:
    """Connect a hub's process that sees this of its cluster; None for one that is away."""

    async def look(_body: Body) -> Body:
        if answer is None:
            raise Refused("away", AWAY)
        return answer.model_dump(mode="json")

    reader, writer = await asyncio.open_unix_connection(str(folder / "link.sock"))
    await meet_as_hub(reader, writer, ensure_secret(folder / "link.secret"))
    channel = Channel(reader, writer, {"cluster": look})
    serving = asyncio.create_task(channel.serve())
    await channel.ask("settings", settings.model_dump(mode="json"))
    try:
        yield
    finally:
        channel.close()
        await serving


async def test_what_the_hub_sees_of_its_cluster_comes_through_the_door(tmp_path: Path) -> None:
    async with open_door(tmp_path) as folder, hub_process(folder, Snapshot(cluster=True), SEEN):
        assert await ask_about_cluster(tmp_path) == SEEN


async def test_a_hub_without_pods_is_not_asked(tmp_path: Path) -> None:
    async with open_door(tmp_path) as folder, hub_process(folder, Snapshot(), None):
        assert await ask_about_cluster(tmp_path) is None


async def test_a_cluster_that_does_not_answer_is_told_in_its_words(tmp_path: Path) -> None:
    async with open_door(tmp_path) as folder, hub_process(folder, Snapshot(cluster=True), None):
        with pytest.raises(ClusterAway) as told:
            await ask_about_cluster(tmp_path)
    assert str(told.value) == AWAY


async def test_nobody_is_asked_while_the_hubs_process_or_the_service_is_away(
    tmp_path: Path,
) -> None:
    with pytest.raises(NotAsked, match="The service does not run here"):
        await ask_about_cluster(tmp_path)
    async with open_door(tmp_path) as folder:
        with pytest.raises(NotAsked, match="has not sent its settings yet"):
            await ask_about_cluster(tmp_path)
        async with hub_process(folder, Snapshot(cluster=True), SEEN):
            pass
        with pytest.raises(NotAsked):
            await ask_about_cluster(tmp_path)
    with pytest.raises(NotAsked, match="The service does not run here"):
        await ask_about_cluster(tmp_path)


async def test_the_door_is_closed_to_others_and_replaces_one_that_was_left(tmp_path: Path) -> None:
    (tmp_path / "link").mkdir(mode=0o700)
    link = ServiceEnd(tmp_path / "link", {})
    doors = [DoctorDoor(tmp_path, link) for _ in range(2)]
    for door in doors:
        await door.open()
    assert stat.S_IMODE((tmp_path / "link" / "ask.sock").stat().st_mode) == 0o600
    for door in doors:
        door.close()
