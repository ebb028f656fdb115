"""Errors that people get: one small hierarchy, one shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """An answer that is no success: status, code, a sentence that says what to change.

    `nothing_happened` says that the request certainly changed nothing.
    """

    status = 400
    code = "bad-request"
    nothing_happened = True

    def __init__(
        self,
        message: str,
        *,
        fields: Mapping[str, str] | None = None,
        code: str | None = None,
        more: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
        nothing_happened: bool | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})
        self.code = code or type(self).code
        self.more = dict(more or {})
        self.retry_after = retry_after
        if nothing_happened is not None:
            self.nothing_happened = nothing_happened

    def to_json(self, request_id: str) -> dict[str, Any]:
        """Return the answer's body."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "id": request_id}
        if self.fields:
            error["fields"] = self.fields
        if self.nothing_happened:
            error["nothing_happened"] = True
        return {"error": {**error, **self.more}}


class NotJson(ApiError):
    """The body is no JSON."""

    code = "not-json"


class NotSignedIn(ApiError):
    """Nobody is known to ask."""

    status = 401
    code = "not-signed-in"


class MayNot(ApiError):
    """The visitor may not do this."""

    status = 403
    code = "forbidden"


class NotThere(ApiError):
    """There is no such thing, or it is not the visitor's to see."""

    status = 404
    code = "not-found"


class WrongMethod(ApiError):
    """The address has no such method."""

    status = 405
    code = "method"


class Conflict(ApiError):
    """Something else is in the way: `version`, `limit`, `in-use`, `changed`, `state`."""

    status = 409
    code = "conflict"


class TooLarge(ApiError):
    """The body is too large."""

    status = 413
    code = "too-large"


class WrongType(ApiError):
    """The body's content type is not taken."""

    status = 415
    code = "content-type"


class WrongFields(ApiError):
    """Fields are wrong, missing or unknown."""

    status = 422
    code = "fields"


class TooMany(ApiError):
    """Too many requests in too short a time."""

    status = 429
    code = "rate"


class Away(ApiError):
    """Something that is needed is away for a moment."""

    status = 503
    code = "away"
    # A connection may have been lost while the answer to a commit was under way.
    nothing_happened = False


def wrong_fields(fields: Mapping[str, str]) -> WrongFields:
    """Return the error for wrong fields; the message names the first one."""
    path, sentence = next(iter(fields.items()))
    return WrongFields(f"{path}: {sentence}" if path else sentence, fields=fields)
