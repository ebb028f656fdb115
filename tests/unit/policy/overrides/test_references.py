"""No way in which a pod names another object is overlooked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.policy.field_path import Path, format_path
from sessions_spawner.policy.overrides.pod_fields import (
    POD,
    SCALARS,
    Field,
    fields_of,
    pod_types,
)
from sessions_spawner.policy.overrides.references import (
    FREE_TEXT,
    NAMED,
    TOKEN,
    TYPED,
    Reference,
    references_of,
)

KINDS = ("containers", "initContainers", "ephemeralContainers")


def volume(**source: Any) -> dict[str, Any]:
    """Return the spec of a pod with one volume."""
    return {"volumes": [{"name": "v", **source}]}


def projected(**source: Any) -> dict[str, Any]:
    """Return the spec of a pod with one projected volume."""
    return volume(projected={"sources": [source]})


@pytest.mark.parametrize(
    ("spec", "kind", "path"),
    [
        ({"imagePullSecrets": [{"name": "x"}]}, "Secret", "imagePullSecrets[0].name"),
        ({"serviceAccountName": "x"}, "ServiceAccount", "serviceAccountName"),
        ({"serviceAccount": "x"}, "ServiceAccount", "serviceAccount"),
        ({"priorityClassName": "x"}, "PriorityClass", "priorityClassName"),
        ({"runtimeClassName": "x"}, "RuntimeClass", "runtimeClassName"),
        ({"schedulerName": "x"}, "Scheduler", "schedulerName"),
        ({"nodeName": "x"}, "Node", "nodeName"),
        (
            {"resourceClaims": [{"name": "a", "resourceClaimName": "x"}]},
            "ResourceClaim",
            "resourceClaims[0].resourceClaimName",
        ),
        (
            {"resourceClaims": [{"name": "a", "resourceClaimTemplateName": "x"}]},
            "ResourceClaimTemplate",
            "resourceClaims[0].resourceClaimTemplateName",
        ),
        (volume(secret={"secretName": "x"}), "Secret", "volumes[0].secret.secretName"),
        (volume(configMap={"name": "x"}), "ConfigMap", "volumes[0].configMap.name"),
        (
            volume(persistentVolumeClaim={"claimName": "x"}),
            "PersistentVolumeClaim",
            "volumes[0].persistentVolumeClaim.claimName",
        ),
        (
            projected(secret={"name": "x"}),
            "Secret",
            "volumes[0].projected.sources[0].secret.name",
        ),
        (
            projected(configMap={"name": "x"}),
            "ConfigMap",
            "volumes[0].projected.sources[0].configMap.name",
        ),
        (
            projected(serviceAccountToken={"audience": "x", "path": "t"}),
            "ServiceAccountToken",
            "volumes[0].projected.sources[0].serviceAccountToken",
        ),
        (
            projected(clusterTrustBundle={"name": "x"}),
            "ClusterTrustBundle",
            "volumes[0].projected.sources[0].clusterTrustBundle.name",
        ),
        (
            projected(podCertificate={"signerName": "x"}),
            "Signer",
            "volumes[0].projected.sources[0].podCertificate.signerName",
        ),
        (volume(csi={"driver": "x"}), "CSIDriver", "volumes[0].csi.driver"),
        (
            volume(csi={"nodePublishSecretRef": {"name": "x"}}),
            "Secret",
            "volumes[0].csi.nodePublishSecretRef.name",
        ),
        (
            volume(ephemeral={"volumeClaimTemplate": {"spec": {"volumeName": "x"}}}),
            "PersistentVolume",
            "volumes[0].ephemeral.volumeClaimTemplate.spec.volumeName",
        ),
        (
            volume(ephemeral={"volumeClaimTemplate": {"spec": {"storageClassName": "x"}}}),
            "StorageClass",
            "volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName",
        ),
        (volume(azureFile={"secretName": "x"}), "Secret", "volumes[0].azureFile.secretName"),
        (volume(glusterfs={"endpoints": "x"}), "Endpoints", "volumes[0].glusterfs.endpoints"),
        (volume(image={"reference": "x"}), "Image", "volumes[0].image.reference"),
        (volume(hostPath={"path": "x"}), "HostPath", "volumes[0].hostPath.path"),
        (volume(nfs={"server": "x"}), "Storage", "volumes[0].nfs.server"),
        *(
            (volume(**{one: {"secretRef": {"name": "x"}}}), "Secret", f"volumes[0].{one}.{rest}")
            for one in ("cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos")
            for rest in ("secretRef.name",)
        ),
    ],
)
def test_a_pod_names_an_object(spec: dict[str, Any], kind: str, path: str) -> None:
    assert references_of({"spec": spec}) == (Reference(kind, "x", f"spec.{path}"),)


@pytest.mark.parametrize("containers", KINDS)
@pytest.mark.parametrize(
    ("container", "kind", "path"),
    [
        ({"image": "x"}, "Image", "image"),
        ({"envFrom": [{"secretRef": {"name": "x"}}]}, "Secret", "envFrom[0].secretRef.name"),
        (
            {"envFrom": [{"configMapRef": {"name": "x"}}]},
            "ConfigMap",
            "envFrom[0].configMapRef.name",
        ),
        (
            {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "x", "key": "k"}}}]},
            "Secret",
            "env[0].valueFrom.secretKeyRef.name",
        ),
        (
            {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "x", "key": "k"}}}]},
            "ConfigMap",
            "env[0].valueFrom.configMapKeyRef.name",
        ),
    ],
)
def test_a_container_of_each_kind_names_an_object(
    containers: str, container: dict[str, Any], kind: str, path: str
) -> None:
    pod = {"spec": {containers: [{"name": "a"}, {"name": "b", **container}]}}
    assert references_of(pod) == (Reference(kind, "x", f"spec.{containers}[1].{path}"),)


@pytest.mark.parametrize("containers", KINDS)
@pytest.mark.parametrize("field", ["subPath", "subPathExpr"])
def test_a_folder_of_a_claim_is_named_with_the_claim(containers: str, field: str) -> None:
    mounts = [
        {"name": "w", "mountPath": "/w", field: "mine"},
        {"name": "v", "mountPath": "/v", field: "others/home"},
    ]
    volumes = [
        {"name": "v", "persistentVolumeClaim": {"claimName": "x"}},
        {"name": "w", "emptyDir": {}},
    ]
    found = references_of(
        {"spec": {"volumes": volumes, containers: [{"name": "a", "volumeMounts": mounts}]}}
    )
    claim = "PersistentVolumeClaim"
    assert found == (
        Reference(claim, "x", "spec.volumes[0].persistentVolumeClaim.claimName"),
        Reference(
            claim, "x", f"spec.{containers}[0].volumeMounts[1].{field}", sub_path="others/home"
        ),
    )


def test_the_source_of_an_ephemeral_claim_is_named_with_its_kind_and_namespace() -> None:
    spec = {
        "dataSource": {"kind": "PersistentVolumeClaim", "name": "a"},
        "dataSourceRef": {"apiGroup": "x", "kind": "Dump", "name": "b", "namespace": "other"},
    }
    place = "spec.volumes[0].ephemeral.volumeClaimTemplate.spec"
    assert references_of({"spec": volume(ephemeral={"volumeClaimTemplate": {"spec": spec}})}) == (
        Reference("PersistentVolumeClaim", "a", f"{place}.dataSource"),
        Reference("Dump", "b", f"{place}.dataSourceRef", namespace="other"),
    )


def test_what_a_driver_is_told_is_named_entry_by_entry() -> None:
    csi = {"driver": "secrets-store.csi.k8s.io", "volumeAttributes": {"secretProviderClass": "x"}}
    assert references_of({"spec": volume(csi=csi)})[1:] == (
        Reference(
            "CSIVolumeAttribute",
            "secretProviderClass=x",
            "spec.volumes[0].csi.volumeAttributes.secretProviderClass",
        ),
    )


def test_an_owner_is_named_by_its_kind() -> None:
    owner = {"apiVersion": "v1", "kind": "Node", "name": "n", "uid": "u"}
    assert references_of({"metadata": {"ownerReferences": [owner]}}) == (
        Reference("Node", "n", "metadata.ownerReferences[0]"),
    )


def test_null_and_nothing_name_nothing_and_an_empty_name_is_one() -> None:
    assert references_of({}) == ()
    assert references_of({"spec": volume(secret={"secretName": None})}) == ()
    found = references_of({"spec": volume(secret={"secretName": ""})})
    assert [one.name for one in found] == [""]


def places(kind: str, path: tuple[tuple[str, Field], ...] = ()) -> Iterator[Any]:
    """Give every chain of fields that leads from a type down to a field."""
    for name, field in fields_of(kind).items():
        yield (*path, (name, field))
        yield from places(field.kind, (*path, (name, field)))


def pod_with(chain: tuple[tuple[str, Field], ...], value: Any) -> tuple[Any, Path]:
    """Return a pod that holds a value at the end of a chain of fields, and its path."""
    path: Path = ()
    for name, field in chain:
        path = (*path, name, *((0,) if field.shape == "list" else ()))
    for name, field in reversed(chain):
        value = {name: [value] if field.shape == "list" else value}
    return value, path


def test_every_place_of_a_named_object_is_found_wherever_its_type_may_stand() -> None:
    chains = list(places(POD))
    assert len(chains) > 1_000
    for chain in chains:
        parent = chain[-2][1].kind if len(chain) > 1 else POD
        kind = NAMED.get((parent, chain[-1][0]))
        if kind:
            pod, path = pod_with(chain, "canary")
            place = format_path(path).removesuffix("[0]")
            assert Reference(kind, "canary", place) in references_of(pod)


SUSPICIOUS = re.compile(
    r"(?i)secret|configmap|ref$|reference|name|claim|class|account|volume|endpoint|template"
    r"|driver|signer|owner|disk|repository|image|pd$|pdid|uri$"
)
# Scalar fields that sound like the name of an object and are none, by the reason.
HARMLESS = {
    "a name of the pod itself": {
        "Container.name", "EphemeralContainer.name", "ObjectMeta.name", "ObjectMeta.generateName",
        "PodSpec.hostname", "PodSpec.hostnameOverride", "PodSpec.setHostnameAsFQDN",
        "ObjectMeta.namespace",
    },
    "a name inside the pod": {
        "ContainerPort.name", "EnvVar.name", "EphemeralContainer.targetContainerName",
        "FileKeySelector.volumeName", "PodResourceClaim.name", "ResourceClaim.name",
        "ResourceFieldSelector.containerName", "Volume.name", "VolumeDevice.name",
        "VolumeMount.name", "PodSchedulingGate.name",
    },
    "a setting, not an object": {
        "ContainerResizePolicy.resourceName", "HTTPHeader.name", "HostAlias.hostnames",
        "PodDNSConfig.nameservers", "PodDNSConfigOption.name", "PodOS.name", "Sysctl.name",
        "PersistentVolumeClaimSpec.volumeMode", "PodSpec.automountServiceAccountToken",
        "PodSpec.shareProcessNamespace", "Container.imagePullPolicy",
        "EphemeralContainer.imagePullPolicy", "PodAffinityTerm.namespaces",
        "WindowsSecurityContextOptions.runAsUserName", "ISCSIVolumeSource.initiatorName",
        "VsphereVirtualDiskVolumeSource.storagePolicyName",
    },
    "a file on the node": {"CephFSVolumeSource.secretFile"},
    "a second name of storage that another field names": {
        "AzureDiskVolumeSource.diskName", "StorageOSVolumeSource.volumeNamespace",
    },
}  # fmt: skip


def test_every_field_that_sounds_like_a_name_is_judged() -> None:
    """A newer table of fields brings new ways: each is a reference, or harmless for a reason."""
    found = {
        f"{kind}.{name}"
        for kind, fields in pod_types().items()
        for name, field in fields.items()
        if field.kind in SCALARS and SUSPICIOUS.search(name)
        if kind not in TYPED and (kind, name) not in {**NAMED, **FREE_TEXT}
    }
    assert found == set().union(*HARMLESS.values())


# References inside the pod: to a field of it, or to a file in one of its volumes.
INSIDE = {"fieldRef", "resourceFieldRef", "fileKeyRef"}


def test_every_field_called_a_reference_leads_to_one() -> None:
    dead_ends = [
        f"{kind}.{name}"
        for kind, fields in pod_types().items()
        for name, field in fields.items()
        if re.search(r"Ref$|^reference$|(?i:secret|configmap|claim)", name)
        and name not in INSIDE
        and field.kind not in SCALARS
        and not (field.kind in TYPED or any(parent == field.kind for parent, _ in NAMED))
    ]
    # Templates and the names of claims inside a container lead on, or to nothing outside.
    assert dead_ends == ["EphemeralVolumeSource.volumeClaimTemplate", "ResourceRequirements.claims"]


def test_every_entry_of_the_tables_is_a_field_of_a_pod() -> None:
    assert all(name in fields_of(kind) for kind, name in {**NAMED, **FREE_TEXT})
    assert all(kind in pod_types() for kind in {*TYPED, TOKEN})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["spec", "volumes", "containers", "env", "name", "volumeMounts"]),
            inner,
            max_size=3,
        )
    ),
)


@given(st.dictionaries(st.sampled_from(["metadata", "spec"]), JSON))
def test_what_has_not_the_shape_of_a_pod_is_passed_over(pod: dict[str, Any]) -> None:
    assert isinstance(references_of(pod), tuple)
