"""What the hub's own templates are given: the session of a server, and the way to its story."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from . import hub_process

SessionOfPage = dict[str, str]


def sessions_page(visitor: Any) -> Callable[..., Awaitable[SessionOfPage]]:
    """Return the function that templates call, for whoever looks at the page.

    A template gets `{href, sentence}`: the story of the start, and why the session ended. Both are
    empty where there is nothing to tell this visitor; the page behind the link looks at his
    rights itself.
    """

    async def ask(owner: Any, server: str, failed: object = False) -> SessionOfPage:
        nothing = {"href": "", "sentence": ""}
        if not _may_see(visitor, owner):
            return nothing
        hub = hub_process.current()
        spawner = owner.spawners.get(server)
        run = getattr(spawner, "last_run", "")
        # A start that was refused left no session: the one before it says nothing of it.
        if failed and not run:
            return nothing
        found = await hub.last_session(owner, server, run, visitor.name)
        if not found.get("id"):
            return nothing
        address = f"{hub.hub.base_url}services/{hub_process.SERVICE}/s/{found['id']}/status"
        return {"href": address, "sentence": str(found.get("sentence", ""))}

    return ask


def _may_see(visitor: Any, owner: Any) -> bool:
    return visitor is not None and (visitor.name == owner.name or bool(visitor.admin))
