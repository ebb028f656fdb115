"""An environment's own settings on a spawner: put on for one run, taken off before the next."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from traitlets import HasTraits


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
