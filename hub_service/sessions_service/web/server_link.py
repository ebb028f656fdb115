"""From a server of the hub to its session: what the hub's own pages link to."""

from __future__ import annotations

from urllib.parse import quote

from sessions_spawner.wire.channel import LinkDown

from ..hub.hub_pages import find_of_server
from ..identity.may import Action
from ..sessions.models import Session
from .errors import NotThere
from .page import PageHandler

# `server/OWNER` is the owner's default server.
SERVER_LINK = r"server/([^/]+)(?:/([^/]*))?"
_NOT_THERE = "There is no such session, or it is not yours to see."


class ServerLinkHandler(PageHandler):
    """Leads to the details of the session that a server is, or was last."""

    async def get(self, owner: str, server: str | None = None) -> None:  # type: ignore[override]
        """Redirect to the session, after sign-in."""
        visitor = await self.service.login.by_cookie(self)
        if visitor is None:
            self.redirect(self.get_login_url())
            return
        service = self.service
        session = await self._find(owner, server or "")
        if session is None or not await service.may(visitor, Action.READ, session):
            raise NotThere(_NOT_THERE)
        self.set_header("Cache-Control", "no-store")
        self.redirect(f"{service.base_url}s/{quote(session.id)}")

    async def _find(self, owner: str, server: str) -> Session | None:
        """Return the session; None also while the hub process is away."""
        try:
            found = await self.service.link.owner(owner)
        except LinkDown:
            return None
        if found is None:
            return None
        return await self.service.db.read(find_of_server, found.key, server)

    async def head(self, owner: str, server: str | None = None) -> None:  # type: ignore[override]
        """Answer as GET would."""
        await self.get(owner, server)
