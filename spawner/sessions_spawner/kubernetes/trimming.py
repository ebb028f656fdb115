"""What is kept of a pod: the fields that are looked at, packed, since there may be ten thousand.

A pod of a session is 7 to 10 kB of JSON and 50 kB as Python's objects. What diagnosis, polls and
the sweep read of it is a sixth, and is kept as JSON: a pod is unpacked when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

Pod = Mapping[str, Any]

# Whoever reads another field of a watched pod adds it here;
# tests/unit/kubernetes/test_trimming.py holds the diagnosis to it.
_METADATA: Final = (
    "name",
    "namespace",
    "uid",
    "labels",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
)
_SPEC: Final = ("nodeName", "restartPolicy", "activeDeadlineSeconds")
_CONTAINER: Final = ("name", "image", "ports", "resources", "restartPolicy")
_STATUS: Final = ("phase", "reason", "message", "podIP")
_CONDITION: Final = ("type", "status", "reason", "message", "lastTransitionTime")
_CONTAINER_STATUS: Final = ("name", "image", "ready", "restartCount", "started")
_RUN: Final = ("reason", "message", "exitCode", "finishedAt")


class PackedPods(Mapping[str, Pod]):
    """Trimmed pods by name; each look at one unpacks it anew."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}

    def __getitem__(self, name: str) -> Pod:
        found: Pod = orjson.loads(self._packed[name])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def __contains__(self, name: object) -> bool:
        return name in self._packed

    def put(self, name: str, pod: Pod) -> bool:
        """Keep a trimmed pod; tell whether anything of it is new."""
        packed = orjson.dumps(pod)
        if self._packed.get(name) == packed:
            return False
        self._packed[name] = packed
        return True

    def drop(self, name: str) -> bool:
        """Forget a pod; tell whether it was known."""
        return self._packed.pop(name, None) is not None


def trim(pod: Mapping[str, Any]) -> Pod:
    """Return what of a pod is looked at."""
    spec, status = pod["spec"], pod.get("status") or {}
    return {
        "metadata": _some(pod["metadata"], _METADATA),
        "spec": {
            **_some(spec, _SPEC),
            "containers": [_some(one, _CONTAINER) for one in spec.get("containers") or ()],
            "initContainers": [_some(one, _CONTAINER) for one in spec.get("initContainers") or ()],
            "volumes": [_trim_volume(one) for one in spec.get("volumes") or () if _CLAIM in one],
        },
        "status": {
            **_some(status, _STATUS),
            "conditions": [_some(one, _CONDITION) for one in status.get("conditions") or ()],
            **{key: [_trim_status(one) for one in status.get(key) or ()] for key in _STATUSES},
        },
    }


_CLAIM: Final = "persistentVolumeClaim"
_STATUSES: Final = ("containerStatuses", "initContainerStatuses")


def _trim_volume(volume: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": volume["name"], _CLAIM: {"claimName": volume[_CLAIM].get("claimName")}}


def _trim_status(status: Mapping[str, Any]) -> dict[str, Any]:
    trimmed = _some(status, _CONTAINER_STATUS)
    for key in ("state", "lastState"):
        if runs := status.get(key):
            trimmed[key] = {kind: _some(run or {}, _RUN) for kind, run in runs.items()}
    return trimmed


def _some(thing: Mapping[str, Any], kept: tuple[str, ...]) -> dict[str, Any]:
    """Return the kept fields of a thing that have a value."""
    return {key: thing[key] for key in kept if thing.get(key) is not None}
