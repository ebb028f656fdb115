"""Which choices of the form YAML overrides."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from sessions_spawner.policy.form_fields import overridden_fields
from sessions_spawner.policy.overrides.merge import merge_pod

MADE: dict[str, Any] = {
    "spec": {
        "containers": [
            {
                "name": "notebook",
                "image": "lab:1",
                "env": [{"name": "MODE", "value": "slow"}],
                "ports": [{"containerPort": 8080, "name": "api"}],
                "resources": {"limits": {"cpu": "1", "memory": "2Gi"}},
                "volumeMounts": [
                    {"name": "drive-0", "mountPath": "/home"},
                    {"name": "drive-1", "mountPath": "/data"},
                ],
            }
        ],
        "initContainers": [{"name": "cloud-sql-proxy", "image": "p"}],
        "volumes": [{"name": "drive-0"}, {"name": "drive-1"}, {"name": "secret-2"}],
    }
}


def notebook(**fields: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "notebook", **fields}]}}


@pytest.mark.parametrize(
    ("patch", "fields"),
    [
        ({}, ()),
        ({"metadata": {"labels": {"a": "b"}}}, ()),
        (notebook(image="lab:2"), ("image",)),
        (notebook(env=[{"name": "MODE", "value": "fast"}]), ("env.MODE",)),
        (notebook(env=[{"name": "NEW", "value": "1"}]), ()),
        (notebook(resources={"limits": {"memory": "4Gi"}}), ("resources.memory",)),
        (notebook(resources={"limits": {"x.org/gpu": 1}}), ("resources.gpu",)),
        (notebook(ports=[{"containerPort": 8080, "name": "web"}]), ("ports",)),
        (notebook(ports=[{"containerPort": 9090}]), ()),
        (notebook(volumeMounts=[{"mountPath": "/data", "name": "other"}]), ("extra_drives",)),
        ({"spec": {"volumes": [{"name": "drive-0", "emptyDir": {}}]}}, ("drive",)),
        ({"spec": {"volumes": [{"name": "secret-2", "$patch": "delete"}]}}, ("secrets",)),
        ({"spec": {"serviceAccountName": "x"}}, ("service_account",)),
        ({"spec": {"initContainers": [{"name": "cloud-sql-proxy", "image": "q"}]}}, ("cloud_sql",)),
        ({"spec": {"initContainers": [{"name": "mine", "image": "q"}]}}, ()),
        ({"spec": {"containers": [{"name": "beside", "image": "q"}]}}, ()),
    ],
)
def test_only_what_the_form_chose_is_overridden(
    patch: dict[str, Any], fields: tuple[str, ...]
) -> None:
    assert overridden_fields(MADE, merge_pod(deepcopy(MADE), patch)) == fields
