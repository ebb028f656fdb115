"""Nothing of one start is in the next."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from traitlets.config import Config

from sessions_spawner import hub_process
from sessions_spawner.kubernetes.spawner import KubeSessionSpawner
from tests.support.manifest_cases import CASES
from tests.support.offline_hub import offline_spawner
from tests.support.session_manifests import Case, start_offline

SEED = 20_261_121


def test_the_default_pod_is_the_same_before_and_after_every_other_start() -> None:
    """One spawner starts all cases in a random order, each between two starts of the default."""
    names = sorted(CASES)
    random.Random(SEED).shuffle(names)
    assert asyncio.run(what_leaks(names)) == []


async def what_leaks(names: list[str]) -> list[str]:
    """Return the cases after which one spawner makes another default pod than before."""
    leaking = []
    async with offline_spawner(Case().to_config(), KubeSessionSpawner, groups=("x",)) as spawner:
        before = await start_offline(spawner, Case())
        for name in names:
            await start_with_profile(spawner, CASES[name])
            if await start_offline(spawner, Case()) != before:
                leaking.append(name)
    return leaking


async def start_with_profile(spawner: Any, case: Case) -> None:
    """Start a case on a hub that has its settings of KubeSpawner as an environment's."""
    profiles = spawner.profile_list
    kubespawner = dict(case.kubespawner({}))
    given = kubespawner.pop("profile_list")[0]
    override = {**kubespawner, **given.get("kubespawner_override", {})}
    hook, spawner.modify_pod_hook = spawner.modify_pod_hook, override.pop("modify_pod_hook", None)
    spawner.profile_list = [{**given, "kubespawner_override": override}]
    others = {name: one for name, one in case.settings.items() if name != "KubeSpawner"}
    # In place: another configuration would set the spawner's own settings anew.
    configs = (spawner.config, hub_process.current().config)
    try:
        for config in configs:
            config.update({name: Config(one) for name, one in others.items()})
        await start_offline(spawner, case)
    finally:
        spawner.profile_list, spawner.modify_pod_hook = profiles, hook
        for config in configs:
            for name in others:
                config.pop(name, None)
