"""Reads logs of sessions for visitors: bounded, and told in the story when it is another's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sessions_spawner.wire.channel import Refused
from sessions_spawner.wire.messages import LogLines, LogQuestion

from ..identity.visitor import Visitor
from ..lifecycle.actors import actor_of
from ..lifecycle.move import tell
from ..lifecycle.story import LOGS_READ
from ..lifecycle.table import ENDED
from ..sessions.models import Session
from ..web.errors import Away, TooMany, wrong_fields

if TYPE_CHECKING:
    from ..web.application import Service

# Whoever looks again within this time is not told again.
_QUIET: Final = timedelta(minutes=10)
_MOST_FOLLOWED: Final = 5
_MOST_REMEMBERED: Final = 1000
# More lines of an end are never kept.
MOST_KEPT: Final = 100
_COMPARED: Final = 200


class Logs:
    """Asks the hub process for lines; knows who follows logs, and whose look was told."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._told: dict[tuple[str, str], datetime] = {}
        self._followed: Counter[str] = Counter()

    async def read(self, session: Session, question: LogQuestion) -> LogLines | None:
        """Return lines of a session that goes on; None where only what was kept is left.

        Raises `WrongFields` for an unknown container, `Away`, `LinkDown`.
        """
        if session.state in ENDED:
            return None
        try:
            return await self._service.link.log(question)
        except Refused as refusal:
            if refusal.code == "missing":
                return None
            if refusal.code == "container":
                raise wrong_fields({"container": refusal.message}) from None
            raise Away(refusal.message, retry_after=5, nothing_happened=True) from None

    async def note_look(self, session: Session, visitor: Visitor) -> None:
        """Write into the story that somebody else reads the log. Raises `DatabaseBusy`."""
        if visitor.name == session.owner and not visitor.is_service:
            return
        key, now = (session.id, visitor.name), self._service.now()
        if now - self._told.get(key, now - 2 * _QUIET) < _QUIET:
            return
        while len(self._told) >= _MOST_REMEMBERED:
            del self._told[next(iter(self._told))]
        actor = actor_of(visitor.name, is_service=visitor.is_service)
        db = self._service.db
        await db.write(tell, session.id, LOGS_READ, at=now, actor=actor, data={})
        self._told[key] = now

    @contextmanager
    def following(self, visitor: Visitor) -> Iterator[None]:
        """Count somebody who follows a log. Raises `TooMany` when he follows many already."""
        if self._followed[visitor.name] >= _MOST_FOLLOWED:
            words = f"You follow {_MOST_FOLLOWED} logs at a time already. Close one first."
            raise TooMany(words, retry_after=10)
        self._followed[visitor.name] += 1
        try:
            yield
        finally:
            self._followed[visitor.name] -= 1
            if not self._followed[visitor.name]:
                del self._followed[visitor.name]


def question_of(session: Session, *, tail: int, container: str = "") -> LogQuestion:
    """Return the question for the last lines of a session's run."""
    return LogQuestion(
        id=session.id, generation=session.generation, tail=tail, container=container or None
    )


def kept_lines(session: Session, tail: int) -> list[str]:
    """Return the last lines that were kept of a session that is over."""
    kept = session.evidence.get("lines")
    return [str(line) for line in kept][-tail:] if isinstance(kept, list) else []


def rest_of(shown: Sequence[str], kept: Sequence[str]) -> LogLines:
    """Return the kept lines that come after those that were shown.

    `skipped` where the two do not meet: what was printed between them is lost. Kept lines may be
    cut, and empty ones are not among them.
    """
    before = [line[:_COMPARED] for line in shown if line.strip()]
    after = [line[:_COMPARED] for line in kept]
    for met in range(min(len(before), len(after)), 0, -1):
        if before[-met:] == after[:met]:
            return LogLines(lines=tuple(kept[met:]))
    return LogLines(lines=tuple(kept), skipped=bool(before))
