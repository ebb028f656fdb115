"""The boot block: what the page needs for its first paint, so that it asks for nothing before."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from sessions_spawner.wire.channel import LinkDown, Refused

from ..hub.link import NoSettingsYet
from ..identity.visitor import Visitor
from ..offers import describe_me, environments_of
from ..sessions.lists import list_for, person_of
from ..sessions.schemas import ListQuery
from .errors import ApiError
from .operation import parse_query

if TYPE_CHECKING:
    from .application import Service

Arguments = dict[str, list[bytes]]


async def make_boot(
    service: Service, visitor: Visitor, screen: str, given: Arguments, xsrf_token: str
) -> dict[str, Any]:
    """Return the boot block of a screen (the path below the base) with its query.

    Without the hub's settings `me` is None, and the page waits. Environments that cannot be told
    are None: the page asks for them, and shows why.
    """
    me: dict[str, Any] | None = None
    environments: list[dict[str, Any]] | None = None
    with contextlib.suppress(LinkDown, NoSettingsYet, Refused):
        me = await describe_me(service, visitor)
        environments = await environments_of(service, visitor)
    # Taken before the list is read: what changes from then on comes with the stream.
    position = service.event_ids.seal(visitor.name, service.db.revision)
    query, sessions = await _first_list(service, visitor, screen, given)
    return {
        "me": me,
        "base_url": service.base_url,
        "hub_url": service.hub_base_url,
        "api": f"{service.base_url}api/v1/",
        "xsrf_token": xsrf_token,
        "query": query,
        "sessions": sessions,
        "events_after": position,
        "environments": environments,
        "build": service.build,
    }


async def _first_list(
    service: Service, visitor: Visitor, screen: str, given: Arguments
) -> tuple[str, dict[str, Any] | None]:
    """Return the query of the list that a screen shows, and its answer.

    The answer is None if the API would refuse the query: the page asks it and shows the sentence.
    """
    filters = list_filters(screen, given)
    query = urlencode(filters, doseq=True)
    try:
        asked = cast("ListQuery", parse_query(ListQuery, filters))
        person = await person_of(service, visitor)
        return query, await list_for(service, visitor, person, asked)
    except (ApiError, LinkDown, Refused):
        return query, None


def list_filters(screen: str, given: Arguments) -> Arguments:
    """Return the API's query for the list of a screen: its tab, and what filters it.

    Other screens lie over the list without filters; what the page adds for itself (`page`, the
    old bookmarks' `panel`) is left out.
    """
    tab = "history" if screen == "history" else "active"
    filters = {
        name: values
        for name, values in given.items()
        if name in ListQuery.model_fields and name != "tab" and screen in ("", "history")
    }
    return {"tab": [tab.encode()], **filters}
