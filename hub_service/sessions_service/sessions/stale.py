"""A change of a version that is past: who changed the session meanwhile, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..db.engine import Db
from ..lifecycle.actors import kind_of
from ..lifecycle.chronicle import read_story
from ..lifecycle.moments import to_iso
from ..lifecycle.story import TOLD_ONLY
from ..web.errors import Conflict

if TYPE_CHECKING:
    from ..web.application import Service


async def stale(service: Service, session_id: str) -> Conflict:
    """Return the conflict, with `changed{by, by_kind, at}` where the story tells."""
    changed = await service.db.read(last_change, session_id)
    sentence = "Somebody changed it since you looked. Load it again."
    return Conflict(sentence, code="version", more={"changed": changed})


def last_change(db: Db, session_id: str) -> dict[str, Any] | None:
    """Return who changed a session last, and when; None if its story does not tell."""
    lines = [one for one in read_story(db, session_id) if one.event not in TOLD_ONLY]
    if not lines:
        return None
    last = lines[-1]
    return {"by": last.actor, "by_kind": kind_of(last.actor), "at": to_iso(last.at)}
