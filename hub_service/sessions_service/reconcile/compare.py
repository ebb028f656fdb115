"""Compare rows with the hub's servers: pure, from both to what has to be done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sessions_spawner.wire.messages import LiveServer

from ..lifecycle.table import State
from ..sessions.models import Session

# At most this share of the live rows is ended without a second look (faults 23 of reliability).
BRAKE_SHARE: Final = 0.05
BRAKE_AT_LEAST: Final = 3
GRACE_SECONDS: Final = 5


class Repair(StrEnum):
    """What brings row and server together."""

    ASK_AGAIN = "ask-again"  # the hub never heard of the start, or of the stop
    MARK_READY = "mark-ready"
    MARK_LOST = "mark-lost"
    MARK_TIMED_OUT = "mark-timed-out"
    MARK_ENDED = "mark-ended"  # it was being stopped, and is gone
    # A server of no live row: adopted if its record is missing, stopped if that has ended.
    SETTLE_STRAY = "settle-stray"


@dataclass(frozen=True)
class Difference:
    """One thing that does not agree; `row` or `server` may be missing, never both."""

    repair: Repair
    row: Session | None = None
    server: LiveServer | None = None


def compare(
    rows: Iterable[Session],
    servers: Collection[LiveServer],
    *,
    now: datetime,
    start_timeout: int,
    reported: Collection[tuple[str, int]] = (),
) -> list[Difference]:
    """Return the differences between live rows and the hub's live servers.

    Of the runs in `reported` a report is on its way, and knows more than can be seen from here.
    """
    by_run = {(one.id, one.generation): one for one in servers if one.id}
    found: list[Difference] = []
    matched = set()
    for row in rows:
        server = by_run.get((row.id, row.generation))
        if server is not None:
            matched.add((row.id, row.generation))
        is_told = server is None and (row.id, row.generation) in reported
        repair = None if is_told else _of_row(row, server, now, start_timeout)
        if repair is not None:
            found.append(Difference(repair, row, server))
    strays = [server for run, server in by_run.items() if run not in matched]
    # What was never admitted and is ready came by no door of ours; pending ones may be about to.
    strays += [one for one in servers if not one.id and one.ready]
    return [*found, *(Difference(Repair.SETTLE_STRAY, None, one) for one in strays)]


def _of_row(
    row: Session, server: LiveServer | None, now: datetime, start_timeout: int
) -> Repair | None:
    if row.state in (State.CREATED, State.STARTING):
        waited = now - (row.started_at or row.created_at)
        if row.state is State.STARTING and waited > timedelta(seconds=start_timeout + 30):
            return Repair.MARK_TIMED_OUT
        return Repair.ASK_AGAIN
    if server is None:
        if row.state is State.STOPPING:
            return Repair.MARK_ENDED
        return Repair.MARK_LOST if _is_settled(row, now) else None
    if row.state is State.STOPPING:
        return Repair.ASK_AGAIN
    if row.state is State.PROVISIONING and server.ready:
        return Repair.MARK_READY
    return None


def _is_settled(row: Session, now: datetime) -> bool:
    """A row that was just admitted may be ahead of what the hub process told us."""
    return now - (row.started_at or row.created_at) > timedelta(seconds=GRACE_SECONDS)


def brake(
    differences: Sequence[Difference], live: int, seen_before: frozenset[str]
) -> tuple[list[Difference], frozenset[str]]:
    """Hold back a mass of endings until a second look finds them again.

    Returns what may be done now, and the ids whose ending waits for the second look.
    """
    ends = [one for one in differences if one.repair is Repair.MARK_LOST]
    if len(ends) <= max(BRAKE_AT_LEAST, live * BRAKE_SHARE):
        return list(differences), frozenset()
    doubted = frozenset(one.row.id for one in ends if one.row is not None)
    allowed = [
        one
        for one in differences
        if one.repair is not Repair.MARK_LOST or (one.row is not None and one.row.id in seen_before)
    ]
    return allowed, doubted
