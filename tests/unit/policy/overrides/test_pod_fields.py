"""The table of a pod's fields is that of Kubernetes' own types."""

from __future__ import annotations

import pytest

from sessions_spawner.policy.overrides.pod_fields import (
    SCALARS,
    TABLE,
    Field,
    fields_of,
    pod_types,
)
from tests.support.go_types import MODULES, find_sources, format_table, read_pod_types


@pytest.mark.slow
@pytest.mark.needs(*MODULES)
def test_the_table_is_what_kubernetes_types_say() -> None:
    sources = find_sources()
    assert sources is not None
    written = TABLE.read_text(encoding="utf-8")
    assert written == format_table(read_pod_types(sources)), "python -m tests.support.go_types"


def test_every_type_that_a_field_names_is_in_the_table() -> None:
    named = {field.kind for fields in pod_types().values() for field in fields.values()}
    assert named - set(pod_types()) - SCALARS == {"object"}


def test_a_pod_has_no_status_here() -> None:
    assert set(fields_of("Pod")) == {"apiVersion", "kind", "metadata", "spec"}


@pytest.mark.parametrize(
    ("kind", "name", "field"),
    [
        ("PodSpec", "containers", Field("Container", "list", True, "name")),
        ("PodSpec", "initContainers", Field("Container", "list", True, "name")),
        ("PodSpec", "ephemeralContainers", Field("EphemeralContainer", "list", True, "name")),
        ("PodSpec", "volumes", Field("Volume", "list", True, "name")),
        ("PodSpec", "imagePullSecrets", Field("LocalObjectReference", "list", True, "name")),
        ("PodSpec", "hostAliases", Field("HostAlias", "list", True, "ip")),
        ("PodSpec", "tolerations", Field("Toleration", "list")),
        (
            "PodSpec",
            "topologySpreadConstraints",
            Field("TopologySpreadConstraint", "list", True, "topologyKey"),
        ),
        ("PodSpec", "resourceClaims", Field("PodResourceClaim", "list", True, "name")),
        ("PodSpec", "nodeSelector", Field("string", "map")),
        ("Container", "env", Field("EnvVar", "list", True, "name")),
        ("Container", "envFrom", Field("EnvFromSource", "list")),
        ("Container", "ports", Field("ContainerPort", "list", True, "containerPort")),
        ("Container", "volumeMounts", Field("VolumeMount", "list", True, "mountPath")),
        ("EphemeralContainer", "volumeDevices", Field("VolumeDevice", "list", True, "devicePath")),
        ("Container", "args", Field("string", "list")),
        ("ResourceRequirements", "limits", Field("quantity", "map")),
        ("ObjectMeta", "finalizers", Field("string", "list", True)),
        ("Probe", "httpGet", Field("HTTPGetAction", "one")),
    ],
)
def test_a_field_has_its_type_and_its_way_of_merging(kind: str, name: str, field: Field) -> None:
    assert fields_of(kind)[name] == field
