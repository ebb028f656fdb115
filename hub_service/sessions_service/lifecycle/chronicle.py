"""The chronicle: a session's append-only story, one line an event, numbered without gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ForeignKey, Table, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ..db.base import Base, JsonObject, UtcDateTime
from ..db.engine import Db
from .actors import kind_of, read_actor


class LineRow(Base):
    """One line of a story. Sentences are made when it is read, from `event` and `data`."""

    __tablename__ = "chronicle"
    __table_args__ = {"sqlite_with_rowid": False}

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str]
    actor_kind: Mapped[str]
    on_behalf_of: Mapped[str | None]
    event: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JsonObject)


@dataclass(frozen=True)
class Line:
    """One line of a session's story; `n` counts from 1, `actor` knows its kind (see `actors`)."""

    n: int
    at: datetime
    actor: str
    on_behalf_of: str | None
    event: str
    data: Mapping[str, Any]


CHRONICLE: Final[Table] = LineRow.metadata.tables["chronicle"]
_INSERT: Final = insert(CHRONICLE)
_COLUMNS: Final = [CHRONICLE.c[name] for name in (*Line.__dataclass_fields__, "actor_kind")]


def write_line(db: Db, session_id: str, line: Line) -> None:
    """Write a line; whoever writes it holds the session's row and counts its lines there."""
    db.execute(
        _INSERT,
        {
            "session_id": session_id,
            "n": line.n,
            "at": line.at,
            "actor": str(line.actor),
            "actor_kind": kind_of(line.actor),
            "on_behalf_of": line.on_behalf_of,
            "event": str(line.event),
            "data": dict(line.data),
        },
    )


def read_story(db: Db, session_id: str) -> list[Line]:
    """Return a session's story, oldest line first; empty if there is no such session."""
    story = select(*_COLUMNS).where(CHRONICLE.c.session_id == session_id).order_by(CHRONICLE.c.n)
    return [_make_line(*values) for values in db.execute(story)]


def _make_line(n: int, at: datetime, actor: str, *rest: Any) -> Line:
    on_behalf_of, event, data, kind = rest
    # What cannot be read is left out: the story goes on.
    told = data if isinstance(data, dict) else {}
    return Line(n, at, read_actor(actor, kind), on_behalf_of, event, told)
