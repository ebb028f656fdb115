"""What a visitor is offered: rights, features, limits; for `GET me`, `GET limits` and the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sessions_spawner.policy.own_yaml import NO_RIGHT
from sessions_spawner.request.offers import BillingOffer, Offers
from sessions_spawner.wire.snapshot import Snapshot

from .drives import store as drives
from .identity.visitor import ADMIN_SCOPE, Visitor
from .lifecycle.moments import to_iso
from .sessions import store
from .sessions.actions import require_owner
from .sessions.checks import email_of, rights_of
from .sessions.pods import NO_PODS
from .sessions.schemas import SORTS

if TYPE_CHECKING:
    from .web.application import Service

# The hub process is asked about each person whose groups are not known.
_MOST_ASKED_ABOUT = 50
# Features that page.md A1 names and this version does not have.
_LATER = (
    "ssh",
    "devices",
    "templates",
    "cost",
    "metrics",
    "udp",
    "embed",
    "graphql",
)


async def limits_of(service: Service, visitor: Visitor) -> dict[str, Any]:
    """Return `{used, max}` of sessions and drives."""
    snapshot = service.link.snapshot
    owner = await require_owner(service, visitor.name)
    running = await service.db.read(store.running_count, owner.key)
    owned = await service.db.read(drives.count, owner.key)
    return {
        "sessions": {"used": running, "max": snapshot.running_limit},
        "drives": {"used": owned, "max": snapshot.drive_limit},
    }


async def offers_to(service: Service, visitor: Visitor) -> Offers:
    """Return what the visitor may attach to a session. Raises `LinkDown`."""
    return await service.link.offers(await service.link.owner(visitor.name))


async def projects_seen_by(service: Service, visitor: Visitor) -> Mapping[str, BillingOffer]:
    """Return the billing projects of everybody whose sessions the visitor may see.

    Of very many persons, those of some.
    """
    offers = await service.link.all_offers()
    reach = visitor.reach("read:servers")
    if reach.everybody:
        return offers.billing_projects
    groups = set(reach.groups)
    names = [visitor.name, *sorted(reach.names - {visitor.name})]
    for name in names[:_MOST_ASKED_ABOUT]:
        seen = offers.for_groups(groups).billing_projects
        if len(seen) == len(offers.billing_projects):
            return seen
        owner = await service.link.owner(name)
        groups.update(owner.groups if owner else ())
    return offers.for_groups(groups).billing_projects


async def environments_of(service: Service, visitor: Visitor) -> list[dict[str, Any]]:
    """Return the environments that a visitor may start, as page.md A9 has them."""
    snapshot = service.link.snapshot
    may_choose_image = (await rights_in(service, visitor))["custom_image"]
    gpu = (await offers_to(service, visitor)).gpu
    most = {
        "cpu": snapshot.cpu_max,
        "memory": snapshot.memory_max,
        "gpu": gpu.most if gpu else None,
    }
    doors = [door for door, offered in snapshot.doors.items() if offered.is_on]
    items = []
    for environment in await service.link.environments(visitor.name):
        shown = environment.to_json()
        default = {"cpu": shown.pop("cpu"), "memory": shown.pop("memory")}
        items.append(
            {
                **shown,
                "ready_in_seconds": service.ready_times.usual(environment.name),
                "resources": {"default": default, "max": most},
                "doors": doors,
                "idle_default": snapshot.idle_default,
                "custom_image_allowed": may_choose_image,
                "allowed": True,
            }
        )
    return items


async def rights_in(service: Service, visitor: Visitor) -> dict[str, bool]:
    """Return what the visitor may do beyond starting sessions, on this hub."""
    unsupported = service.link.snapshot.unsupported
    owner = await service.link.owner(visitor.name)
    held = rights_of(owner, visitor.scopes)
    offers = await service.link.offers(owner)
    return {
        "publish": False,
        "custom_image": "custom-image" in held
        and "image" not in unsupported
        and bool(offers.images),
        "pod_spec": "pod-spec" in held and "pod_spec" not in unsupported,
        "admin": ADMIN_SCOPE in visitor.scopes,
        "see_others": visitor.sees_others,
    }


def own_yaml(snapshot: Snapshot, may: bool) -> dict[str, Any]:
    """Return whether the visitor may customise pods, and why not."""
    reason = "" if may else NO_RIGHT if snapshot.cluster else NO_PODS
    return {"on": may, "reason": reason}


async def describe_me(service: Service, visitor: Visitor) -> dict[str, Any]:
    """Return the visitor as page.md A1 has it; rights follow from scopes alone."""
    snapshot = service.link.snapshot
    owner = await service.link.owner(visitor.name)
    off = {"on": False, "reason": "This hub does not offer this."}
    may = await rights_in(service, visitor)
    return {
        "name": visitor.name,
        "email": email_of(visitor.name, snapshot.email_suffix),
        "admin": visitor.is_admin,
        "groups": list(owner.groups) if owner else [],
        "may": may,
        "features": {
            "publish": {**off, "shared_address": snapshot.shared_address},
            "code": {
                "on": "code" in snapshot.doors and snapshot.doors["code"].is_on,
                "reason": snapshot.doors["code"].reason if "code" in snapshot.doors else "",
            },
            "logs": {"on": True, "reason": ""},
            **dict.fromkeys(_LATER, off),
            "pod_spec": own_yaml(snapshot, may["pod_spec"]),
            "cluster": {"on": snapshot.cluster, "reason": ""},
        },
        "unsupported": snapshot.unsupported,
        "idle": {
            "presets": list(snapshot.idle_presets),
            "default": snapshot.idle_default,
            "max": snapshot.idle_max,
            "may_be_never": snapshot.idle_may_be_never,
        },
        "lifetime_max": None,
        "extend_max": snapshot.extend_max,
        "currency": None,
        "sorts": list(SORTS),
        "users_trust_each_other": snapshot.users_trust_each_other,
        "isolates": snapshot.isolates,
        "server_time": to_iso(service.now()),
        "build": service.build,
    }
