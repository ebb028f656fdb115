"""A pod that every policy allows, and the same with some of its places changed."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from sessions_spawner.policy.pod_security import Level, evaluate

CONTEXT: Final[dict[str, Any]] = {
    "allowPrivilegeEscalation": False,
    "runAsNonRoot": True,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}
# The first container of each kind.
CONTAINERS: Final = (
    "spec.initContainers[0]",
    "spec.containers[0]",
    "spec.ephemeralContainers[0]",
)
# Stands for a place that is taken away.
NOTHING: Final = object()


def restricted_container(name: str) -> dict[str, Any]:
    """Return a container that the restricted level allows by itself."""
    return {"name": name, "image": "busybox", "securityContext": copy.deepcopy(CONTEXT)}


def restricted_pod() -> dict[str, Any]:
    """Return a pod with a container of each kind, all allowed at the restricted level."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "one"},
        "spec": {
            "initContainers": [restricted_container("first")],
            "containers": [restricted_container("main")],
            "ephemeralContainers": [restricted_container("late")],
            "volumes": [{"name": "scratch", "emptyDir": {}}],
        },
    }


def pod_with(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return that pod with values set at paths (`spec.containers[0].image`), or taken away.

    A key that is no plain word stands in brackets (`metadata.annotations["a.b/c"]`); the object
    or the list on the way to a place is made if it is missing.
    """
    pod = restricted_pod()
    for path, value in changes.items():
        _put(pod, re.findall(r'\["[^"]+"\]|\[\d+\]|[^.\[\]]+', path), value)
    return pod


def broken(
    changes: Mapping[str, Any], level: Level = "restricted", version: str = "v1.34"
) -> set[tuple[str, str]]:
    """Return control and path of all that is wrong with `pod_with(changes)`."""
    found = evaluate(pod_with(changes), level, version)
    assert all(one.message.endswith(".") for one in found)
    return {(one.control, one.path) for one in found}


def _put(place: Any, steps: list[str], value: Any) -> None:
    for step, following in pairwise(steps):
        place = _enter(place, _key(step), [] if isinstance(_key(following), int) else {})
    last = _key(steps[-1])
    if value is NOTHING:
        del place[last]
    elif isinstance(place, list) and last == len(place):
        place.append(value)
    else:
        place[last] = value


def _key(step: str) -> str | int:
    return int(step[1:-1]) if step.startswith("[") and step[1].isdigit() else step.strip('[]"')


def _enter(place: Any, key: str | int, empty: Any) -> Any:
    if isinstance(key, int):
        if key == len(place):
            place.append(empty)
        return place[key]
    return place.setdefault(key, empty)
