"""An environment's own settings on a spawner: put on for one run, taken off before the next."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final

from traitlets import HasTraits

# The settings that KubeSpawner does not put through `str.format`.
_NO_TEMPLATES: Final = frozenset(
    {
        *("image", "image_pull_policy", "image_pull_secrets", "cmd", "args", "node_selector"),
        *("cpu_limit", "cpu_guarantee", "mem_limit", "mem_guarantee", "priority_class_name"),
        *("extra_resource_limits", "extra_resource_guarantees", "lifecycle_hooks", "tolerations"),
        *("node_affinity_required", "node_affinity_preferred", "extra_container_config"),
    }
)
# Those in which Kubernetes puts variables in the place of `$(NAME)`.
_WITH_VARIABLES: Final = frozenset(
    {
        *("environment", "default_url", "notebook_dir", "cmd", "args"),
        *("init_containers", "extra_containers", "extra_container_config"),
    }
)


def literal(setting: str, text: str) -> str:
    """Return text so that neither KubeSpawner nor Kubernetes finds a template in it."""
    if setting not in _NO_TEMPLATES:
        text = text.replace("{", "{{").replace("}", "}}")
    return text.replace("$", "$$") if setting in _WITH_VARIABLES else text


class Overrides:
    """What was put on a spawner. KubeSpawner changes dictionaries in place, so that they stay."""

    def __init__(self, spawner: HasTraits) -> None:
        self._spawner = spawner
        self._before: dict[str, Any] = {}

    def put_on(self, values: Mapping[str, Any]) -> None:
        """Set traits; a dictionary updates the trait's, in which None removes a key."""
        for name, value in values.items():
            if not self._spawner.has_trait(name):
                continue  # KubeSpawner sets what is none of its settings too, and reads it nowhere
            before = getattr(self._spawner, name)
            self._before.setdefault(name, copy.deepcopy(before))
            both = isinstance(value, Mapping) and isinstance(before, Mapping)
            setattr(self._spawner, name, _updated(before, value) if both else copy.deepcopy(value))

    def take_off(self) -> None:
        """Set everything back as it was."""
        for name, value in self._before.items():
            setattr(self._spawner, name, value)
        self._before.clear()


def _updated(before: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    found = copy.deepcopy(dict(before))
    for key, value in more.items():
        inner = found.get(key)
        if value is None:
            found.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(inner, Mapping):
            found[key] = _updated(inner, value)
        else:
            found[key] = copy.deepcopy(value)
    return found
