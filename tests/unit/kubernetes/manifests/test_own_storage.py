"""The administrator's storage beside a session's drives."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.policy.own_yaml import BadYaml
from tests.support.session_manifests import Case, make_ours

# As z2jh sets KubeSpawner for its dynamic storage.
DYNAMIC = {
    "storage_pvc_ensure": True,
    "volumes": [
        {"name": "volume-{user_server}", "persistentVolumeClaim": {"claimName": "{pvc_name}"}}
    ],
    "volume_mounts": [{"mountPath": "/home/jovyan", "name": "volume-{user_server}"}],
}
SHARED: dict[str, Any] = {
    "volumes": [{"name": "shared", "persistentVolumeClaim": {"claimName": "team"}}],
    "volume_mounts": [{"mountPath": "/home/jovyan/shared/", "name": "shared"}],
}


def spec_of(**settings: Any) -> Any:
    return make_ours(Case(settings={"KubeSpawner": settings}))["pod"]["spec"]


def test_kubespawners_own_claim_gives_way_to_the_drive() -> None:
    helper = {"name": "fix", "image": "i:1", "volumeMounts": DYNAMIC["volume_mounts"]}
    spec = spec_of(**DYNAMIC, init_containers=[helper])
    assert [one["name"] for one in spec["volumes"]] == ["drive-0"]
    assert [one["name"] for one in spec["containers"][0]["volumeMounts"]] == ["drive-0"]
    assert spec["initContainers"][0]["volumeMounts"] == []


def test_other_claims_stay_beside_the_drive() -> None:
    spec = spec_of(**SHARED)
    assert [one["name"] for one in spec["volumes"]] == ["shared", "drive-0"]


def test_a_folder_of_the_administrators_in_the_place_of_the_drive_is_told_to_him() -> None:
    mounts = [{"mountPath": "/home/jovyan", "name": "shared"}]
    with pytest.raises(BadYaml, match=r"c\.KubeSpawner\.volume_mounts has /home/jovyan,"):
        spec_of(volumes=SHARED["volumes"], volume_mounts=mounts)


@pytest.mark.parametrize(
    ("field", "request_"),
    [
        ("extra_drives", {"extra_drives": [{"drive": "data", "path": "shared"}]}),
        ("secrets", {"secrets": [{"name": "keys", "as": "files", "path": "shared"}]}),
    ],
)
def test_a_path_that_the_administrator_mounts_is_refused_with_its_field(
    field: str, request_: dict[str, Any]
) -> None:
    offers: dict[str, Any] = {"secrets": {"keys": {}}}
    settings = {"KubeSpawner": SHARED, "SessionOffers": offers}
    with pytest.raises(BadYaml, match=r"at /home/jovyan/shared; choose another path\.") as refused:
        make_ours(Case(request_, settings))
    assert refused.value.field == field
