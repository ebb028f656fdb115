"""Combine contributions into one plan; contradictions are refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..request.paths import is_inside
from .contribution import Contribution, Mount, OpenPort, SecretFolder, SecretKey, Sidecar


class PlanConflict(Exception):
    """Two concerns want different things; `field` is what to change in the launch request."""

    def __init__(self, what: str, first: str, second: str, field: str = "environment") -> None:
        super().__init__(f"{what} is set by both {first} and {second}; choose one.")
        self.what = what
        self.first = first
        self.second = second
        self.field = field


@dataclass(frozen=True)
class Plan:
    """All contributions combined; `origins` says for each key who brought it."""

    settings: Mapping[str, Any]
    env: Mapping[str, str]
    mounts: tuple[Mount, ...]
    labels: Mapping[str, str]
    origins: Mapping[str, str]
    annotations: Mapping[str, str] = field(default_factory=dict)
    secret_env: Mapping[str, SecretKey] = field(default_factory=dict)
    secret_folders: tuple[SecretFolder, ...] = ()
    sidecars: tuple[Sidecar, ...] = ()
    ports: tuple[OpenPort, ...] = ()


# Values by key, each kind with the name that its keys have in `origins`: a variable is one thing,
# wherever its value comes from.
_KEYED = {
    "settings": "settings",
    "env": "env",
    "secret_env": "env",
    "labels": "labels",
    "annotations": "annotations",
}


def combine(contributions: Iterable[Contribution]) -> Plan:
    """Return the plan of the contributions, in their order. Raises `PlanConflict`."""
    parts = tuple(contributions)
    claims = _Claims()
    keyed: dict[str, dict[str, Any]] = {kind: {} for kind in _KEYED}
    for one in parts:
        for kind, name in _KEYED.items():
            claims.add(keyed[kind], getattr(one, kind), name, one)
        claims.claim_all(one)
    for one in parts:
        claims.refuse_closed(one)
    return Plan(
        **keyed,
        mounts=tuple(mount for one in parts for mount in one.mounts),
        secret_folders=tuple(folder for one in parts for folder in one.secret_folders),
        sidecars=tuple(sidecar for one in parts for sidecar in one.sidecars),
        ports=tuple(port for one in parts for port in one.ports),
        origins=claims.origins,
    )


class _Claims:
    """Who brought what, and which paths nothing can be put into."""

    def __init__(self) -> None:
        self.origins: dict[str, str] = {}
        self._secret_folders: dict[str, Contribution] = {}
        self._read_only: dict[str, Contribution] = {}

    def add(
        self, into: dict[str, Any], more: Mapping[str, Any], kind: str, by: Contribution
    ) -> None:
        for key, value in more.items():
            if key in into and into[key] == value:
                continue
            self._claim(f"{kind}.{key}", by)
            into[key] = value

    def claim_all(self, by: Contribution) -> None:
        """Claim what may be there once, whatever it is."""
        for mount in by.mounts:
            # "." is the home folder, which no other mount can be called.
            self._claim(f"path.{mount.path or '.'}", by)
            if mount.read_only:
                self._read_only[mount.path] = by
        for folder in by.secret_folders:
            self._claim(f"path.{folder.path}", by)
            self._secret_folders[folder.path] = by
        for sidecar in by.sidecars:
            self._claim(f"sidecar.{sidecar.name}", by)
        for port in by.ports:
            self._claim(f"port.{port.number}", by)
            self._claim(f"port_name.{port.name}", by)
        for number in by.inner_ports:
            self._claim(f"port.{number}", by)

    def refuse_closed(self, by: Contribution) -> None:
        """Refuse what lies in a secret's folder, and secrets in a drive that is read-only."""
        for mount in by.mounts:
            self._refuse_inside(mount.path, self._secret_folders, by)
        for folder in by.secret_folders:
            self._refuse_inside(folder.path, self._secret_folders, by)
            self._refuse_inside(folder.path, self._read_only, by)

    def _refuse_inside(
        self, path: str, closed: Mapping[str, Contribution], by: Contribution
    ) -> None:
        for folder, owner in closed.items():
            if folder != path and is_inside(path, folder):
                raise PlanConflict(f"path.{folder}", owner.origin, by.origin, by.chosen_by)

    def _claim(self, key: str, by: Contribution) -> None:
        if key in self.origins:
            # Variables are typed one by one, and each is a field of its own.
            field = key if by.chosen_by == "env" else by.chosen_by
            raise PlanConflict(key, self.origins[key], by.origin, field)
        self.origins[key] = by.origin
