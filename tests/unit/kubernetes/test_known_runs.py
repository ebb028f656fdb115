"""Which runs a hub has: what it has not is taken for left behind by a killed one."""

from __future__ import annotations

import asyncio
from typing import Any

from traitlets.config import Config

from sessions_spawner import hub_process
from sessions_spawner.kubernetes import leftovers
from sessions_spawner.kubernetes.pods import GENERATION, SESSION
from sessions_spawner.kubernetes.spawner import KubeSessionSpawner
from sessions_spawner.kubernetes.trimming import trim
from sessions_spawner.request import LaunchRequest
from sessions_spawner.run import Run
from tests.support.offline_hub import offline_spawner
from tests.support.pod_states import make_container, make_pod, running
from tests.support.waiting import wait_until


async def test_a_run_is_known_as_soon_as_it_is_admitted_and_before_it_is_served() -> None:
    async with offline_spawner(Config(), KubeSessionSpawner) as spawner:
        spawner.user.spawners[spawner.name] = spawner
        hub = hub_process.current()
        run = Run("s00000000001", 2, "", LaunchRequest(environment="python"), {}, "")
        assert hub.known_runs() == set()
        spawner.run = run
        spawner.server = None
        assert not spawner.active
        assert hub.known_runs() == {"s00000000001:2"}


def pod_of(session_id: str) -> dict[str, Any]:
    labels = {SESSION: session_id, GENERATION: "1"}
    made = make_pod(make_container(state=running(), ready=True), phase="Running")
    made["metadata"] |= {"name": f"session-{session_id}-1", "uid": session_id, "labels": labels}
    return made


async def test_a_run_that_began_before_the_cluster_answered_is_not_taken_for_left_behind() -> None:
    async with offline_spawner(Config(), KubeSessionSpawner) as spawner:
        spawner.user.spawners[spawner.name] = spawner
        hub = hub_process.current()
        watch = spawner.watch()
        await watch.stop()
        sweeping = asyncio.create_task(spawner.sweep(hub.folder, hub.known_runs, spawner.config))
        await wait_until(lambda: watch._running is not None and not watch._running.done())
        spawner.run = Run("sbegun", 1, "", LaunchRequest(environment="python"), {}, "")
        for name in ("sbegun", "sleft"):
            made = pod_of(name)
            watch.pods.put(made["metadata"]["name"], trim(made))
        watch._synced.set()
        (left,) = await sweeping
        assert (left.id, left.cause) == ("sleft", "shutdown")
        await watch.stop()
        for task in leftovers._removing:
            task.cancel()
