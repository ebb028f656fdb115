"""Check a launch request for an owner, before anything is written."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from sessions_spawner.policy import Facts, check
from sessions_spawner.request import LaunchRequest
from sessions_spawner.request.environments import Environment, from_wire
from sessions_spawner.request.offers import NO_OFFERS, Offers
from sessions_spawner.wire.messages import Owner
from sessions_spawner.wire.snapshot import Snapshot

from ..web.errors import wrong_fields

if TYPE_CHECKING:
    from ..web.application import Service


def make_facts(
    snapshot: Snapshot,
    environments: tuple[Environment, ...],
    offers: Offers = NO_OFFERS,
    rights: frozenset[str] = frozenset(),
) -> Facts:
    """Return the facts that the rules look at, from the settings and what is the owner's."""
    return Facts(
        environments={one.name: one for one in environments},
        unsupported=snapshot.unsupported,
        env_refused=snapshot.env_refused,
        env_reserved=snapshot.env_reserved,
        idle_timeout_max=snapshot.idle_max,
        idle_may_be_never=snapshot.idle_may_be_never,
        lifetime_max=snapshot.lifetime_max,
        cpu_max=snapshot.cpu_max,
        memory_max=snapshot.memory_max,
        offers=offers,
        rights=rights,
    )


async def gather_facts(
    service: Service, owner_name: str, scopes: Collection[str] | None = None
) -> Facts:
    """Return the facts that the rules look at, for an owner.

    `scopes` are those of an owner who asks himself: he may no more than they allow. None asks for
    what the owner may, whoever asks.
    """
    link = service.link
    owner = await link.owner(owner_name)
    environments = await link.environments(owner_name)
    offers = await link.offers(owner)
    return make_facts(link.snapshot, environments, offers, rights_of(owner, scopes))


def rights_of(owner: Owner | None, scopes: Collection[str] | None) -> frozenset[str]:
    """Return the owner's rights, as far as the scopes of whoever asks carry them."""
    held = owner.rights if owner else ()
    return frozenset(one for one in held if scopes is None or f"custom:sessions:{one}" in scopes)


def require_allowed(request: LaunchRequest, facts: Facts, *fields: str) -> None:
    """Refuse a request that breaks a rule. Raises `WrongFields`.

    `fields` are the only ones that are asked for: what else a session has may be as it is.
    """
    refusals = [one for one in check(request, facts) if not fields or one.field in fields]
    if refusals:
        raise wrong_fields({one.field: one.message for one in refusals})


def require_drives(request: LaunchRequest, found: Collection[str]) -> None:
    """Refuse drives that the owner does not have. Raises `WrongFields`."""
    missing = missing_drives(request, found)
    if missing:
        raise wrong_fields(missing)


def missing_drives(request: LaunchRequest, found: Collection[str]) -> dict[str, str]:
    """Return field → sentence for drives not found; a foreign one answers like a missing one."""
    named = {"drive": request.drive}
    named |= {f"extra_drives.{n}.drive": one.drive for n, one in enumerate(request.extra_drives)}
    return {
        field: f"You have no drive called ‘{name}’. Make it first."
        for field, name in named.items()
        if name not in found
    }


def drives_named(request: LaunchRequest) -> set[str]:
    """Return the drives that a request names, by name or id."""
    return {request.drive, *(one.drive for one in request.extra_drives)}


class Effective(NamedTuple):
    """What a session gets; sizes are Kubernetes quantities, None is no limit."""

    image: str | None
    cpu: str | None
    memory: str | None


def effective(request: LaunchRequest, environment: Environment | None) -> Effective:
    """Return what a session gets: what was asked for, or else what its environment gives."""
    asked = (request.image, *((one.cpu, one.memory) if (one := request.resources) else (None,) * 2))
    given: tuple[str | None, ...] = (None,) * 3
    if environment is not None:
        given = (environment.image, environment.cpu, environment.memory)
    return Effective(*(mine or its for mine, its in zip(asked, given, strict=True)))


def environment_in(snapshot: Snapshot, name: str) -> Environment | None:
    """Return an environment that everybody may start; None if they differ by user."""
    listed = snapshot.environments or ()
    return next((from_wire(one) for one in listed if one["name"] == name), None)


def offered_timeouts(snapshot: Snapshot) -> tuple[int, ...]:
    """Return the idle timeouts that are offered and allowed here, in seconds, -1 is never."""
    most = snapshot.idle_max
    return tuple(
        one
        for one in snapshot.idle_presets
        if (snapshot.idle_may_be_never if one == -1 else most is None or one <= most)
    )


def email_of(name: str, suffix: str) -> str | None:
    """Return a user's e-mail address: by the administrator's suffix, or the name if it is one."""
    if "@" in name:
        return name
    return f"{name}{suffix}" if suffix else None
