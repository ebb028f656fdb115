"""A contribution: one concern's share of a session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Mount:
    """A drive where it appears in the session; `path` is "" for the home folder itself."""

    drive: str
    path: str = ""
    read_only: bool = False


@dataclass(frozen=True)
class Contribution:
    """What one concern brings.

    `settings` are single values by name (`memory`, `cpu`, `executable`, ...), `env` are the
    process's variables, `labels` describe the session to whoever runs it.
    """

    origin: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
