"""The pod that somebody begins a whole one of his own with."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from .overrides.changes import Entry
from .overrides.rules import Rules


def editable_pod(default: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """Return a pod without what each session gets by itself when it starts.

    That is its names, labels, claims, and the variables that are closed to users. What is left out
    of a whole pod stays as it is made, and what is the same is no change.
    """
    spec = copy.deepcopy(dict(default["spec"]))
    name = default.get("metadata", {}).get("name")
    for container in spec["containers"]:
        if "env" in container:
            container["env"] = [
                one for one in container["env"] if _is_plain(one, container["name"], rules)
            ]
    if "volumes" in spec:
        spec["volumes"] = [one for one in spec["volumes"] if not _is_of_one_session(one, name)]
    return {"apiVersion": "v1", "kind": "Pod", "spec": spec}


def _is_plain(variable: Mapping[str, Any], container: str, rules: Rules) -> bool:
    """Tell whether a variable has a value that users may see and set."""
    place = ("spec", "containers", Entry(0, "name", container), "env")
    steps = (*place, Entry(0, "name", str(variable["name"])))
    return "value" in variable and not any(one.covers(steps) for one in rules.closed)


def _is_of_one_session(volume: Mapping[str, Any], name: str | None) -> bool:
    secret = (volume.get("secret") or {}).get("secretName")
    return "persistentVolumeClaim" in volume or (secret is not None and secret == name)
