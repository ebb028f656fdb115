"""KubeSpawner's Service, where it is on, beside the session's own."""

from __future__ import annotations

from typing import Any

import yaml

from tests.support.session_manifests import Case, make_ours


def test_the_hub_finds_a_session_by_the_name_of_its_service() -> None:
    seen: dict[str, str] = {}

    def look(spawner: Any, pod: Any) -> Any:
        service = spawner.get_service_manifest(None, spawner.port)
        seen["address"] = spawner._get_pod_url({"spec": pod_spec(spawner), "metadata": {}})
        seen["service"] = service.metadata.name
        return pod

    settings = {"KubeSpawner": {"services_enabled": True, "modify_pod_hook": look}}
    made = make_ours(Case({"ports": [{"number": 5000}]}, settings))
    name = seen["service"]
    assert name == made["pod"]["metadata"]["name"]
    assert seen["address"] == f"http://{name}.sessions.svc.cluster.local:8888"
    assert made["service"]["metadata"]["name"] == f"{name}-ports"


def test_without_it_the_sessions_own_service_is_called_like_the_pod() -> None:
    made = make_ours(Case({"ports": [{"number": 5000}]}))
    assert made["service"]["metadata"]["name"] == made["pod"]["metadata"]["name"]


def test_the_sessions_container_is_first_whatever_yaml_puts_before_it() -> None:
    """KubeSpawner looks for the session's port in every container before it."""
    beside = {"name": "beside", "image": "registry.example.org/team/beside:1"}
    whole = {"spec": {"containers": [beside, {"name": "notebook"}]}}
    settings: dict[str, dict[str, Any]] = {
        "PodRules": {"allow": ["spec.containers[*]"]},
        "SessionOffers": {"images": ["registry.example.org/team/*"]},
    }
    case = Case({"pod_spec": yaml.safe_dump(whole)}, settings, rights=frozenset({"pod-spec"}))
    containers = make_ours(case)["pod"]["spec"]["containers"]
    assert [one["name"] for one in containers] == ["notebook", "beside"]


def pod_spec(spawner: Any) -> dict[str, Any]:
    port = {"name": "notebook-port", "containerPort": spawner.port}
    return {"containers": [{"name": "notebook", "ports": [port]}]}
