"""By default a user changes little, and a merge never opens more than that."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_spawner.policy.overrides.apply import override_pod
from sessions_spawner.policy.overrides.defaults import default_rules
from sessions_spawner.policy.overrides.merge import OverridesRefused
from sessions_spawner.policy.pod_yaml import read_pod_yaml

PREFIX = "user.sessions.jupyter.org"
RULES = default_rules(
    "notebook",
    PREFIX,
    bounds={"cpu": "4", "memory": "8Gi"},
    node_selectors={"disk": ["ssd", "hdd"]},
    env_refused=["JUPYTERHUB_*", "LD_*"],
)
POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "p", "labels": {"app": "session"}},
    "spec": {
        "containers": [
            {
                "name": "notebook",
                "image": "lab:1",
                "env": [
                    {"name": "JUPYTERHUB_USER", "value": "anna"},
                    {"name": "MODE", "value": "x"},
                ],
                "resources": {"limits": {"cpu": "1"}},
                "securityContext": {"allowPrivilegeEscalation": False},
            },
            {"name": "sidecar", "image": "proxy:1", "env": [{"name": "PORT", "value": "1"}]},
        ],
        "nodeSelector": {"pool": "users"},
        "automountServiceAccountToken": False,
    },
}


def may(patch: dict[str, Any]) -> bool:
    """Tell whether a patch is taken."""
    try:
        override_pod(POD, patch, RULES)
    except OverridesRefused:
        return False
    return True


def container(name: str = "notebook", **fields: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": name, **fields}]}}


@pytest.mark.parametrize(
    "patch",
    [
        container(resources={"limits": {"cpu": "4", "memory": "8Gi"}, "requests": {"cpu": 1}}),
        container(env=[{"name": "NEW", "value": "x"}, {"name": "MODE", "value": "y"}]),
        {"spec": {"nodeSelector": {"disk": "ssd"}}},
        {"metadata": {"labels": {f"{PREFIX}/a": "x"}, "annotations": {f"{PREFIX}/b": "y"}}},
    ],
)
def test_little_is_allowed(patch: dict[str, Any]) -> None:
    assert may(patch)


@pytest.mark.parametrize(
    "patch",
    [
        container(resources={"limits": {"cpu": "5"}}),
        container(resources={"limits": {"cpu": None}}),
        container(resources={"limits": {"nvidia.com/gpu": 1}}),
        container(resources={"claims": [{"name": "a"}]}),
        container(env=[{"name": "JUPYTERHUB_USER", "value": "root"}]),
        container(env=[{"name": "LD_PRELOAD", "value": "/x"}]),
        container(env=[{"name": "JUPYTERHUB_USER", "$patch": "delete"}]),
        container(env=[{"name": "MODE", "$patch": "delete"}]),
        container(env=[{"name": "MODE"}, {"name": "JUPYTERHUB_USER"}]),
        container(env=[{"name": "S", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]),
        container(envFrom=[{"secretRef": {"name": "s"}}]),
        container(image="x"),
        container(command=["sh"]),
        container(args=["x"]),
        container(securityContext={"privileged": True}),
        container(securityContext={"allowPrivilegeEscalation": None}),
        container(volumeMounts=[{"name": "v", "mountPath": "/v"}]),
        container(ports=[{"containerPort": 80, "hostPort": 80}]),
        container(lifecycle={"postStart": {"exec": {"command": ["sh"]}}}),
        container("sidecar", env=[{"name": "PORT", "value": "2"}]),
        container("sidecar", resources={"limits": {"cpu": "1"}}),
        container("new", image="x"),
        {"spec": {"initContainers": [{"name": "notebook", "env": [{"name": "A", "value": "x"}]}]}},
        {"spec": {"ephemeralContainers": [{"name": "notebook"}]}},
        {"spec": {"volumes": [{"name": "v", "emptyDir": {}}]}},
        {"spec": {"nodeSelector": {"disk": "tape"}}},
        {"spec": {"nodeSelector": {"pool": "hub"}}},
        {"spec": {"nodeSelector": {"pool": None}}},
        {"spec": {"nodeName": "n"}},
        {"spec": {"schedulerName": "s"}},
        {"spec": {"priorityClassName": "high"}},
        {"spec": {"runtimeClassName": "r"}},
        {"spec": {"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["hub"]}]}},
        {"spec": {"tolerations": [{"operator": "Exists"}]}},
        {"spec": {"hostNetwork": True}},
        {"spec": {"hostUsers": True}},
        {"spec": {"shareProcessNamespace": True}},
        {"spec": {"serviceAccountName": "hub"}},
        {"spec": {"serviceAccount": "hub"}},
        {"spec": {"automountServiceAccountToken": True}},
        {"spec": {"automountServiceAccountToken": None}},
        {"spec": {"imagePullSecrets": [{"name": "s"}]}},
        {"spec": {"resourceClaims": [{"name": "a", "resourceClaimName": "b"}]}},
        {"spec": {"activeDeadlineSeconds": 1}},
        {"spec": {"terminationGracePeriodSeconds": 100_000}},
        {"spec": {"restartPolicy": "Always"}},
        {"spec": {"dnsConfig": {"nameservers": ["10.0.0.1"]}}},
        {"spec": {"preemptionPolicy": "Never"}},
        {"spec": {"setHostnameAsFQDN": True}},
        {"spec": {"securityContext": {"sysctls": [{"name": "a", "value": "b"}]}}},
        {"metadata": {"labels": {"app": "hub"}}},
        {"metadata": {"labels": {"hub.jupyter.org/username": "bob"}}},
        {"metadata": {"annotations": {"iam.amazonaws.com/role": "admin"}}},
        {"metadata": {"annotations": {f"x{PREFIX}/a": "x"}}},
        {"metadata": {"finalizers": ["a/b"]}},
    ],
)
def test_everything_else_is_refused(patch: dict[str, Any]) -> None:
    assert not may(patch)


def test_a_refusal_of_yaml_has_the_line_that_it_is_about() -> None:
    text = read_pod_yaml("spec:\n  containers:\n  - name: notebook\n    tty: on\n")
    with pytest.raises(OverridesRefused) as caught:
        override_pod(POD, text.value, RULES)
    assert [text.line_of(one.field) for one in caught.value.refusals] == [4]


NAMES = st.sampled_from(["notebook", "sidecar", "new"])
WORDS = st.sampled_from(["x", "ssd", "1", "5", "100Gi"])
VARIABLES = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["JUPYTERHUB_USER", "MODE", "NEW", "LD_X"])},
        optional={
            "value": WORDS,
            "$patch": st.just("delete"),
            "valueFrom": st.just({"secretKeyRef": {"name": "s", "key": "k"}}),
        },
    ),
    max_size=2,
)
RESOURCES = st.dictionaries(
    st.sampled_from(["limits", "requests"]),
    st.dictionaries(st.sampled_from(["cpu", "memory", "gpu"]), st.none() | WORDS, max_size=2),
)
CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES},
        optional={
            "image": WORDS,
            "env": VARIABLES,
            "resources": st.none() | RESOURCES,
            "securityContext": st.just({"privileged": True}),
            "$patch": st.just("delete"),
        },
    ),
    max_size=2,
)
KEYS = st.dictionaries(
    st.sampled_from(["app", f"{PREFIX}/a", f"{PREFIX}/b"]), st.none() | WORDS, max_size=2
)
PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "metadata": st.fixed_dictionaries({}, optional={"labels": KEYS, "annotations": KEYS}),
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "containers": CONTAINERS,
                "initContainers": CONTAINERS,
                "nodeSelector": st.dictionaries(
                    st.sampled_from(["disk", "pool"]), st.none() | WORDS, max_size=2
                ),
                "hostPID": st.booleans(),
                "volumes": st.just([{"name": "v", "hostPath": {"path": "/"}}]),
            },
        ),
    },
)


def stripped(pod: dict[str, Any]) -> dict[str, Any]:
    """Return a pod without what the rules leave to users: written apart from how they work."""
    pod = deepcopy(pod)
    for where in ("labels", "annotations"):
        kept = pod["metadata"].pop(where, {})
        pod["metadata"][where] = {k: v for k, v in kept.items() if not k.startswith(f"{PREFIX}/")}
    pod["spec"]["nodeSelector"].pop("disk", None)
    own = next(one for one in pod["spec"]["containers"] if one["name"] == "notebook")
    own["env"] = [one for one in own["env"] if one["name"] not in ("MODE", "NEW")]
    for where in ("limits", "requests"):
        kept = own["resources"].pop(where, {})
        own["resources"][where] = {k: v for k, v in kept.items() if k not in ("cpu", "memory")}
    return {**pod, "spec": {k: v for k, v in pod["spec"].items() if v != []}}


@settings(max_examples=300)
@given(PATCHES)
def test_a_merge_never_changes_more_than_is_allowed(patch: dict[str, Any]) -> None:
    try:
        made = override_pod(POD, patch, RULES)
    except OverridesRefused:
        return
    assert stripped(made) == stripped(POD)
    own = next(one for one in made["spec"]["containers"] if one["name"] == "notebook")
    assert own["resources"]["limits"]["cpu"] in ("1", "x", "4") or own["resources"] == {}
    assert not any("valueFrom" in one for one in own["env"])
    assert made["spec"]["nodeSelector"].get("disk", "ssd") in ("ssd", "hdd")
