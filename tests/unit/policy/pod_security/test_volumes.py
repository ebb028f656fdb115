"""The kinds of volumes that a pod may have."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.pod_manifests import broken

ALLOWED = {
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral"),
    *("image", "persistentVolumeClaim", "projected", "secret"),
}
REFUSED = {
    *("awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "fc", "flexVolume"),
    *(
        "flocker",
        "gcePersistentDisk",
        "gitRepo",
        "glusterfs",
        "iscsi",
        "nfs",
        "photonPersistentDisk",
    ),
    *("portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume"),
}


@pytest.mark.parametrize("source", [{"path": "/"}, {}, "/", [], False])
def test_no_folder_of_the_node_may_be_mounted(source: Any) -> None:
    path = "spec.volumes[1].hostPath"
    assert broken({path: source}, "baseline", "v1.0") == {("hostPathVolumes", path)}
    assert broken({path: source}) == {("restrictedVolumes", path)}
    assert broken({path: None}) == broken({path: None}, "baseline") == set()


@pytest.mark.parametrize("kind", sorted(ALLOWED))
def test_a_kind_that_belongs_to_the_pod_is_fine(kind: str) -> None:
    assert broken({f"spec.volumes[1].{kind}": {}}, "restricted", "v1.0") == set()


@pytest.mark.parametrize("kind", [*sorted(REFUSED), "newVolume", "HostPath", "empty_dir"])
def test_any_other_kind_is_refused_at_restricted_unknown_ones_too(kind: str) -> None:
    path = f"spec.volumes[1].{kind}"
    assert broken({path: {}}, "restricted", "v1.0") == {("restrictedVolumes", path)}
    assert broken({path: {}}) == {("restrictedVolumes", path)}
    assert broken({path: {}}, "baseline") == set()


@pytest.mark.parametrize("volume", [{"name": "one"}, {"name": "one", "nfs": None}, {}, None])
def test_a_volume_without_a_source_is_an_emptydir(volume: Any) -> None:
    assert broken({"spec.volumes[1]": volume}) == set()


def test_an_allowed_source_hides_no_other_beside_it() -> None:
    volume: dict[str, Any] = {"emptyDir": {}, "hostPath": {}, "nfs": {}}
    assert broken({"spec.volumes": [volume]}) == {
        ("restrictedVolumes", "spec.volumes[0].hostPath"),
        ("restrictedVolumes", "spec.volumes[0].nfs"),
    }


def test_every_bad_volume_is_named() -> None:
    volumes = [{"name": f"v{number}", "hostPath": {"path": "/"}} for number in range(3)]
    assert broken({"spec.volumes": volumes}, "baseline") == {
        ("hostPathVolumes", f"spec.volumes[{number}].hostPath") for number in range(3)
    }
