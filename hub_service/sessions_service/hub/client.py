"""The hub's REST API, as far as the service uses it, with the service's own token."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

log = logging.getLogger(__name__)


_PAGE: Final = 100
_MOST_PAGES: Final = 200


class TooMuch(Exception):
    """The hub's answer has more pages than are read."""


class HubAway(Exception):
    """The hub did not answer, or with a 5xx: nothing is decided by that."""


class HubRefused(Exception):
    """The hub answered with a 4xx; the sentence is the hub's or the spawner's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True)
class HubServer:
    """A server as the hub's API shows it."""

    is_ready: bool
    pending: str | None


@dataclass(frozen=True)
class UsersServer:
    """A server that is ready or pending, and whose it is."""

    owner: str
    server: str
    is_ready: bool


class HubClient:
    """Starts, stops and reads servers. `api_url` ends without a slash."""

    def __init__(self, api_url: str, token: str) -> None:
        self._url = api_url
        self._headers = {
            "Authorization": f"token {token}",
            "Accept": "application/jupyterhub-pagination+json",
            "Content-Type": "application/json",
        }
        self._client = AsyncHTTPClient(force_instance=True, max_clients=64)

    async def start(
        self, owner: str, server: str, options: Mapping[str, Any], title: str, *, nested: bool
    ) -> bool:
        """Ask for a start; return whether the server is ready already.

        `nested` sends the options as hubs of line 6 take them; before, the body is the options.
        Raises `HubRefused` for a refusal by hub or spawner, `HubAway` otherwise.
        """
        body = dict(options)
        if nested:
            body = {"user_options": body, "display_name": title}
        status, _ = await self._call("POST", _server(owner, server), body, seconds=30)
        return status == 201

    async def stop(self, owner: str, server: str, *, remove: bool) -> bool:
        """Ask for a stop; return whether the server is gone already (also if it never was)."""
        body = {"remove": True} if remove and server else {}
        try:
            status, _ = await self._call("DELETE", _server(owner, server), body, seconds=30)
        except HubRefused as refusal:
            if refusal.status == 404:
                return True
            raise
        return status == 204

    async def find(self, owner: str, server: str) -> HubServer | None:
        """Return the server if the hub has it ready or pending."""
        try:
            _, user = await self._call("GET", f"/users/{quote(owner, safe='')}", None)
        except HubRefused as refusal:
            if refusal.status == 404:
                return None
            raise
        found = user.get("servers", {}).get(server)
        if found is None or not (found["ready"] or found["pending"]):
            return None
        return HubServer(is_ready=found["ready"], pending=found["pending"])

    async def servers(self) -> list[UsersServer]:
        """Return every server that is ready or pending, by pages; needs `list:users` too.

        Raises `HubAway`, `HubRefused`, `TooMuch` beyond 20,000 users with servers.
        """
        found: list[UsersServer] = []
        offset: int | None = 0
        for _ in range(_MOST_PAGES):
            path = f"/users?state=active&limit={_PAGE}&offset={offset}"
            _, page = await self._call("GET", path, None)
            found += [
                UsersServer(user["name"], name, bool(server["ready"]))
                for user in page["items"]
                for name, server in user.get("servers", {}).items()
                if server["ready"] or server["pending"]
            ]
            offset = (page["_pagination"]["next"] or {}).get("offset")
            if offset is None:
                return found
        raise TooMuch(f"The hub has more than {_MOST_PAGES * _PAGE} users with servers.")

    async def is_there(self) -> bool:
        """Tell whether the hub answers and the token counts."""
        try:
            await self._call("GET", "/user", None, seconds=5)
        except (HubAway, HubRefused):
            return False
        return True

    async def _call(
        self, method: str, path: str, body: dict[str, Any] | None, *, seconds: float = 20
    ) -> tuple[int, dict[str, Any]]:
        request = HTTPRequest(
            self._url + path,
            method=method,
            headers=self._headers,
            body=None if body is None else json.dumps(body),
            allow_nonstandard_methods=True,
            follow_redirects=False,
            request_timeout=seconds,
        )
        try:
            response = await self._client.fetch(request, raise_error=False)
        except (HTTPClientError, OSError) as error:
            raise HubAway(f"The hub does not answer: {error}") from None
        if response.code >= 500 or response.code == 429:
            raise HubAway(f"The hub answered {response.code}.")
        if response.code >= 400:
            raise HubRefused(response.code, _message_of(response.body))
        parsed = json.loads(response.body) if response.body else {}
        return response.code, parsed if isinstance(parsed, dict) else {}


def _server(owner: str, server: str) -> str:
    name = f"/users/{quote(owner, safe='')}/"
    return f"{name}servers/{quote(server, safe='')}" if server else f"{name}server"


def _message_of(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return "The hub refused."
