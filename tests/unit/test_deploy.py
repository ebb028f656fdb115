"""What `deploy/` holds agrees with itself, with the code, and with what the documentation says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from traitlets.config import Config

from sessions_service.cli import main
from sessions_service.hub.configure import KUBERNETES, undone, unsafe
from sessions_service.hub.own_place import LINK_PORT, LINK_SECRET, SERVICE_PORT, TOKEN
from sessions_spawner.kubernetes.pods import SESSION
from sessions_spawner.policy.pod_security import evaluate

CHECKOUT = Path(__file__).resolve().parents[2]
DEPLOY = CHECKOUT / "deploy"
PAGE = CHECKOUT / "docs" / "administrators" / "kubernetes.md"
FILES = sorted((*DEPLOY.rglob("*.yaml"),))


def read(path: str) -> list[dict[str, Any]]:
    """Return the objects of a file of `deploy/`."""
    return [one for one in yaml.safe_load_all((DEPLOY / path).read_text()) if one]


def find(path: str, kind: str) -> dict[str, Any]:
    """Return the one object of a kind in a file."""
    (found,) = [one for one in read(path) if one["kind"] == kind]
    return found


ROLE = find("base/sessions/role.yaml", "Role")
POD = find("base/service/deployment.yaml", "Deployment")["spec"]["template"]
VALUES = yaml.safe_load((DEPLOY / "z2jh" / "values.yaml").read_text())


def test_every_file_is_read_by_a_kustomization_or_by_the_chart() -> None:
    for kustomization in DEPLOY.rglob("kustomization.yaml"):
        listed = {kustomization.parent / one for one in read(str(kustomization))[0]["resources"]}
        beside = set(kustomization.parent.iterdir()) - {kustomization}
        assert listed == beside


def test_nothing_in_it_is_a_secret() -> None:
    for path in FILES:
        assert "Secret" not in {one.get("kind") for one in read(str(path))}, path


# The role


def test_the_hub_may_make_secrets_and_never_read_one() -> None:
    (verbs,) = [set(rule["verbs"]) for rule in ROLE["rules"] if "secrets" in rule["resources"]]
    assert not verbs & {"get", "list", "watch", "*"}


@pytest.mark.parametrize("path", ["base/sessions/role.yaml", "nodes/cluster-role.yaml"])
def test_every_verb_says_what_it_is_for(path: str) -> None:
    lines = (DEPLOY / path).read_text().splitlines()
    verbs = [number for number, line in enumerate(lines) if re.fullmatch(r"      - [a-z]+", line)]
    assert len(verbs) == sum(
        len(rule["verbs"]) for one in read(path) for rule in one.get("rules", ())
    )
    assert [lines[number] for number in verbs if not lines[number - 1].startswith("      # ")] == []


def test_the_page_names_every_right_and_no_other() -> None:
    table = (
        PAGE.read_text().partition("## What the hub may do")[2].partition("There is no right")[0]
    )
    told: set[tuple[str, str]] = set()
    resource = ""
    for first, second in re.findall(r"^\| (.*?) ?\| (`.+?`) \|", table, re.MULTILINE):
        resource = first.strip("`") or resource
        told |= {(resource, verb) for verb in re.findall(r"`(\w+)`", second)}
    given = {
        (resource, verb)
        for rule in ROLE["rules"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert told == given


# The service


def test_the_services_pod_passes_the_strictest_pod_security() -> None:
    assert evaluate(POD, "restricted") == ()


def test_the_service_has_no_rights_and_no_token() -> None:
    account = find("base/service/service-account.yaml", "ServiceAccount")
    assert account["automountServiceAccountToken"] is False
    assert POD["spec"]["automountServiceAccountToken"] is False
    assert POD["spec"]["serviceAccountName"] == account["metadata"]["name"]
    bound = [
        subject["name"]
        for path in FILES
        for one in read(str(path))
        for subject in one.get("subjects", ())
    ]
    assert account["metadata"]["name"] not in bound


def test_the_service_is_called_as_the_command_takes_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (container,) = POD["spec"]["containers"]
    program, word, *options = container["command"]
    assert program == "jupyterhub-sessions"
    with pytest.raises(SystemExit):
        main([word, "--help"])
    known = capsys.readouterr().out
    assert [one for one in options if one.partition("=")[0] not in known] == []
    assert f"--link=0.0.0.0:{LINK_PORT}" in options
    ports = {one["name"]: one["containerPort"] for one in container["ports"]}
    assert ports == {"http": SERVICE_PORT, "link": LINK_PORT}
    service = find("base/service/service.yaml", "Service")
    assert {one["name"]: one["port"] for one in service["spec"]["ports"]} == ports
    assert service["spec"]["selector"].items() <= POD["metadata"]["labels"].items()


def test_two_services_are_never_asked_for_at_once() -> None:
    spec = find("base/service/deployment.yaml", "Deployment")["spec"]
    assert spec["replicas"] == 1
    assert spec["strategy"]["type"] == "Recreate"


# The network


def test_nobody_but_the_hub_comes_near_the_link() -> None:
    policy = next(
        one
        for one in read("base/service/network-policy.yaml")
        if one["metadata"]["name"] == "sessions"
    )
    allowed = {
        port["port"]: [who["podSelector"]["matchLabels"]["component"] for who in rule["from"]]
        for rule in policy["spec"]["ingress"]
        for port in rule["ports"]
    }
    assert allowed == {SERVICE_PORT: ["proxy", "hub"], LINK_PORT: ["hub"]}
    assert policy["spec"]["podSelector"]["matchLabels"].items() <= POD["metadata"]["labels"].items()


def test_sessions_are_reached_by_proxy_and_hub_and_reach_no_private_address() -> None:
    spec = find("base/sessions/network-policy.yaml", "NetworkPolicy")["spec"]
    assert spec["podSelector"] == {"matchExpressions": [{"key": SESSION, "operator": "Exists"}]}
    (rule,) = spec["ingress"]
    assert [port["port"] for port in rule["ports"]] == [8888]
    blocks = [one["ipBlock"] for rule in spec["egress"] for one in rule["to"] if "ipBlock" in one]
    assert all(one["except"] for one in blocks)
    assert "169.254.0.0/16" in blocks[0]["except"]


def test_the_namespace_of_sessions_holds_pods_to_restricted() -> None:
    namespace = find("base/sessions/namespace.yaml", "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


# The chart's values


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    """Give what the hub's pod mounts."""
    for name in (LINK_SECRET, TOKEN):
        (tmp_path / name).write_text("5e" * 32)
        (tmp_path / name).chmod(0o440)
    return tmp_path


def as_here(text: str, mounted: Path) -> str:
    """Return configuration with this machine's folders in the place of a pod's."""
    text = text.replace("/etc/jupyterhub-sessions", str(mounted))
    return text.replace("/srv/jupyterhub", str(mounted))


def run(text: str) -> Config:
    """Return what a configuration makes of a hub of the chart's."""
    c = Config()
    c.JupyterHub.spawner_class = "kubespawner.KubeSpawner"
    c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}
    c.JupyterHub.services = []
    c.KubeSpawner.namespace = "jhub"
    exec(text, {"c": c})  # noqa: S102 (as the chart does)
    return c


def configurations() -> list[str]:
    """Return the values' configuration, and the page's as somebody would write it down."""
    (ours,) = VALUES["hub"]["extraConfig"].values()
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return [ours, "\n".join(blocks)]


@pytest.mark.parametrize("text", configurations(), ids=["values", "page"])
def test_its_configuration_is_one_that_a_hub_takes(
    text: str, mounted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mounted)
    c = run(as_here(text, mounted))
    assert c.JupyterHub.spawner_class == KUBERNETES
    assert [*undone(c), *unsafe(c)] == []
    (service,) = c.JupyterHub.services
    assert service["url"] == f"http://sessions:{SERVICE_PORT}"
    assert (
        c.KubeSpawner.namespace
        == find("base/sessions/namespace.yaml", "Namespace")["metadata"]["name"]
    )


def test_a_refused_start_is_answered_as_one(mounted: Path) -> None:
    (text,) = VALUES["hub"]["extraConfig"].values()
    c = run(as_here(text, mounted))
    assert c.JupyterHub.tornado_settings["slow_spawn_timeout"] == 1


def test_the_hub_mounts_of_the_secret_what_it_reads_and_no_more() -> None:
    (volume,) = VALUES["hub"]["extraVolumes"]
    assert {one["key"] for one in volume["secret"]["items"]} == {LINK_SECRET, TOKEN}
    assert volume["secret"]["defaultMode"] == 0o400


def test_one_clock_and_no_storage_or_role_of_the_charts() -> None:
    assert VALUES["cull"]["enabled"] is False
    assert VALUES["rbac"]["create"] is False
    assert VALUES["singleuser"]["storage"]["type"] == "none"
