"""Check a launch request for an owner, before anything is written."""

from __future__ import annotations

from typing import Any

from sessions_spawner.policy import Facts, check
from sessions_spawner.request import LaunchRequest
from sessions_spawner.request.environments import Environment
from sessions_spawner.wire.snapshot import Snapshot

from ..web.errors import wrong_fields


def make_facts(snapshot: Snapshot, environments: tuple[Environment, ...]) -> Facts:
    """Return the facts that the rules look at, from the settings."""
    return Facts(
        environments={one.name: one for one in environments},
        unsupported=snapshot.unsupported,
        env_refused=snapshot.env_refused,
        idle_timeout_max=snapshot.idle_max,
        idle_may_be_never=snapshot.idle_may_be_never,
        cpu_max=snapshot.cpu_max,
        memory_max=snapshot.memory_max,
    )


def require_allowed(request: LaunchRequest, facts: Facts) -> None:
    """Refuse a request that breaks a rule. Raises `WrongFields`."""
    refusals = check(request, facts)
    if refusals:
        raise wrong_fields({one.field: one.message for one in refusals})


def require_drives(named: set[str], found: dict[str, Any]) -> None:
    """Refuse drives that the owner does not have; a foreign one answers like a missing one."""
    for name in sorted(named - set(found)):
        raise wrong_fields({"drive": f"You have no drive called ‘{name}’. Make it first."})


def drives_named(request: LaunchRequest) -> set[str]:
    """Return the drives that a request names, by name or id."""
    return {request.drive, *(one.drive for one in request.extra_drives)}


def email_of(name: str, suffix: str) -> str | None:
    """Return a user's e-mail address: by the administrator's suffix, or the name if it is one."""
    if "@" in name:
        return name
    return f"{name}{suffix}" if suffix else None
