"""What is kept of a pod: the fields that are looked at, packed, since there may be ten thousand.

A pod of a session is 7 to 10 kB of JSON and 50 kB as Python's objects. What diagnosis, polls and
the sweep read of it is a sixth, and nearly all of that is the same in every pod: what is not is
kept, some hundred bytes. A pod is unpacked when somebody asks for it.
"""

from __future__ import annotations

import zlib
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
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
)
_SPEC: Final = ("nodeName", "restartPolicy", "activeDeadlineSeconds")
_CONTAINER: Final = ("name", "image", "ports", "resources", "restartPolicy")
_STATUS: Final = ("phase", "reason", "message", "podIP")
_CONDITION: Final = ("type", "status", "reason", "message", "lastTransitionTime")
_CONTAINER_STATUS: Final = ("name", "image", "ready", "restartCount", "started")
_RUN: Final = ("reason", "message", "exitCode", "finishedAt")

# zlib's: level, window (8 kB, of a pod without a head) and memory.
_FAST: Final = 1
_WINDOW: Final = -13
_LITTLE: Final = 5
# What the first pod may not say yet, and most of the others do.
_CONDITIONS: Final = ("Initialized", "Ready", "ContainersReady", "PodScheduled")
_SINCE: Final = "2026-01-01T00:00:00Z"
_RUNNING: Final = orjson.dumps(
    {
        "phase": "Running",
        "podIP": "10.0.0.1",
        "conditions": [
            {"type": one, "status": "True", "lastTransitionTime": _SINCE} for one in _CONDITIONS
        ],
        "containerStatuses": [
            {
                "name": "notebook",
                "ready": True,
                "restartCount": 0,
                "started": True,
                "state": {"running": {}},
            }
        ],
        "initContainerStatuses": [],
    }
)


class PackedPods(Mapping[str, Pod]):
    """Trimmed pods by name; each look at one unpacks it anew."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        # What the others are told by their difference from: the first pod, and what runs.
        self._like = b""

    def __getitem__(self, name: str) -> Pod:
        found: Pod = orjson.loads(self._unpack(self._packed[name]))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def __contains__(self, name: object) -> bool:
        return name in self._packed

    def put(self, name: str, pod: Pod) -> bool:
        """Keep a trimmed pod; tell whether anything of it is new."""
        packed = self._pack(orjson.dumps(pod))
        if self._packed.get(name) == packed:
            return False
        self._packed[name] = packed
        return True

    def drop(self, name: str) -> bool:
        """Forget a pod; tell whether it was known."""
        return self._packed.pop(name, None) is not None

    def _pack(self, text: bytes) -> bytes:
        self._like = self._like or _RUNNING + text
        packer = zlib.compressobj(_FAST, zlib.DEFLATED, _WINDOW, _LITTLE, zdict=self._like)
        return packer.compress(text) + packer.flush()

    def _unpack(self, packed: bytes) -> bytes:
        return zlib.decompressobj(_WINDOW, zdict=self._like).decompress(packed)


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
