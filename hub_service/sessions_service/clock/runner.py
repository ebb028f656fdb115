"""The running clock: due moments in a heap, activity in memory, one write for what changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypedDict

from ..db.engine import Db
from ..lifecycle.actors import Part
from ..lifecycle.causes import Cause
from ..lifecycle.move import edit
from ..lifecycle.table import State
from ..sessions import store
from ..sessions.models import Session
from .due_times import DueTimes
from .idle import IdleState, take_report

if TYPE_CHECKING:
    from ..web.application import Service

log = logging.getLogger(__name__)

FLUSH_SECONDS: Final = 2.0
RETRY_SECONDS: Final = 5
REPORT_SECONDS: Final = 60
# Nobody is stopped within this time after the service came up: reports come first.
WARM_UP_SECONDS: Final = 90


class IdleClock:
    """One clock for all sessions. With nothing due, nothing is read and nothing asked."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._states: dict[str, IdleState] = {}
        self._due = DueTimes()
        self._changed: set[str] = set()
        self._owners: dict[str, str] = {}
        self._woken = asyncio.Event()
        self._began = service.now()
        # By the loop's clock: when what has changed may be written down.
        self._flush_at = 0.0

    def state_of(self, session: Session) -> IdleState:
        """Return the clock of a session: from memory while it runs, else from its row.

        What people set counts as the row has it: memory follows a moment after the commit.
        """
        kept = self._states.get(session.id)
        if kept is None or session.state is not State.RUNNING:
            return _from_row(session)
        return replace(kept, **_as_set(session))

    def follow(self, session: Session) -> None:
        """Take a session's row after any change."""
        if session.state is not State.RUNNING:
            self._states.pop(session.id, None)
            self._owners.pop(session.id, None)
            self._due.drop(session.id)
            return
        known = self._states.get(session.id, _from_row(session))
        self._states[session.id] = replace(
            known,
            **_as_set(session),
            since=known.since or session.ready_at,
            is_running=True,
        )
        self._owners[session.id] = session.owner
        if self._states[session.id].expires_at != session.expires_at:
            self._write_down(session.id)
        self._schedule(session.id)

    def owner_of(self, session_id: str) -> str | None:
        """Return whose a running session is; None for one that does not run."""
        return self._owners.get(session_id)

    def report(self, session_id: str, lines: list[dict[str, Any]]) -> IdleState:
        """Take a session's own report. O(1), in memory."""
        state = self._states.get(session_id)
        if state is None:
            return IdleState(timeout=-1)
        after, changed = take_report(state, lines, self._service.now())
        self._states[session_id] = after
        if after.uses != state.uses:
            self._service.fanout.count_change(self._owners[session_id])
        if changed:
            self._write_down(session_id)
            self._schedule(session_id)
        return after

    async def run(self) -> None:
        """End what is due, and write down what changed, every 2 s at most."""
        while True:
            await self._wait()
            for session_id in self._due.take(self._service.now()):
                try:
                    await self._look_at(session_id)
                except Exception:
                    log.exception("idle.failed session=%s", session_id)
                    again = self._service.now() + timedelta(seconds=RETRY_SECONDS)
                    self._due.put(session_id, again)
            if self._until_flush() > 0:
                continue  # reports of the next moments are written down along with it
            self._flush_at = asyncio.get_running_loop().time() + FLUSH_SECONDS
            try:
                await self._flush()
            except Exception:
                log.exception("idle.flush_failed")  # and tried again with what changes meanwhile

    def _until_flush(self) -> float:
        """Return the seconds until what has changed may be written down, 0 for now."""
        return max(self._flush_at - asyncio.get_running_loop().time(), 0.0)

    async def _wait(self) -> None:
        seconds = 3600.0
        first = self._due.first
        if first is not None:
            left = (first - self._service.now()).total_seconds()
            seconds = min(max(left, 0.05), seconds)
        if self._changed:
            seconds = min(self._until_flush(), seconds)
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    def _write_down(self, session_id: str) -> None:
        self._changed.add(session_id)
        self._woken.set()

    def _schedule(self, session_id: str) -> None:
        due = self._states[session_id].next_due(REPORT_SECONDS)
        if due is not None and self._due.put(session_id, due):
            self._woken.set()

    async def _look_at(self, session_id: str) -> None:
        state = self._states.get(session_id)
        due = state.next_due(REPORT_SECONDS) if state else None
        now = self._service.now()
        if state is None or due is None:
            return
        if due > now:
            # What was due has moved on: it was used, or its next report is waited for.
            self._due.put(session_id, due)
            return
        if state.has_lived(now):
            log.info("lifetime.ends session=%s", session_id)
            await self._service.stop(session_id, Cause.LIFETIME, actor=Part.CLOCK)
            return
        warm = self._began + timedelta(seconds=min(WARM_UP_SECONDS, state.timeout))
        if now < warm and state.reported_at is None:
            again = min(filter(None, (warm, state.lifetime_ends_at)))
            self._due.put(session_id, again)
            return
        log.info("idle.ends session=%s timeout=%d", session_id, state.timeout)
        await self._service.stop(session_id, Cause.IDLE, actor=Part.CLOCK)

    async def _flush(self) -> None:
        changed, self._changed = self._changed, set()
        try:
            await self._note_use_of(changed)
        except Exception:
            self._changed |= changed
            raise

    async def _note_use_of(self, changed: Iterable[str]) -> None:
        used = {
            session_id: (state.last[1] if state.last else None, state.expires_at)
            for session_id in changed
            if (state := self._states.get(session_id)) is not None
        }
        if used:
            await self._service.db.write(note_use, used, self._service.now())


def note_use(
    db: Db, used: Mapping[str, tuple[datetime | None, datetime | None]], now: datetime
) -> None:
    """Write down when sessions were used last and when they end, in one transaction."""
    for session in store.get_many(db, used):
        last, ends_at = used[session.id]
        if session.state is State.RUNNING:
            changes = {"last_used_at": last or session.last_used_at, "expires_at": ends_at}
            edit(db, session.id, at=now, actor=Part.SESSION, changes=changes, is_told=False)


def _from_row(session: Session) -> IdleState:
    return IdleState(
        **_as_set(session),
        since=max(filter(None, (session.ready_at, session.last_used_at)), default=None),
        is_running=session.state is State.RUNNING,
    )


class _Set(TypedDict):
    """What people set of a clock."""

    timeout: int
    extended_until: datetime | None
    lifetime_ends_at: datetime | None


def _as_set(session: Session) -> _Set:
    return {
        "timeout": session.idle_timeout,
        "extended_until": session.extended_until,
        "lifetime_ends_at": session.lifetime_ends_at,
    }
