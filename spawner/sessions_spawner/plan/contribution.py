"""A contribution: one concern's share of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Mount:
    """A drive where it appears in the session; `path` is "" for the home folder itself."""

    drive: str
    path: str = ""
    read_only: bool = False


@dataclass(frozen=True)
class SecretKey:
    """One value of a secret, by the secret's name and its key."""

    secret: str
    key: str


@dataclass(frozen=True)
class SecretFolder:
    """A secret's values as files of one read-only folder: those of `keys`, or all if empty.

    `path` is inside the home folder; in a sidecar, which has none, it starts with a slash.
    """

    path: str
    secret: str
    keys: tuple[str, ...] = ()
    mode: int = 0o444


@dataclass(frozen=True)
class OpenPort:
    """A program's door inside the session, with a name that no other has."""

    number: int
    name: str
    protocol: Literal["TCP", "UDP"] = "TCP"


@dataclass(frozen=True)
class Probe:
    """What tells that a sidecar has started: 200 for `path` on `port`."""

    port: int
    path: str


@dataclass(frozen=True)
class Sidecar:
    """A program that runs beside the session, started before it and ended after it.

    `args` are for the image's own program. Sizes are Kubernetes quantities.
    """

    name: str
    image: str
    args: tuple[str, ...] = ()
    probe: Probe | None = None
    secret_folders: tuple[SecretFolder, ...] = ()
    cpu: str | None = None
    memory: str | None = None


@dataclass(frozen=True)
class Contribution:
    """What one concern brings.

    `settings` are single values by name (`memory`, `cpu`, `executable`, ...), `env` are the
    process's variables, `secret_env` those whose values a secret holds. `labels` and `annotations`
    describe the session to whoever runs it. `inner_ports` are ports of its address that programs
    beside it listen on. `chosen_by` is the field of the launch request that is to be changed if
    something of it is in another's way.
    """

    origin: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    secret_env: Mapping[str, SecretKey] = field(default_factory=dict)
    secret_folders: tuple[SecretFolder, ...] = ()
    sidecars: tuple[Sidecar, ...] = ()
    ports: tuple[OpenPort, ...] = ()
    inner_ports: tuple[int, ...] = ()
    chosen_by: str = "environment"
