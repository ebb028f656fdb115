"""Folders of storage that many share: a container mounts no more of it than it was given.

An administrator's pod may mount one claim for all, and of it only the folder of a team or of one
person (`subPath`), or only for reading. User YAML that may change mounts, or a variable in a
`subPathExpr`, could open the rest.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .field_path import format_path
from .pod_security.pod import CONTAINER_KINDS
from .refusal import Refusal

# Sources that hold nobody else's files; what they name is judged as a reference.
_OWN: Final = frozenset(
    {"name", "emptyDir", "ephemeral", "configMap", "secret", "projected", "downwardAPI", "image"}
)
_EXPANDED: Final = re.compile(r"\$\$|\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)")
_WIDER: Final = "Mount no more of this volume than the session is given: not another folder of it."
_WRITABLE: Final = "This volume is given for reading only; set readOnly to true."


@dataclass(frozen=True)
class _Mount:
    """A folder of some storage, empty for all of it."""

    storage: str
    folder: str
    is_writable: bool
    place: str

    def is_inside(self, given: _Mount) -> bool:
        """Tell whether another mount shows this folder too."""
        if ".." in self.folder.split("/"):
            return False
        return not given.folder or f"{self.folder}/".startswith(f"{given.folder}/")


def widened_mounts(sent: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[Refusal]:
    """Refuse mounts of a pod that show more of an administrator's storage than the made pod's.

    A container is held to what it has in the made pod, a new one to what the session's own has.
    """
    known = dict(_containers(made))
    shared = {one.storage for mounts in known.values() for one in mounts}
    shared |= set(_storages(made).values())
    own = known.get(("containers", "notebook"), ())
    for container, mounts in _containers(sent):
        for mount in mounts:
            if mount.storage not in shared:
                continue
            given = [
                one
                for one in known.get(container, own)
                if one.storage == mount.storage and mount.is_inside(one)
            ]
            if not given:
                yield Refusal(mount.place, _WIDER)
            elif mount.is_writable and not any(one.is_writable for one in given):
                yield Refusal(mount.place, _WRITABLE)


def _containers(pod: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], tuple[_Mount, ...]]]:
    """Give each container of a pod, by its kind and name, with its mounts of shared storage."""
    spec = pod.get("spec") or {}
    storages = _storages(pod)
    read_only = {name for name, source in _sources(pod) if source.get("readOnly") is True}
    for kind in CONTAINER_KINDS:
        for number, container in enumerate(spec.get(kind) or ()):
            variables = _variables(container)
            mounts = tuple(
                _Mount(
                    storages[mount["name"]],
                    _folder(mount, variables),
                    mount.get("readOnly") is not True and mount["name"] not in read_only,
                    format_path(("spec", kind, number, "volumeMounts", place)),
                )
                for place, mount in enumerate(container.get("volumeMounts") or ())
                if mount.get("name") in storages
            )
            yield (kind, str(container.get("name"))), mounts


def _storages(pod: Mapping[str, Any]) -> dict[str, str]:
    """Return volume → what tells its storage from others, for storage that may be shared."""
    return {
        name: json.dumps({**source, "readOnly": None}, sort_keys=True, default=str)
        for name, source in _sources(pod)
    }


def _sources(pod: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for volume in (pod.get("spec") or {}).get("volumes") or ():
        for kind, source in volume.items():
            if kind not in _OWN and isinstance(source, dict):
                yield str(volume.get("name")), {**source, "kind of volume": kind}


def _folder(mount: Mapping[str, Any], variables: Mapping[str, str]) -> str:
    expression = mount.get("subPathExpr")
    folder = _expand(str(expression), variables) if expression else str(mount.get("subPath") or "")
    folder = posixpath.normpath(folder).strip("/")
    return "" if folder == "." else folder


def _variables(container: Mapping[str, Any]) -> dict[str, str]:
    """Return a container's variables as the kubelet expands them, one after the other."""
    known: dict[str, str] = {}
    for one in container.get("env") or ():
        source = one.get("valueFrom")
        text = json.dumps(source, sort_keys=True) if source else str(one.get("value") or "")
        known[str(one.get("name"))] = text if source else _expand(text, known)
    return known


def _expand(text: str, known: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        return known.get(found[1], found[0]) if found[1] else "$"

    return _EXPANDED.sub(value, text)
