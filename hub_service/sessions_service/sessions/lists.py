"""Lists for a visitor: what he asks for, within what he may see, as JSON."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from ..identity.visitor import Visitor
from ..web.errors import wrong_fields
from . import listing
from .query import Query, WrongCursor
from .schemas import ListQuery

if TYPE_CHECKING:
    from ..web.application import Service

SHARED = "@shared"
EVERYBODY = "*"
# Counts of changes begin anew with each process.
_PROCESS: Final = secrets.token_hex(4)


async def person_of(service: Service, visitor: Visitor) -> str | None:
    """Return who the visitor is; None while the hub process cannot be asked."""
    owner = await service.link.owner(visitor.name) if service.link.is_up else None
    return owner.key if owner else None


def tag_for(service: Service, visitor: Visitor, person: str | None, asked: ListQuery) -> str:
    """Return what stays the same while the visitor's page does, without looking at any session."""
    if _is_own(visitor, asked):
        changes = service.fanout.changes_of(visitor.name)
    else:
        changes = service.fanout.changes
    what = hash((visitor, person, service.link.settings_digest, asked.model_dump_json()))
    return f"{_PROCESS}-{what & 0xFFFF_FFFF_FFFF_FFFF:x}-{changes:x}"


async def list_for(
    service: Service, visitor: Visitor, person: str | None, asked: ListQuery
) -> dict[str, Any]:
    """Return a page of what the visitor may see. Raises `WrongFields` for a foreign cursor."""
    query = make_query(asked, visitor, person)
    if query is None:
        return {"items": [], "total": 0, "total_is_capped": False, "next": None, "prev": None}
    try:
        page = await service.db.read(listing.list_page, query)
    except WrongCursor as error:
        raise wrong_fields({"cursor": str(error)}) from None
    return {
        "items": [service.present(one, visitor) for one in page.items],
        "total": page.total,
        "total_is_capped": page.total_is_capped,
        "next": page.next,
        "prev": page.prev,
    }


def make_query(asked: ListQuery, visitor: Visitor, owner_key: str | None) -> Query | None:
    """Return the store's query; None if nothing can fit.

    Without `owner` a list is the visitor's own; `@shared` is what others share with him.
    """
    owners = tuple(one for one in asked.owner if one != SHARED)
    if asked.owner and not owners:
        return None
    is_own = _is_own(visitor, asked)
    reach = visitor.reach("read:servers")
    visible = None if reach.everybody else reach.names | {visitor.name}
    known = {key.rpartition("@")[0]: key for key in reach.members}
    if owner_key is not None:
        known[visitor.name] = owner_key
    sort = asked.sort.removeprefix("-")
    return Query(
        tab=asked.tab,
        visible_to=visible,
        persons={} if reach.everybody else known,
        owner_key=owner_key if is_own else None,
        owners=(visitor.name,) if is_own else owners,
        states=asked.state,
        environments=asked.environment,
        drives=asked.drive,
        billing_projects=asked.billing_project,
        q=asked.q,
        sort=sort,  # type: ignore[arg-type]
        descending=asked.sort.startswith("-"),
        limit=asked.limit,
        cursor=asked.cursor,
    )


def _is_own(visitor: Visitor, asked: ListQuery) -> bool:
    """Tell whether a list has the visitor's own sessions alone."""
    return set(asked.owner) - {SHARED} <= {visitor.name}
