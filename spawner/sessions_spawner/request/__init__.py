"""The launch request: the checked, immutable choices that a session starts from."""

from .launch import (
    FIELD_DEFAULTS,
    REQUEST_VERSION,
    LaunchRequest,
    RequestError,
    digest_of,
    lift_stored,
    parse_request,
    to_stored,
)

__all__ = [
    "FIELD_DEFAULTS",
    "REQUEST_VERSION",
    "LaunchRequest",
    "RequestError",
    "digest_of",
    "lift_stored",
    "parse_request",
    "to_stored",
]
