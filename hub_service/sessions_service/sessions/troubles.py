"""What a session goes on with, such as a helper that crashed: lines of its story."""

from __future__ import annotations

from datetime import datetime

from sessions_spawner.wire.messages import Report

from ..db.engine import Db
from ..lifecycle.actors import Part
from ..lifecycle.chronicle import read_story
from ..lifecycle.move import tell
from ..lifecycle.story import NOTICED
from ..lifecycle.table import State
from . import store


def note_trouble(db: Db, report: Report, *, at: datetime) -> None:
    """Write what a report noticed into the story of a running session, once."""
    session = store.get(db, report.id)
    if session is None or session.state is not State.RUNNING:
        return
    if session.generation != report.generation:
        return
    data = {**report.words, "noticed_at": report.at.isoformat()}
    if any(line.event == NOTICED and line.data == data for line in read_story(db, report.id)):
        return
    tell(db, session.id, NOTICED, at=at, actor=Part.HUB, data=data)
