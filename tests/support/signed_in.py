"""A person in a browser, as far as cookies go: the hub's sign-in, the page, its XSRF token."""

from __future__ import annotations

import json
import re
from typing import Any, Protocol

import httpx

from .waiting import wait_for

API = "/services/sessions/api/v1/"


class Hub(Protocol):
    """Where one signs in: the product of a test, or a hub that `make run` has started."""

    @property
    def url(self) -> str:
        """The proxy's address without a slash at the end."""

    @property
    def password(self) -> str:
        """The password of every user."""


class SignedIn:
    """Somebody who signed in at the hub and opened the Sessions page."""

    def __init__(self, hub: Hub, user: str) -> None:
        self.client = httpx.Client(base_url=hub.url, follow_redirects=True, timeout=30)
        try:
            self.boot: dict[str, Any] = self._sign_in(user, hub.password)
        except BaseException:
            self.close()
            raise
        self.xsrf = self.boot["xsrf_token"]

    def _sign_in(self, user: str, password: str) -> dict[str, Any]:
        self.client.get("/hub/login")
        form = {"username": user, "password": password, "_xsrf": self._hub_xsrf()}
        self.client.post("/hub/login", data=form)
        page = self.client.get("/services/sessions/")
        assert page.status_code == 200, page.text
        return read_boot(page.text)

    def _hub_xsrf(self) -> str:
        return next(one.value or "" for one in self.client.cookies.jar if one.name == "_xsrf")

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Call the API with the cookies alone; header names with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, API + path, json=body, headers=named)

    def start_session(self, *, seconds: float = 60) -> dict[str, Any]:
        """Start a session as the page does; return it once it runs."""
        body = {"environment": "python", "idle_timeout": 900, "drive": "default"}
        headers = {"X_XSRFToken": self.xsrf, "Sec_Fetch_Site": "same-origin"}
        asked = self.request("POST", "sessions", body, **headers)
        assert asked.status_code == 201, asked.text
        seen: dict[str, Any] = {}

        def is_running() -> bool:
            seen.update(self.request("GET", f"sessions/{asked.json()['id']}").json())
            assert seen["state"] != "failed", seen
            return bool(seen["state"] == "running")

        wait_for(is_running, seconds=seconds, what="the session to run")
        return seen

    def close(self) -> None:
        """Close the browser."""
        self.client.close()


def read_boot(page: str) -> dict[str, Any]:
    """Return the boot block of the page."""
    found = re.search(r'<script[^>]*id="boot"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None, page
    boot: dict[str, Any] = json.loads(found[1])
    return boot
