"""An administrator's settings of KubeSpawner make the pod that they made, and what we add to it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from sessions_spawner.request import digest_of, parse_request
from tests.support.existing_hubs import HUBS
from tests.support.offline_hub import SERVER
from tests.support.session_manifests import GENERATION, Case, make_ours, make_stock

NAME = f"session-{SERVER}-{GENERATION}"
HOME = "/home/jovyan"
OWN_LABELS = {"environment": "python", "generation": str(GENERATION), "owner": "anna"}
# Variables whose value the session's own Secret holds.
IN_SECRET = ("JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN")
# Variables that every session has; the administrator's `notebook_dir` stays.
ADDED = {
    "HOME": HOME,
    "JUPYTERHUB_ACTIVITY_INTERVAL": "300",
    "JUPYTERHUB_ROOT_DIR": HOME,
    "SESSIONS_ACTIVITY_URL": (
        f"http://10.0.0.1:8000/services/sessions/api/v1/sessions/{SERVER}/activity"
    ),
    "SESSIONS_DRIVE": HOME,
    "SESSIONS_ID": SERVER,
    "SESSIONS_NAME": "a name",
    "SESSIONS_OWN_NETWORK": "1",
}
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.mark.parametrize("name", HUBS)
def test_the_pod_is_kubespawners_with_the_documented_additions(name: str) -> None:
    case = HUBS[name]
    made, stock = make_ours(case)["pod"], make_stock(case)
    expected = with_additions(stock, case)
    ours, theirs = _variables(made), _variables(expected)
    assert {one: ours.get(one) for one in theirs} == theirs
    assert set(ours) == set(theirs)
    order = [one for one in ours if one in _variables(stock)]
    assert order == list(_variables(stock))
    for pod in (made, expected):
        del pod["spec"]["containers"][0]["env"]
    assert made == expected


def with_additions(stock: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """Return KubeSpawner's pod with everything that a session's pod has besides."""
    pod = copy.deepcopy(dict(stock))
    request = parse_request({"environment": "python", **case.request})
    add_metadata(pod, digest_of(request))
    add_drive(pod)
    add_variables(pod)
    settings = case.settings.get("KubeSpawner", {})
    spec = pod["spec"]
    if "fs_gid" not in settings:
        spec.setdefault("securityContext", {})["fsGroup"] = 100
    if "uid" not in settings:
        spec["containers"][0].setdefault("securityContext", {})["runAsUser"] = 1000
    for container in (*spec["containers"], *spec.get("initContainers", ())):
        add_security(container, spec.get("securityContext", {}))
    return pod


def add_metadata(pod: dict[str, Any], digest: str) -> None:
    """Add our labels; those that Kubernetes recommends are the administrator's first."""
    metadata = pod["metadata"]
    metadata["name"] = NAME
    common = {
        "app.kubernetes.io/instance": SERVER,
        "app.kubernetes.io/part-of": "jupyterhub-sessions",
    }
    own = {f"jupyterhub-sessions/{key}": text for key, text in OWN_LABELS.items()}
    own["jupyterhub-sessions/session"] = SERVER
    own["jupyterhub-sessions/hub"] = "692abcef4cfd873d9368af38d01bf0f7"
    metadata["labels"] = {**common, **metadata["labels"], **own}
    metadata["annotations"]["jupyterhub-sessions/request"] = digest


def add_drive(pod: dict[str, Any]) -> None:
    """Put the drive in the place of KubeSpawner's own claim."""
    spec = pod["spec"]
    claims = {
        one["name"]
        for one in spec["volumes"]
        if one.get("persistentVolumeClaim", {}).get("claimName", "").endswith(SERVER)
    }
    spec["volumes"] = [one for one in spec["volumes"] if one["name"] not in claims]
    claim = {"claimName": "claim-of-d-0", "readOnly": False}
    spec["volumes"].append({"name": "drive-0", "persistentVolumeClaim": claim})
    notebook = spec["containers"][0]
    mounts = [one for one in notebook["volumeMounts"] if one["name"] not in claims]
    mounts.append({"name": "drive-0", "mountPath": HOME, "readOnly": False})
    notebook["volumeMounts"] = mounts


def add_variables(pod: dict[str, Any]) -> None:
    given = _variables(pod)
    kept = {"JUPYTERHUB_ROOT_DIR": given.get("JUPYTERHUB_ROOT_DIR")}
    given |= {name: {"name": name, "value": text} for name, text in ADDED.items()}
    given |= {name: one for name, one in kept.items() if one}
    for name in IN_SECRET:
        given[name] = {"name": name, "valueFrom": {"secretKeyRef": {"name": NAME, "key": name}}}
    pod["spec"]["containers"][0]["env"] = list(given.values())


def add_security(container: dict[str, Any], pod_wide: Mapping[str, Any]) -> None:
    """Fill what Pod Security “restricted” wants, where the administrator runs nothing as root."""
    own = container.get("securityContext", {})
    if own.get("runAsUser", pod_wide.get("runAsUser")) == 0 or own.get("privileged"):
        filled = {"seccompProfile": RESTRICTED["seccompProfile"]}
    else:
        filled = dict(RESTRICTED)
    container["securityContext"] = {
        **{key: value for key, value in filled.items() if key not in pod_wide},
        **own,
    }


def _variables(pod: Mapping[str, Any]) -> dict[str, Any]:
    return {one["name"]: one for one in pod["spec"]["containers"][0]["env"]}
