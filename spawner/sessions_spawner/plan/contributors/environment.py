"""The environment's share: what runs, with which variables and how much of the machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...request import LaunchRequest
from ...request.options import size_of
from ..contribution import Contribution
from ..layers import Merged

_PROGRAM = ("executable", "python")


def contribute(request: LaunchRequest, merged: Merged) -> tuple[Contribution, ...]:
    """Return the program, the variables and the size, one contribution a layer that brings any.

    A size that the request asks for goes before the environment's. Variables to be removed from
    those that every session gets are the setting `without_env`, settings of the spawner itself
    `traits`.
    """
    settings = _settings_of(request, merged)
    removed = tuple(name for name, text in merged.env.items() if text is None)
    origins = dict.fromkeys(merged.origins.values())
    found = [
        Contribution(
            origin=origin,
            settings={k: v for k, (v, whose) in settings.items() if whose == origin},
            env={
                name: text
                for name, text in merged.env.items()
                if text is not None and merged.origins[f"environment.{name}"] == origin
            },
        )
        for origin in origins
    ]
    traits = {key: value for key, value in merged.values.items() if key not in _PROGRAM}
    own = {"without_env": removed, "traits": traits}
    label = Contribution(
        origin=f"environment ‘{request.environment}’",
        settings={key: value for key, value in own.items() if value},
        labels={"environment": request.environment},
    )
    return (*found, label)


def _settings_of(request: LaunchRequest, merged: Merged) -> Mapping[str, tuple[Any, str]]:
    """Return the plan's settings with the layer that each comes from."""
    found = {
        key: (merged.values[key], merged.origins[key])
        for key in _PROGRAM
        if merged.values.get(key) is not None
    }
    asked = request.resources
    for setting, key in (("cpu", "cpu_limit"), ("memory", "mem_limit")):
        size = size_of(request.environment, key, merged.values.get(key))
        if size is not None and not (asked and getattr(asked, setting)):
            found[setting] = (size, merged.origins[key])
    return found
