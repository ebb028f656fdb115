"""Which runs a hub has: what it has not is taken for left behind by a killed one."""

from __future__ import annotations

from traitlets.config import Config

from sessions_spawner import hub_process
from sessions_spawner.kubernetes.spawner import KubeSessionSpawner
from sessions_spawner.request import LaunchRequest
from sessions_spawner.run import Run
from tests.support.offline_hub import offline_spawner


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
