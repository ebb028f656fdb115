"""From a plan to a pod: what a session adds to KubeSpawner's, and that nothing else changes."""

from __future__ import annotations

import base64
import copy
from typing import Any

import pytest

from sessions_spawner.kubernetes.pods import Frame, complete, make_secret
from sessions_spawner.plan import (
    Contribution,
    Mount,
    OpenPort,
    Plan,
    Probe,
    SecretFolder,
    SecretKey,
    Sidecar,
    combine,
)

FRAME = Frame(name="session-s1-2", home="/home/jovyan", claims={"d1": "c1", "d2": "c2"}, hub="h")


def kubespawners() -> dict[str, Any]:
    """Return a pod as KubeSpawner makes it, with things that an administrator added."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "jupyter-anna", "labels": {"app": "jupyterhub"}, "annotations": {}},
        "spec": {
            "automountServiceAccountToken": False,
            "securityContext": {"fsGroup": 100},
            "tolerations": [{"key": "users"}],
            "volumes": [{"name": "shared", "configMap": {"name": "motd"}}],
            "containers": [
                {
                    "name": "notebook",
                    "image": "given",
                    "env": [{"name": "A", "value": "{a}"}, {"name": "TOKEN", "value": "t"}],
                    "ports": [{"name": "notebook-port", "containerPort": 8888}],
                    "resources": {"limits": {"memory": "1G"}, "requests": {"memory": "512M"}},
                    "volumeMounts": [{"name": "shared", "mountPath": "/etc/motd"}],
                    "securityContext": {"runAsUser": 1000, "allowPrivilegeEscalation": False},
                },
                {"name": "logs", "image": "tail"},
            ],
        },
    }


def plan_of(**given: Any) -> Plan:
    home = Contribution("drives", mounts=(Mount("d1"),))
    return combine([home, Contribution("test", **given)])


def notebook_of(pod: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in pod["spec"]["containers"] if c["name"] == "notebook")
    return found


def env_of(pod: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in notebook_of(pod)["env"]}


def test_what_the_administrator_set_stays_and_the_given_pod_is_not_touched() -> None:
    given = kubespawners()
    before = copy.deepcopy(given)
    pod = complete(given, plan_of(), FRAME)
    assert given == before
    assert pod["spec"]["tolerations"] == [{"key": "users"}]
    assert pod["spec"]["volumes"][0] == {"name": "shared", "configMap": {"name": "motd"}}
    assert notebook_of(pod)["volumeMounts"][0] == {"name": "shared", "mountPath": "/etc/motd"}
    assert notebook_of(pod)["resources"] == {
        "limits": {"memory": "1G"},
        "requests": {"memory": "512M"},
    }
    assert pod["metadata"]["labels"]["app"] == "jupyterhub"
    assert pod["metadata"]["name"] == "session-s1-2"


def test_drives_are_mounted_at_the_home_folder_and_below_it() -> None:
    pod = complete(kubespawners(), plan_of(mounts=(Mount("d2", "data/x", read_only=True),)), FRAME)
    claims = [v["persistentVolumeClaim"] for v in pod["spec"]["volumes"][1:]]
    assert claims == [
        {"claimName": "c1", "readOnly": False},
        {"claimName": "c2", "readOnly": True},
    ]
    shown = [(m["mountPath"], m["readOnly"]) for m in notebook_of(pod)["volumeMounts"][1:]]
    assert shown == [("/home/jovyan", False), ("/home/jovyan/data/x", True)]


def test_variables_go_over_the_given_ones_and_nothing_in_them_is_expanded() -> None:
    plan = plan_of(env={"A": "{username} $(TOKEN) $PATH", "B": "b"})
    env = env_of(complete(kubespawners(), plan, FRAME))
    assert env == {"A": "{username} $$(TOKEN) $$PATH", "TOKEN": "t", "B": "b"}


def test_values_that_nobody_reads_off_the_pod_stand_by_reference() -> None:
    frame = Frame("session-s1-2", "/home/jovyan", {"d1": "c1"}, secret_env=("TOKEN", "MINE"))
    plan = plan_of(env={"MINE": "typed"}, secret_env={"DB": SecretKey("db", "password")})
    env = env_of(complete(kubespawners(), plan, frame))
    for name in ("TOKEN", "MINE"):
        assert env[name] == {"secretKeyRef": {"name": "session-s1-2", "key": name}}
    assert env["DB"] == {"secretKeyRef": {"name": "db", "key": "password"}}
    secret = make_secret("session-s1-2", {"TOKEN": "t\u00e9"}, {})
    assert base64.b64decode(secret["data"]["TOKEN"]).decode() == "t\u00e9"


def test_variables_that_an_environment_removes_are_gone() -> None:
    pod = complete(kubespawners(), plan_of(settings={"without_env": ("A",)}), FRAME)
    assert list(env_of(pod)) == ["TOKEN"]


def test_a_size_that_was_asked_for_is_limit_and_request() -> None:
    asked = Contribution("resources", settings={"memory": "4Gi", "gpu": {"nvidia.com/gpu": 2}})
    home = Contribution("drives", mounts=(Mount("d1"),))
    resources = notebook_of(complete(kubespawners(), combine([home, asked]), FRAME))["resources"]
    assert resources["limits"] == resources["requests"]
    assert resources["limits"] == {"memory": "4Gi", "nvidia.com/gpu": "2"}


def test_a_size_of_the_environment_is_left_to_kubespawner() -> None:
    pod = complete(kubespawners(), plan_of(settings={"memory": "1G"}), FRAME)
    assert notebook_of(pod)["resources"]["requests"] == {"memory": "512M"}


def test_secrets_are_read_only_folders_of_the_keys_that_are_named() -> None:
    folders = (SecretFolder("keys", "db", ("password",), 0o400), SecretFolder("all", "other"))
    pod = complete(kubespawners(), plan_of(secret_folders=folders), FRAME)
    first, second = (v["secret"] for v in pod["spec"]["volumes"][-2:])
    items = [{"key": "password", "path": "password"}]
    assert first == {"secretName": "db", "defaultMode": 0o400, "items": items}
    assert second == {"secretName": "other", "defaultMode": 0o444}
    shown = notebook_of(pod)["volumeMounts"][-2:]
    assert [m["mountPath"] for m in shown] == ["/home/jovyan/keys", "/home/jovyan/all"]
    assert all(m["readOnly"] for m in shown)


def test_a_sidecar_is_native_and_started_before_the_session() -> None:
    sidecar = Sidecar("cloud-sql", "proxy:2", ("--port=5432", "$(X)"), Probe(9801, "/startup"))
    pod = complete(kubespawners(), plan_of(sidecars=(sidecar,)), FRAME)
    (container,) = pod["spec"]["initContainers"]
    assert container["restartPolicy"] == "Always"
    assert container["args"] == ["--port=5432", "$$(X)"]
    assert container["startupProbe"]["httpGet"] == {"path": "/startup", "port": 9801}
    assert len(pod["spec"]["containers"]) == 2


def test_ports_are_added_to_the_sessions_own() -> None:
    pod = complete(kubespawners(), plan_of(ports=(OpenPort(8080, "web"),)), FRAME)
    assert [one["containerPort"] for one in notebook_of(pod)["ports"]] == [8888, 8080]


def test_an_account_brings_its_token_and_without_one_there_is_none() -> None:
    assert complete(kubespawners(), plan_of(), FRAME)["spec"]["automountServiceAccountToken"] is (
        False
    )
    spec = complete(kubespawners(), plan_of(settings={"service_account": "ml"}), FRAME)["spec"]
    assert (spec["serviceAccountName"], spec["automountServiceAccountToken"]) == ("ml", True)


def test_every_container_passes_restricted_unless_somebody_said_otherwise() -> None:
    pod = complete(kubespawners(), plan_of(sidecars=(Sidecar("s", "i"),)), FRAME)
    for container in (*pod["spec"]["containers"], *pod["spec"]["initContainers"]):
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert context["runAsNonRoot"] is True
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    given = kubespawners()
    given["spec"]["containers"][1]["securityContext"] = {"runAsNonRoot": False}
    own = complete(given, plan_of(), FRAME)["spec"]["containers"][1]["securityContext"]
    assert own["runAsNonRoot"] is False


def test_labels_without_a_prefix_are_not_ours_to_give() -> None:
    labels = {"component": "hub", "jupyterhub-sessions/owner": "anna"}
    made = complete(kubespawners(), plan_of(labels=labels), FRAME)["metadata"]["labels"]
    assert made == {
        "app": "jupyterhub",
        "jupyterhub-sessions/owner": "anna",
        "jupyterhub-sessions/hub": "h",
        "jupyterhub-sessions/generation": "1",
    }


def test_a_pod_without_the_sessions_container_is_refused() -> None:
    given = kubespawners()
    del given["spec"]["containers"][0]
    with pytest.raises(LookupError, match="notebook"):
        complete(given, plan_of(), FRAME)
