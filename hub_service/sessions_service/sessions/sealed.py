"""Values of variables in a stored request: the owner's alone, and sealed where there is a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..db.seal import CannotOpen, Seal

MASK: Final = "•••"
VALUES_LOST: Final = (
    "The values of its variables cannot be read any more: the key that sealed them is gone. "
    "Type them anew."
)
_SEALED: Final = "sealed_env"


def seal_request(request: Mapping[str, Any], seal: Seal) -> dict[str, Any]:
    """Return a stored request as the database keeps it: names of variables, their values sealed."""
    env = request.get("env")
    if not env or not seal.is_on:
        return dict(request)
    names = dict.fromkeys(env, "")
    return {**request, "env": names, _SEALED: seal.close(env)}


def open_request(request: Mapping[str, Any], seal: Seal) -> dict[str, Any]:
    """Return the stored request that was sealed. Raises `CannotOpen`."""
    if _SEALED not in request:
        return dict(request)
    env = seal.open(request[_SEALED])
    return {**without_values(request), "env": env}


def without_values(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored request with the names of its variables alone."""
    opened = {key: value for key, value in request.items() if key != _SEALED}
    if isinstance(opened.get("env"), dict):
        opened["env"] = dict.fromkeys(opened["env"], "")
    return opened


def show_env(request: Mapping[str, Any], seal: Seal, *, is_owner: bool) -> dict[str, Any]:
    """Return the variables as JSON shows them: values to the owner alone, if they can be read."""
    env: dict[str, Any] = request.get("env") or {}
    if not env or not is_owner:
        return dict.fromkeys(env, MASK)
    if _SEALED not in request:
        return env
    try:
        opened: dict[str, Any] = seal.open(request[_SEALED])
    except CannotOpen:
        return dict.fromkeys(env, MASK)
    return opened
