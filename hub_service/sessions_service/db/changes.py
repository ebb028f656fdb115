"""Which sessions a transaction changed, and the revisions that they got."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from .engine import Db

_KEY: Final = "sessions_changes"


@dataclass(frozen=True)
class Change:
    """A session that was changed, and whose it is."""

    session_id: str
    revision: int
    owner_key: str


@dataclass
class Changes:
    """The changes of one transaction; `last` is the highest revision given so far."""

    last: int
    changed: dict[str, Change] = field(default_factory=dict)

    def note(self, session_id: str, owner_key: str) -> int:
        """Return the revision for a session's row: one a transaction, growing for ever."""
        known = self.changed.get(session_id)
        if known is not None:
            return known.revision
        self.last += 1
        self.changed[session_id] = Change(session_id, self.last, owner_key)
        return self.last


def attach(db: Db, changes: Changes) -> None:
    """Make `changes` the ones of this transaction."""
    db.execution_options(**{_KEY: changes})


def note_change(db: Db, session_id: str, owner_key: str) -> int:
    """Return the revision that a session's row gets in this write transaction."""
    changes: Changes = db.get_execution_options()[_KEY]
    return changes.note(session_id, owner_key)
