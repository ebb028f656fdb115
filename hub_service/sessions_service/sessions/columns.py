"""The derived columns of a session's row: what lists sort, filter and search by."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from ..lifecycle.causes import status_of
from ..lifecycle.table import LIVE, State

# The end of a session that has none in sight sorts after every other.
NO_END: Final = datetime(9999, 12, 31, tzinfo=UTC)
# Which columns the derived ones come from: a move changes the second kind alone.
TEXT_SOURCES: Final = frozenset({"id", "name", "owner", "email", "drive_name", "environment_title"})
STATE_SOURCES: Final = frozenset({"state", "cause", "ended_at", "expires_at"})


def fold(text: str) -> str:
    """Return text as it is searched and sorted: case and composition of characters do not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def make_search(values: Mapping[str, Any]) -> str:
    """Return the searched text of a session: its fields by line, so that no hit spans two."""
    parts = (values["id"], values["name"], values["owner"], values["email"], values["drive_name"])
    return fold("\n".join(part for part in parts if part))


def derive(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the derived columns of a row with these values."""
    return {**derive_from_state(values), **derive_from_texts(values)}


def derive_from_state(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the derived columns that come from `STATE_SOURCES`."""
    state: State = values["state"]
    return {
        "status": status_of(state, values["cause"]).value,
        "is_live": state in LIVE,
        # A session that is being stopped is in both tabs.
        "in_history": state not in LIVE or state is State.STOPPING,
        "sort_end": values["ended_at"] or values["expires_at"] or NO_END,
    }


def derive_from_texts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the derived columns that come from `TEXT_SOURCES`."""
    return {
        "sort_name": fold(values["name"]),
        "sort_environment": fold(values["environment_title"]),
        "sort_drive": fold(values["drive_name"]),
        "search": make_search(values),
    }
