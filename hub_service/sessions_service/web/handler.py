"""The base of every API handler: identity, errors in one shape, headers."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import orjson
from tornado.web import HTTPError, RequestHandler

from sessions_spawner.wire.channel import LinkDown, Refused

from ..db.work import DatabaseBusy, LeaseLost
from ..hub.link import NoSettingsYet
from ..identity.may import Action, may_at_all
from ..identity.visitor import Visitor
from .errors import ApiError, Away, MayNot, NotThere, TooLarge, WrongMethod

if TYPE_CHECKING:
    from .application import Service

log = logging.getLogger(__name__)

# What a bug or an outage turns into; everything else is a 500 with an id.
_AWAY: dict[type[Exception], str] = {
    LinkDown: "Sessions are restarting. Try again in a moment.",
    NoSettingsYet: "Sessions are starting: the hub has not sent its settings yet.",
    DatabaseBusy: "The database is busy. Try again in a moment.",
    LeaseLost: "Another service has taken over. Try again in a moment.",
}

_OWN_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class ApiHandler(RequestHandler):
    """A handler of `api/v1`; `self.service` holds everything that handlers call."""

    SUPPORTED_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

    service: Service
    visitor: Visitor
    _tag: str | None = None

    def initialize(self, service: Service) -> None:
        """Take the service."""
        self.service = service
        self.request_id = secrets.token_hex(4)

    def set_default_headers(self) -> None:
        """Send the headers of every answer."""
        for name, value in SECURITY_HEADERS.items():
            self.set_header(name, value)

    @classmethod
    def methods(cls) -> list[str]:
        """Return the methods that this address has."""
        own = [
            method
            for method in _OWN_METHODS
            if getattr(cls, method.lower()) is not getattr(RequestHandler, method.lower())
        ]
        return [*own, *(["HEAD"] if "GET" in own else []), "OPTIONS"]

    async def head(self, *path: str) -> None:
        """Answer as GET would, without the body."""
        answering = self.get(*path)  # raises 405 where there is no GET
        if answering is not None:
            await answering

    def options(self, *_path: str) -> None:
        """Answer which methods this address has; nothing is allowed to another site by that."""
        self.set_status(204)
        self.set_header("Allow", ", ".join(self.methods()))

    async def identify(self) -> None:
        """Find out who asks. Raises `NotSignedIn`, `MayNot`, `Away`, `TooMany`."""
        self.visitor = await self.service.login.identify(self)
        self.service.rates.take(self.visitor)

    def require(self, action: Action) -> None:
        """Refuse a visitor who may do this to nobody's sessions. Raises `MayNot`."""
        if not may_at_all(self.visitor, action):
            raise MayNot("Your token does not allow this; it lacks the scope for it.")

    def answer(self, body: Any, status: int = 200) -> None:
        """Send JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(to_json(body))

    async def answer_tagged(self, tag: str, make: Callable[[], Awaitable[Any]]) -> None:
        """Send the JSON that `make` gives, or 304 to a visitor who has what this tag stands for."""
        self._tag = f'W/"{tag}"'
        self.set_header("Cache-Control", "private, no-cache")
        self.set_etag_header()
        if self.check_etag_header():
            self.set_status(304)
            return
        self.set_header("Content-Type", "application/json")
        self.finish(to_json(await make()))

    def compute_etag(self) -> str | None:
        """Return the answer's tag; without one nothing is worked out."""
        return self._tag

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log bugs with their id; expected errors by their code alone, and count those."""
        if isinstance(value, ApiError):
            self.service.metrics.refused(value.code)
            log.info("request.refused id=%s code=%s", self.request_id, value.code)
        elif isinstance(value, HTTPError) and value.status_code < 500:
            self.service.metrics.refused(str(value.status_code))
            log.info("request.refused id=%s status=%d", self.request_id, value.status_code)
        elif isinstance(value, Refused):
            log.warning("request.refused_by_hub id=%s code=%s", self.request_id, value.code)
        elif type(value) in _AWAY:
            log.warning("request.away id=%s error=%s", self.request_id, type(value).__name__)
        else:
            log.error("request.failed id=%s", self.request_id, exc_info=(typ, value, tb))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer in the one shape of errors."""
        error = self._api_error(status_code, kwargs.get("exc_info", (None, None, None))[1])
        if self._headers_written:
            return  # a stream that broke off: there is nobody left to tell
        self.set_status(error.status if error else 500)
        self.set_header("Content-Type", "application/json")
        if error is None:
            self.finish(json.dumps(_bug(self.request_id)))
            return
        if error.status == 405:
            self.set_header("Allow", ", ".join(self.methods()))
        if error.retry_after is not None:
            self.set_header("Retry-After", str(error.retry_after))
        self.finish(json.dumps(error.to_json(self.request_id)))

    def _api_error(self, status: int, raised: BaseException | None) -> ApiError | None:
        if isinstance(raised, ApiError):
            return raised
        if isinstance(raised, Refused):  # by the hub process, such as for what a setting is like
            return Away(raised.message, retry_after=2, nothing_happened=True)
        for kind, sentence in _AWAY.items():
            if isinstance(raised, kind):
                is_certain = isinstance(raised, LinkDown | NoSettingsYet)
                return Away(sentence, retry_after=2, nothing_happened=is_certain)
        if status == 405:
            return WrongMethod("This address has no such method.")
        if status == 404:
            return NotThere("There is no such address.")
        if status == 413:
            return TooLarge("The body is too large.")
        if 400 <= status < 500:
            error = ApiError("The request cannot be read.")
            error.status = status
            return error
        return None


def to_json(body: Any) -> bytes:
    """Return JSON data as it is sent."""
    try:
        return orjson.dumps(body)
    except TypeError:  # what it refuses, such as half a surrogate pair
        return json.dumps(body, separators=(",", ":")).encode()


class NoSuchAddress(ApiHandler):
    """Every address that there is not."""

    async def prepare(self) -> None:
        """Answer 404, whoever asks."""
        raise NotThere("There is no such address.")


def _bug(request_id: str) -> dict[str, Any]:
    message = f"Something on our side failed (id {request_id})."
    return {"error": {"code": "internal", "message": message, "id": request_id}}
