"""Combine contributions into one plan; contradictions are refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .contribution import Contribution, Mount


class PlanConflict(Exception):
    """Two concerns want different things."""

    def __init__(self, what: str, first: str, second: str) -> None:
        super().__init__(f"{what} is set by both {first} and {second}; choose one.")
        self.what = what
        self.first = first
        self.second = second

    @property
    def field(self) -> str:
        """The field of a launch request that is to be changed."""
        kind, _, name = self.what.partition(".")
        if kind == "env" and self.second == "env":
            return f"env.{name}"
        return "extra_drives" if kind == "path" else "environment"


@dataclass(frozen=True)
class Plan:
    """All contributions combined; `origins` says for each key who brought it."""

    settings: Mapping[str, Any]
    env: Mapping[str, str]
    mounts: tuple[Mount, ...]
    labels: Mapping[str, str]
    origins: Mapping[str, str]


def combine(contributions: Iterable[Contribution]) -> Plan:
    """Return the plan of the contributions, in their order. Raises `PlanConflict`."""
    origins: dict[str, str] = {}
    settings: dict[str, Any] = {}
    env: dict[str, str] = {}
    labels: dict[str, str] = {}
    mounts: list[Mount] = []
    for one in contributions:
        _add(settings, one.settings, "settings", one.origin, origins)
        _add(env, one.env, "env", one.origin, origins)
        _add(labels, one.labels, "labels", one.origin, origins)
        for mount in one.mounts:
            # "." is the home folder, which no other mount can be called.
            _claim(f"path.{mount.path or '.'}", one.origin, origins)
            mounts.append(mount)
    return Plan(settings, env, tuple(mounts), labels, origins)


def _add(
    into: dict[str, Any],
    more: Mapping[str, Any],
    kind: str,
    origin: str,
    origins: dict[str, str],
) -> None:
    for key, value in more.items():
        if key in into and into[key] == value:
            continue
        _claim(f"{kind}.{key}", origin, origins)
        into[key] = value


def _claim(key: str, origin: str, origins: dict[str, str]) -> None:
    if key in origins:
        raise PlanConflict(key, origins[key], origin)
    origins[key] = origin
