"""The Tornado application: every route of the service."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from tornado.web import Application, RequestHandler

from ..drives.handlers import ROUTES as DRIVES
from ..environments.handlers import ROUTES as ENVIRONMENTS
from ..events.handlers import ROUTES as EVENTS
from ..logs.handlers import ROUTES as LOGS
from ..sessions.handlers import ROUTES as SESSIONS
from ..sessions.preview import ROUTES as PREVIEW
from .application import Service
from .documents import ROUTES as DOCUMENTS
from .files import HashedFiles
from .handler import NoSuchAddress
from .openapi import make_document
from .page import SCREENS, CallbackHandler, NoSuchPage, PageHandler
from .routes import Route
from .server_link import SERVER_LINK, ServerLinkHandler

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
API: list[Route] = [*SESSIONS, *EVENTS, *LOGS, *ENVIRONMENTS, *DRIVES, *PREVIEW]
# More particular addresses first: `sessions/{id}/events` before `sessions/{id}`.
ROUTES: list[Route] = [*API, *DOCUMENTS]


def make_application(service: Service, secret: bytes) -> Application:
    """Return the application of a service."""
    base = service.base_url
    parts = {"service": service}
    documented = [route for route in ROUTES if route.operations()]
    service.openapi = make_document(documented, base, service.build)
    handlers: list[Any] = [
        (base + route.pattern(), route.handler, parts)
        for route in sorted(ROUTES, key=lambda route: -route.template.count("/"))
    ]
    handlers += [
        (f"{base}oauth_callback", CallbackHandler, parts),
        (f"{base}static/(.*)", HashedFiles, {"path": str(STATIC)}),
        (f"{base}api(?:/.*)?", NoSuchAddress, parts),
        (base + SERVER_LINK, ServerLinkHandler, parts),
        *((base + screen, PageHandler, parts) for screen in SCREENS),
        (r".*", NoSuchPage, parts),
    ]
    return Application(
        handlers,
        cookie_secret=secret,
        log_function=log_request,
        default_handler_class=NoSuchAddress,
        default_handler_args=parts,
    )


def log_request(handler: RequestHandler) -> None:
    """Log a request without its query: it may hold what somebody typed."""
    request = handler.request
    path = request.path[:200].encode("unicode_escape").decode()
    status, milliseconds = handler.get_status(), 1000 * request.request_time()
    log.debug(
        "request method=%s path=%s status=%d ms=%.1f", request.method, path, status, milliseconds
    )
