"""The page: one small HTML shell with the boot block, at every address that is a screen."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, select_autoescape
from jupyterhub.services.auth import HubOAuthCallbackHandler, HubOAuthenticated
from markupsafe import Markup
from tornado.web import HTTPError, RequestHandler

from sessions_spawner.wire.channel import LinkDown, Refused
from sessions_spawner.wire.snapshot import NavigationItem

from ..hub.link import NoSettingsYet
from .boot import make_boot
from .errors import ApiError
from .handler import NoSuchAddress

if TYPE_CHECKING:
    from .application import Service

log = logging.getLogger(__name__)

# Addresses that are screens (page.md section 2); the page's own router tells them apart.
SCREENS: Final = (
    "",
    "history",
    "new",
    "drives",
    r"drives/[^/]+",
    r"s/[^/]+",
    r"s/[^/]+/(?:story|status|ports|sharing|logs|metrics|cost|yaml)",
    r"open/[^/]+/(?:lab|code|shell|port/[^/]+)",
)


class Pages:
    """Renders the shell and the API's documentation, and knows the page's built files."""

    def __init__(self, folder: Path, static: Path) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(folder), autoescape=select_autoescape(), enable_async=False
        )
        self._manifest = static / "app" / ".vite" / "manifest.json"

    def shell(self, **values: Any) -> str:
        """Return the shell's HTML."""
        return self._templates.get_template("shell.html").render(**values)

    def api(self, document: dict[str, Any]) -> str:
        """Return the OpenAPI document as a page for people."""
        return self._templates.get_template("api.html").render(document=document)

    def problem(self, message: str, base_url: str) -> str:
        """Return a page that says in a sentence what is wrong."""
        template = self._templates.get_template("problem.html")
        return template.render(message=message, base_url=base_url)

    def assets(self) -> Mapping[str, Any]:
        """Return the page's script and style files, as the build named them."""
        return _assets_of(self._manifest, self._manifest.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _assets_of(path: Path, _built_at: int) -> Mapping[str, Any]:
    """Return what a build's manifest names, read once a build.

    `modules` are what the script needs at once, so that a browser asks for all together.
    """
    manifest = json.loads(path.read_text())
    entry = next(one for one in manifest.values() if one.get("isEntry"))
    needed = _imports_of(manifest, entry)
    return {
        "js": f"app/{entry['file']}",
        "modules": [f"app/{one['file']}" for one in needed],
        "css": [f"app/{file}" for one in (entry, *needed) for file in one.get("css", [])],
    }


def _imports_of(manifest: dict[str, Any], entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a file of the build imports, directly or not, each once."""
    found: dict[str, dict[str, Any]] = {}
    left = list(entry.get("imports", []))
    while left:
        name = left.pop(0)
        if name not in found:
            found[name] = manifest[name]
            left += manifest[name].get("imports", [])
    return list(found.values())


class PageHandler(HubOAuthenticated, RequestHandler):
    """Every screen of the page."""

    def initialize(self, service: Service) -> None:
        """Take the service."""
        self.service = service
        self.hub_auth = service.login.auth
        self.request_id = secrets.token_hex(4)

    async def get(self) -> None:
        """Send the shell, after sign-in."""
        visitor = await self.service.login.by_cookie(self)
        if visitor is None:
            self.redirect(self.get_login_url())
            return
        service = self.service
        nonce = secrets.token_urlsafe(16)
        screen = self.request.path.removeprefix(service.base_url)
        given = self.request.query_arguments
        xsrf_token = service.login.xsrf_token(self)
        boot = await make_boot(service, visitor, screen, given, xsrf_token)
        announcement, navigation, services = await self._surroundings(visitor.name)
        self._set_headers(nonce)
        self.finish(
            service.pages.shell(
                title="Sessions",
                base_url=service.base_url,
                hub_base_url=service.hub_base_url,
                static_base=f"{service.base_url}static/",
                boot_json=make_boot_text(boot),
                nonce=nonce,
                user=visitor.name,
                is_admin=visitor.is_admin,
                logout_url=f"{service.hub_base_url}logout",
                no_js_url=f"{service.hub_base_url}spawn",
                announcement=announcement,
                navigation=navigation,
                services=services,
                **service.pages.assets(),
            )
        )

    async def _surroundings(
        self, name: str
    ) -> tuple[str, tuple[NavigationItem, ...], list[dict[str, str]]]:
        """Return the announcement, the links added to the bar, and the menu's other services."""
        link = self.service.link
        try:
            owner = await link.owner(name)
            snapshot = link.snapshot
        except (LinkDown, NoSettingsYet, Refused):
            return "", (), []
        own = self.service.base_url
        listed = owner.services if owner else ()
        services = [{"name": one, "href": href} for one, href in listed if href != own]
        return snapshot.announcement, snapshot.navigation_items, services

    async def head(self) -> None:
        """Answer as GET would, without the page."""
        await self.get()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a page that says what is wrong, and nothing of the inside."""
        if status_code == 405:
            self.set_header("Allow", "GET, HEAD")
        raised = kwargs.get("exc_info", (None, None, None))[1]
        message = f"Something on our side failed (id {self.request_id})."
        if isinstance(raised, ApiError):
            status_code, message = raised.status, raised.message
            self.set_status(status_code)
        elif status_code < 500:
            message = "This page cannot be shown."
        self.finish(self.service.pages.problem(message, self.service.base_url))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log bugs with their id."""
        if not isinstance(value, ApiError):
            log.error("page.failed id=%s", self.request_id, exc_info=(typ, value, tb))

    def _set_headers(self, nonce: str) -> None:
        service = self.service
        own, hub = service.base_url, service.hub_base_url
        host = f"{self.request.protocol}://{self.request.host}"
        static = f"{host}{hub}static/ {host}{own}static/"
        policy = {
            "default-src": "'none'",
            "script-src": static,
            "style-src": f"{static} 'nonce-{nonce}'",
            "img-src": f"{host}{own} {host}{hub} data:",
            "font-src": f"{host}{hub}static/",
            "connect-src": f"{host}{own}",
            "form-action": "'self'",
            "base-uri": "'none'",
            "object-src": "'none'",
            "frame-ancestors": "'none'",
        }
        header = "; ".join(f"{name} {value}" for name, value in policy.items())
        self.set_header("Content-Security-Policy", header)
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        self.set_header("Cache-Control", "no-store")


class CallbackHandler(HubOAuthCallbackHandler):
    """Where the hub sends people back after sign-in."""

    def initialize(self, service: Service) -> None:
        """Take the service."""
        self.service = service

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ARG002
        """Answer with a page that offers to sign in again."""
        message = "The sign-in did not work. Open the Sessions page again."
        self.finish(self.service.pages.problem(message, self.service.base_url))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log without the address: it carries the code of the sign-in."""
        if isinstance(value, HTTPError):
            log.warning("signin.refused status=%d", value.status_code)
        else:
            log.error("signin.failed", exc_info=(typ, value, tb))


class NoSuchPage(NoSuchAddress):
    """Every address outside of the API that there is not: a page for people, JSON for programs."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a page where a browser asks for one."""
        if "text/html" not in self.request.headers.get("Accept", ""):
            super().write_error(status_code, **kwargs)
            return
        self.set_status(404)
        self.finish(self.service.pages.problem("There is no such page.", self.service.base_url))


def make_boot_text(boot: dict[str, Any]) -> Markup:
    """Return JSON that cannot end the element that it stands in, marked as not to be escaped."""
    text = json.dumps(boot, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 (nothing that HTML knows is left in it)
