"""Who sent a request: by the hub's token in the header, or by the cookie of the hub's sign-in."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from jupyterhub.services.auth import HubOAuth
from tornado.web import HTTPError, RequestHandler

from ..web.errors import Away, MayNot, NotSignedIn
from .lookups import Lookups, Model, digest_of_token
from .scopes import has_access
from .visitor import Visitor, make_visitor

_HEADER: Final = re.compile(r"(?:token|bearer)\s+(\S+)", re.IGNORECASE)
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CACHE_SECONDS: Final = 10


class HubLogin:
    """Finds the visitor of a request with the hub's help, kept at most 10 s.

    `session_of` tells from a SHA-256 (hex) which session a token belongs to: such a token is
    refused before an identity is made (security decision 12). `members_of` gives the persons in
    a group.
    """

    def __init__(
        self,
        auth: HubOAuth,
        service: str,
        secret: bytes,
        session_of: Callable[[str], str | None],
        members_of: Callable[[str], Awaitable[frozenset[str]]],
    ) -> None:
        self.auth = auth
        self._service = service
        self._secret = secret
        self._session_of = session_of
        self._members_of = members_of
        auth.cache_max_age = CACHE_SECONDS
        self._lookups = Lookups(self._ask_hub, CACHE_SECONDS)

    async def identify(self, handler: RequestHandler) -> Visitor:
        """Return the visitor. Raises `NotSignedIn`, `MayNot`, `Away`.

        With an Authorization header cookies are never read, and a bad token is no sign-in.
        """
        header = handler.request.headers.get("Authorization")
        if header is not None:
            match = _HEADER.fullmatch(header.strip())
            if not match:
                raise NotSignedIn("Send the header ‘Authorization: token …’.")
            return await self._by_token(match[1])
        visitor = await self.by_cookie(handler)
        if visitor is None:
            raise NotSignedIn("Sign in first, or send a token of the hub.")
        self._check_site(handler)
        return visitor

    def session_behind(self, handler: RequestHandler) -> str:
        """Return the session whose own token this is. Raises `NotSignedIn`, `MayNot`."""
        header = handler.request.headers.get("Authorization")
        if header is None:
            raise NotSignedIn("Send the session's own token.")
        match = _HEADER.fullmatch(header.strip())
        session_id = self._session_of(digest_of_token(match[1])) if match else None
        if session_id is None:
            raise MayNot("Only a session's own token may report its activity.")
        return session_id

    async def by_cookie(self, handler: RequestHandler) -> Visitor | None:
        """Return the visitor of the sign-in cookie, or None."""
        cookie = handler.get_signed_cookie(self.auth.cookie_name)
        if not cookie:
            return None
        token = cookie.decode("ascii", "replace")
        model = await self._model_of(token, self.auth.get_session_id(handler))
        if model is None:
            return None
        return await self._allow(make_visitor(model, by_token=False))

    def xsrf_token(self, handler: RequestHandler) -> str:
        """Return the token that writes by cookie must carry, bound to this sign-in."""
        cookie = handler.get_signed_cookie(self.auth.cookie_name) or b""
        return hmac.new(self._secret, b"xsrf\0" + cookie, hashlib.sha256).hexdigest()

    async def _by_token(self, token: str) -> Visitor:
        if self._session_of(digest_of_token(token)) is not None:
            raise MayNot("A session's own token may report its activity and nothing else.")
        model = await self._model_of(token, "")
        if model is None:
            raise NotSignedIn("This token is not known to the hub.")
        return await self._allow(make_visitor(model, by_token=True))

    async def _model_of(self, token: str, session_id: str) -> Model | None:
        try:
            return await self._lookups.model_of(token, session_id)
        except (HTTPError, OSError) as error:
            sentence = "The hub does not answer. Try again in a moment."
            raise Away(sentence, retry_after=2, nothing_happened=True) from error

    async def _ask_hub(self, token: str, session_id: str) -> Model | None:
        model: Model | None = await self.auth.user_for_token(
            token, use_cache=False, session_id=session_id, sync=False
        )
        return model

    async def _allow(self, visitor: Visitor) -> Visitor:
        if not has_access(visitor.scopes, self._service):
            raise MayNot(f"This token needs the scope access:services!service={self._service}.")
        if groups := visitor.groups_reached:
            members = [(group, await self._members_of(group)) for group in sorted(groups)]
            visitor = replace(visitor, members=tuple(members))
        return visitor

    def _check_site(self, handler: RequestHandler) -> None:
        """Refuse what another site, or a form without our token, sends with the cookie."""
        request = handler.request
        site = request.headers.get("Sec-Fetch-Site")
        if request.method in _READS:
            if site is not None and site not in ("same-origin", "none"):
                raise MayNot("This address answers its own page only.")
            return
        if site is not None and site != "same-origin":
            raise MayNot("This address takes changes from its own page only.")
        sent = request.headers.get("X-XSRFToken", "")
        if not hmac.compare_digest(sent.encode(), self.xsrf_token(handler).encode()):
            raise MayNot(
                "Send the header X-XSRFToken with the token of the page; reload it.", code="xsrf"
            )
