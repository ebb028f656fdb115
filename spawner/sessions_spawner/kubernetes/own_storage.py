"""The administrator's own storage in a pod: what drives replace, and what is in their way; pure."""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from ..plan import Plan
from ..policy.own_yaml import BadYaml, Fault
from .pods import find_notebook


def without_claim(pod: Mapping[str, Any], claim: str) -> dict[str, Any]:
    """Return a pod without KubeSpawner's own claim, which nobody makes: the drive is in its place.

    Everything that mounts it goes too.
    """
    made = copy.deepcopy(dict(pod))
    spec = made["spec"]
    volumes = spec.get("volumes") or []
    gone = {one["name"] for one in volumes if _claim_of(one) == claim}
    if not gone:
        return made
    spec["volumes"] = [one for one in volumes if one["name"] not in gone]
    for container in (*spec["containers"], *(spec.get("initContainers") or ())):
        if mounts := container.get("volumeMounts"):
            container["volumeMounts"] = [one for one in mounts if one["name"] not in gone]
    return made


def require_free_paths(pod: Mapping[str, Any], plan: Plan, home: str) -> None:
    """Refuse a session whose drives or secrets lie where the administrator mounts something.

    `pod` is the pod without them. Raises `BadYaml`, with the field of the request to change.
    """
    theirs = {
        posixpath.normpath(one["mountPath"]) for one in find_notebook(pod).get("volumeMounts") or ()
    }
    for field, path in _paths_of(plan):
        place = posixpath.normpath(posixpath.join(home, path))
        if place not in theirs:
            continue
        sentence = f"The administrator mounts something at {place}; choose another path."
        if not path:
            sentence = (
                f"c.KubeSpawner.volume_mounts has {place}, where the drive is; ask the "
                f"administrator to mount it somewhere else, such as {place}/shared."
            )
        raise BadYaml(field, (Fault("", sentence),))


def _paths_of(plan: Plan) -> Iterator[tuple[str, str]]:
    for mount in plan.mounts:
        yield ("extra_drives" if mount.path else "drive"), mount.path
    for folder in plan.secret_folders:
        yield "secrets", folder.path


def _claim_of(volume: Mapping[str, Any]) -> str | None:
    name: str | None = (volume.get("persistentVolumeClaim") or {}).get("claimName")
    return name
