"""Programs that were ended inside a session for want of memory: a line of its story, and a notice.

Nobody outside sees them, so a session's own word has to do. It can add lines of ours, a few.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..db.engine import Db
from ..lifecycle.actors import Part
from ..lifecycle.chronicle import read_story
from ..lifecycle.move import tell
from ..lifecycle.story import MEMORY_USED_UP, say_line
from ..lifecycle.table import LIVE
from . import store
from .models import Session

if TYPE_CHECKING:
    from ..web.application import Service

log = logging.getLogger(__name__)

QUIET_SECONDS: Final = 60
MOST_LINES: Final = 20


@dataclass(frozen=True)
class Told:
    """What a run's story says so far: up to which count, in how many lines, the last one when."""

    kills: int = 0
    lines: int = 0
    at: datetime | None = None


def is_due(told: Told, kills: int, now: datetime) -> bool:
    """Tell whether a session's count of kills is worth a line now.

    What comes soon after a line waits for the reports that follow; it is counted in their line.
    """
    if kills <= told.kills or told.lines >= MOST_LINES:
        return False
    return told.at is None or now - told.at >= timedelta(seconds=QUIET_SECONDS)


class Taken(NamedTuple):
    """What came of a count: of which run it is, whose, what is told now, and whether it is new."""

    generation: int
    owner: str
    told: Told
    is_new: bool


class MemoryKills:
    """Takes the sessions' counts. In memory is what was told; only what is due is written."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._told: dict[str, tuple[int, Told]] = {}
        self._writing: set[str] = set()

    async def take(self, session_id: str, kills: int, kernels: Sequence[str]) -> None:
        """Take a count; write a line and give notice if it is due. Raises `DatabaseBusy`."""
        generation, told = self._known(session_id)
        if told is not None and kills < told.kills:
            # Its container was started again, and counts from zero.
            self._told[session_id] = generation, replace(told, kills=kills)
            return
        if session_id in self._writing:
            return
        if is_due(told or Told(), kills, self._service.now()):
            self._writing.add(session_id)
            try:
                await self._write(session_id, kills, kernels, None if told is None else told.kills)
            except Exception:
                # It may have been written all the same: the story will tell.
                self.forget(session_id)
                raise
            finally:
                self._writing.discard(session_id)

    async def _write(
        self, session_id: str, kills: int, kernels: Sequence[str], before: int | None
    ) -> None:
        taken = await self._service.db.write(
            tell_kills, session_id, kills, kernels, before=before, at=self._service.now()
        )
        if taken is None:
            return
        self._told[session_id] = taken.generation, taken.told
        if taken.is_new:
            log.info("memory.used_up session=%s kills=%d", session_id, kills)
            self._service.fanout.notice(taken.owner, session_id)

    def forget(self, session_id: str) -> None:
        """Forget what was told of a session; its story has it."""
        self._told.pop(session_id, None)

    def _known(self, session_id: str) -> tuple[int, Told | None]:
        """Return what was told of a session's present run, None if that is not known."""
        generation, told = self._told.get(session_id, (0, None))
        lives = self._service.living.generation_of(session_id)
        return (generation, told) if lives == generation else (0, None)


def tell_kills(
    db: Db,
    session_id: str,
    kills: int,
    kernels: Sequence[str],
    *,
    before: int | None,
    at: datetime,
) -> Taken | None:
    """Write the line of a run's kills if it is due by what its story says.

    `before` is the count up to which they were told, None to take it from the story. None comes of
    a session that does not live.
    """
    session = store.get(db, session_id)
    if session is None or session.state not in LIVE:
        return None
    told = read_told(db, session)
    if before is not None:
        told = replace(told, kills=before)
    if not is_due(told, kills, at):
        return Taken(session.generation, session.owner, told, is_new=False)
    after = Told(kills, told.lines + 1, at)
    data: dict[str, Any] = {
        "generation": session.generation,
        "counted": kills,
        "kills": kills - told.kills,
        "kernels": list(kernels),
        "memory": session.memory,
        "is_last": after.lines == MOST_LINES,
    }
    tell(db, session_id, MEMORY_USED_UP, at=at, actor=Part.SESSION, data=data)
    return Taken(session.generation, session.owner, after, is_new=True)


def read_told(db: Db, session: Session) -> Told:
    """Return what the story of a session's present run says of its kills."""
    lines = [
        line
        for line in read_story(db, session.id)
        if line.event == MEMORY_USED_UP and line.data.get("generation") == session.generation
    ]
    if not lines:
        return Told()
    counted = lines[-1].data.get("counted")
    return Told(counted if isinstance(counted, int) else 0, len(lines), lines[-1].at)


def find_notice(db: Db, session: Session) -> dict[str, Any] | None:
    """Return the notice of the last kills that a session's story tells; None if there are none.

    It is what the event stream has: `{kind, session, sentence, action}`.
    """
    told = [line for line in read_story(db, session.id) if line.event == MEMORY_USED_UP]
    if not told:
        return None
    return {
        "kind": "memory",
        "session": session.id,
        "sentence": f"{session.name}: {say_line(told[-1], session.owner)}",
        "action": {"label": "Show its story", "action": "story"},
    }
