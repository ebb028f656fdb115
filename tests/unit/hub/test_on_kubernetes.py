"""What KubeSpawner can be set to and sessions cannot have is told before the hub serves."""

from __future__ import annotations

from typing import Any

import pytest
from traitlets.config import Config

from sessions_service.hub.on_kubernetes import unserved


def said(settings: dict[str, Any], **hub: Any) -> list[str]:
    config = Config({"KubeSpawner": settings, "JupyterHub": hub})
    return list(unserved(config, ["Spawner", "KubeSpawner"]))


def volume(claim: str) -> dict[str, Any]:
    return {"name": "home", "persistentVolumeClaim": {"claimName": claim}}


def test_a_namespace_for_each_user_is_told() -> None:
    (sentence,) = said({"enable_user_namespaces": True})
    assert "remove c.KubeSpawner.enable_user_namespaces" in sentence


def test_certificates_between_hub_and_servers_are_told() -> None:
    (sentence,) = said({}, internal_ssl=True)
    assert "remove c.JupyterHub.internal_ssl" in sentence


@pytest.mark.parametrize("claim", ["mine-{servername}", "of-{user_server}", "{safe_user_server}"])
@pytest.mark.parametrize("shape", [list, dict])
def test_a_claim_that_is_called_by_the_server_is_told_with_its_line(claim: str, shape: Any) -> None:
    volumes = [volume(claim)] if shape is list else {"10-home": volume(claim)}
    (sentence,) = said({"volumes": volumes})
    assert sentence.startswith(f"c.KubeSpawner.volumes names the claim ‘{claim}’")


def test_what_the_chart_sets_by_itself_is_served() -> None:
    for claim in ("{pvc_name}", "claim-{user_server}", "shared", "home-{username}"):
        assert said({"volumes": [volume(claim)]}) == []
    own = {"pvc_name_template": "own-{user_server}", "volumes": [volume("own-{user_server}")]}
    assert said(own) == []
    assert said({"volumes": [{"name": "shm", "emptyDir": {}}]}) == []
