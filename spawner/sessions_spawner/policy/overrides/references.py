"""Every way in which a pod names something else: what must be authorised before it is launched.

Who can create a pod can read every Secret of its namespace through it, so each name in user YAML is
looked at here. What a driver is given as free text (`volumeAttributes`, `options`) may name objects
too, such as a SecretProviderClass, and is listed entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..field_path import Path, format_path
from .pod_fields import POD, Field, fields_of


@dataclass(frozen=True)
class Reference:
    """What a pod names: kind and name of the object, and the place that names it.

    `namespace` is set where the place names one, `sub_path` where a container mounts only a folder
    of a claim.
    """

    kind: str
    name: str
    path: str
    namespace: str | None = None
    sub_path: str | None = None


# (type, field) → the kind of what the field names. A LocalObjectReference in a pod is to a Secret.
NAMED: Final[Mapping[tuple[str, str], str]] = {
    ("AzureFileVolumeSource", "secretName"): "Secret",
    ("LocalObjectReference", "name"): "Secret",
    ("SecretEnvSource", "name"): "Secret",
    ("SecretKeySelector", "name"): "Secret",
    ("SecretProjection", "name"): "Secret",
    ("SecretVolumeSource", "secretName"): "Secret",
    ("ConfigMapEnvSource", "name"): "ConfigMap",
    ("ConfigMapKeySelector", "name"): "ConfigMap",
    ("ConfigMapProjection", "name"): "ConfigMap",
    ("ConfigMapVolumeSource", "name"): "ConfigMap",
    ("PersistentVolumeClaimVolumeSource", "claimName"): "PersistentVolumeClaim",
    ("PersistentVolumeClaimSpec", "volumeName"): "PersistentVolume",
    ("PersistentVolumeClaimSpec", "storageClassName"): "StorageClass",
    ("PersistentVolumeClaimSpec", "volumeAttributesClassName"): "VolumeAttributesClass",
    ("PodSpec", "serviceAccountName"): "ServiceAccount",
    ("PodSpec", "serviceAccount"): "ServiceAccount",
    ("PodSpec", "priorityClassName"): "PriorityClass",
    ("PodSpec", "runtimeClassName"): "RuntimeClass",
    ("PodSpec", "schedulerName"): "Scheduler",
    ("PodSpec", "nodeName"): "Node",
    ("PodResourceClaim", "resourceClaimName"): "ResourceClaim",
    ("PodResourceClaim", "resourceClaimTemplateName"): "ResourceClaimTemplate",
    ("ClusterTrustBundleProjection", "name"): "ClusterTrustBundle",
    ("ClusterTrustBundleProjection", "signerName"): "Signer",
    ("PodCertificateProjection", "signerName"): "Signer",
    ("WindowsSecurityContextOptions", "gmsaCredentialSpecName"): "GMSACredentialSpec",
    ("GlusterfsVolumeSource", "endpoints"): "Endpoints",
    ("CSIVolumeSource", "driver"): "CSIDriver",
    ("FlexVolumeSource", "driver"): "FlexVolumeDriver",
    ("Container", "image"): "Image",
    ("EphemeralContainer", "image"): "Image",
    ("ImageVolumeSource", "reference"): "Image",
    ("HostPathVolumeSource", "path"): "HostPath",
    ("GitRepoVolumeSource", "repository"): "Storage",
    # Storage outside of Kubernetes, by the field that tells one from the other.
    ("AWSElasticBlockStoreVolumeSource", "volumeID"): "Storage",
    ("AzureDiskVolumeSource", "diskURI"): "Storage",
    ("AzureFileVolumeSource", "shareName"): "Storage",
    ("CephFSVolumeSource", "monitors"): "Storage",
    ("CinderVolumeSource", "volumeID"): "Storage",
    ("FCVolumeSource", "targetWWNs"): "Storage",
    ("FCVolumeSource", "wwids"): "Storage",
    ("FlockerVolumeSource", "datasetName"): "Storage",
    ("FlockerVolumeSource", "datasetUUID"): "Storage",
    ("GCEPersistentDiskVolumeSource", "pdName"): "Storage",
    ("GlusterfsVolumeSource", "path"): "Storage",
    ("ISCSIVolumeSource", "iqn"): "Storage",
    ("NFSVolumeSource", "server"): "Storage",
    ("PhotonPersistentDiskVolumeSource", "pdID"): "Storage",
    ("PortworxVolumeSource", "volumeID"): "Storage",
    ("QuobyteVolumeSource", "volume"): "Storage",
    ("RBDVolumeSource", "image"): "Storage",
    ("ScaleIOVolumeSource", "volumeName"): "Storage",
    ("StorageOSVolumeSource", "volumeName"): "Storage",
    ("VsphereVirtualDiskVolumeSource", "volumePath"): "Storage",
}

# Free text for a driver, one reference an entry, called `key=value`.
FREE_TEXT: Final[Mapping[tuple[str, str], str]] = {
    ("CSIVolumeSource", "volumeAttributes"): "CSIVolumeAttribute",
    ("FlexVolumeSource", "options"): "FlexVolumeOption",
}

# Types whose value says itself which kind it names.
TYPED: Final = frozenset({"TypedLocalObjectReference", "TypedObjectReference", "OwnerReference"})

# A token of the pod's own service account: it names no object, but is as good as the account.
TOKEN: Final = "ServiceAccountTokenProjection"

_CONTAINERS: Final = ("initContainers", "containers", "ephemeralContainers")


def references_of(pod: Mapping[str, Any]) -> tuple[Reference, ...]:
    """Return every reference of a pod, in the order in which it is written.

    The pod has the shape that `check_pod` asks for; what has not is passed over.
    """
    return (*_below(pod, Field(POD, "one"), ()), *_folders_of_claims(pod))


def _below(value: Any, field: Field, path: Path) -> Iterator[Reference]:
    if field.shape == "list" and isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _below(entry, Field(field.kind, "one"), (*path, index))
    elif field.shape == "one" and isinstance(value, dict):
        yield from _whole(value, field.kind, path)
        fields = fields_of(field.kind)
        for key, inner in value.items():
            if key in fields and inner is not None:
                yield from _named(field.kind, key, inner, (*path, key))
                yield from _below(inner, fields[key], (*path, key))


def _whole(value: Mapping[str, Any], kind: str, path: Path) -> Iterator[Reference]:
    """Give the reference that a mapping is as a whole."""
    place = format_path(path)
    if kind in TYPED:
        named = str(value.get("kind") or "object of no kind")
        namespace = value.get("namespace")
        yield Reference(named, str(value.get("name") or ""), place, namespace)
    elif kind == TOKEN:
        yield Reference("ServiceAccountToken", str(value.get("audience") or ""), place)


def _named(kind: str, key: str, value: Any, path: Path) -> Iterator[Reference]:
    """Give the references that one field is."""
    if (kind, key) in NAMED:
        for name in value if isinstance(value, list) else [value]:
            yield Reference(NAMED[kind, key], str(name), format_path(path))
    elif (kind, key) in FREE_TEXT and isinstance(value, dict):
        for name, text in value.items():
            place = format_path((*path, name))
            yield Reference(FREE_TEXT[kind, key], f"{name}={text}", place)


def _folders_of_claims(pod: Mapping[str, Any]) -> Iterator[Reference]:
    """Give each folder of a claim that a container mounts by `subPath` or `subPathExpr`."""
    spec = _mapping(pod.get("spec"))
    claims = {
        volume.get("name"): source.get("claimName")
        for volume in _mappings(spec.get("volumes"))
        if (source := _mapping(volume.get("persistentVolumeClaim")))
    }
    for kind in _CONTAINERS:
        for index, container in _numbered(spec.get(kind)):
            for number, mount in _numbered(container.get("volumeMounts")):
                for field in ("subPath", "subPathExpr"):
                    if mount.get(field) and mount.get("name") in claims:
                        path = ("spec", kind, index, "volumeMounts", number, field)
                        yield Reference(
                            "PersistentVolumeClaim",
                            str(claims[mount["name"]]),
                            format_path(path),
                            sub_path=str(mount[field]),
                        )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [entry for _, entry in _numbered(value)]


def _numbered(value: Any) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the mappings of a list with their places."""
    entries = value if isinstance(value, list) else []
    return [(index, entry) for index, entry in enumerate(entries) if isinstance(entry, dict)]
