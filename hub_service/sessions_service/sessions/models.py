"""A session as the rest of the service sees it: plain, frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, Literal

from ..lifecycle.actors import read_actor
from ..lifecycle.causes import Cause
from ..lifecycle.table import State

Wanted = Literal["run", "stop"]
Origin = Literal["new", "clone", "restart", "reforge", "template", "hub"]


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a user's workbench and the record that stays; see design section 4.

    `owner_key` is who the owner is (name and when the hub made that user); `request` is the
    stored form, sealed if there is a key (see `sealed`); `cpu` and `memory` are what it got, as
    quantities, None without a limit; `idle_timeout` and `max_lifetime` are in seconds, and without
    a bound -1 and None.
    """

    id: str
    server: str
    owner: str
    owner_key: str
    email: str | None
    name: str
    environment: str
    environment_title: str
    image: str | None
    state: State
    wanted: Wanted
    cause: Cause | None
    ended_by: str | None
    ended_by_kind: str | None
    ended_on_behalf_of: str | None
    generation: int
    version: int
    revision: int
    lines: int
    origin: Origin
    parent: str | None
    request: Mapping[str, Any]
    request_digest: str
    cpu: str | None
    memory: str | None
    drive_id: str
    drive_name: str
    idle_timeout: int
    max_lifetime: int | None
    created_at: datetime
    started_at: datetime | None
    ready_at: datetime | None
    ended_at: datetime | None
    last_used_at: datetime | None
    extended_until: datetime | None
    lifetime_ends_at: datetime | None
    expires_at: datetime | None
    token_sha256: str | None
    billing_project: str | None
    service_account: str | None
    archived: bool
    hub_removed: bool
    stages: Sequence[Mapping[str, Any]]
    evidence: Mapping[str, Any]
    # What of its record cannot be read, as a sentence; then the rest stands in for it.
    damage: str | None = None

    @property
    def ender(self) -> str | None:
        """The actor who ended it, or had it stopped."""
        return None if self.ended_by is None else read_actor(self.ended_by, self.ended_by_kind)


@dataclass(frozen=True)
class Mount:
    """A drive that a session mounts beside its home drive, at a path relative to its home."""

    drive_id: str
    path: str
    read_only: bool = False


@dataclass(frozen=True)
class NewSession:
    """What a session's row is made from.

    `id` None gives a new id, `server` None gives the session a server of its own, called like its
    id. `mounts` are the drives beside its home drive.
    """

    owner: str
    owner_key: str
    email: str | None
    name: str
    request: Mapping[str, Any]
    request_digest: str
    environment: str
    environment_title: str
    image: str | None
    idle_timeout: int
    drive_id: str
    drive_name: str
    server: str | None = None
    origin: Origin = "new"
    parent: str | None = None
    max_lifetime: int | None = None
    cpu: str | None = None
    memory: str | None = None
    mounts: tuple[Mount, ...] = ()
    id: str | None = None


# The columns of a row, in the order in which they are read.
FIELDS: Final = tuple(field.name for field in fields(Session) if field.name != "damage")
