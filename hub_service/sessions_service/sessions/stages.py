"""The stages of a start as JSON: how far it came, how long each took, which one failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sessions_spawner.progress import ALL_STAGES

from ..lifecycle.causes import status_of
from ..lifecycle.moments import to_iso
from ..lifecycle.table import ENDED
from .models import Session


def describe_stages(session: Session, entered: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return `{name, state, started_at, ended_at, message}` of each stage from `created` on.

    `entered` holds `{name, at}` of the others in order, `at` in ISO 8601. The last stage of a start
    that ended before it was ready has `failed` as its state, or `cancelled` when somebody stopped
    it.
    """
    entered = [{"name": "created", "at": to_iso(session.created_at)}, *entered]
    begun = [one["at"].replace("+00:00", "Z") for one in entered]
    state, ended_at = _last_of(session)
    states = ["done"] * (len(entered) - 1) + [state]
    ends = [*begun[1:], ended_at]
    return [
        {
            "name": one["name"],
            "state": states[number],
            "started_at": begun[number],
            "ended_at": ends[number],
            "message": ALL_STAGES.get(one["name"], (0, ""))[1],
        }
        for number, one in enumerate(entered)
    ]


def _last_of(session: Session) -> tuple[str, str | None]:
    """Return the state of the stage that a start came to, and when it was over."""
    if session.ready_at is not None:
        return "done", to_iso(session.ready_at)
    if session.state not in ENDED:
        return "running", None
    is_failure = status_of(session.state, session.cause) == "failed"
    return "failed" if is_failure else "cancelled", to_iso(session.ended_at)
