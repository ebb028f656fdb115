"""What the hub process answers the service: a pod as it would be made, a person's environments."""

from __future__ import annotations

from typing import Any

import pytest
from traitlets.config import Config

from sessions_spawner import hub_process
from sessions_spawner.kubernetes.spawner import KubeSessionSpawner
from sessions_spawner.pod_answers import PodAnswers
from sessions_spawner.request import parse_request, to_stored
from sessions_spawner.wire.channel import Refused
from tests.support.offline_hub import offline_spawner


async def test_the_cluster_is_asked_for_nobody_who_may_not_write_yaml() -> None:
    profiles = [{"display_name": "Python", "slug": "python"}]
    config = Config({"KubeSessionSpawner": {"profile_list": profiles}})
    async with offline_spawner(config, KubeSessionSpawner):
        request = to_stored(parse_request({"environment": "python", "idle_timeout": 900}))
        asked = {"name": "anna", "request": request, "dry_run": True, "shows_values": True}
        shown = await PodAnswers(hub_process.current().hub).render(asked)
    # The cluster is nowhere: had it been asked, there were a fault.
    assert shown["faults"] == []
    assert "kind: Pod" in shown["yaml"]


def fails(_spawner: Any) -> list[dict[str, Any]]:
    raise KeyError("canary of the administrator's")


@pytest.mark.parametrize(
    ("profiles", "sentence"),
    [
        (fails, "Tell the administrator: The function profile_list failed (KeyError)."),
        (lambda _spawner: [{}], "Tell the administrator: profile_list entry 1 needs a"),
        (lambda _spawner: None, "Tell the administrator: profile_list has to be a list"),
    ],
)
async def test_environments_that_cannot_be_told_are_refused_with_a_sentence(
    profiles: Any, sentence: str
) -> None:
    config = Config({"KubeSessionSpawner": {"profile_list": profiles}})
    async with offline_spawner(config, KubeSessionSpawner):
        with pytest.raises(Refused) as refused:
            await hub_process.current().list_environments({"name": "anna"})
    assert refused.value.message.startswith(sentence)
    assert refused.value.code == "profile_list"
