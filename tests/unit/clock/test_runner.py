"""The running clock ends what is due, however often a session reports."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from sessions_service.clock.idle import IdleState
from sessions_service.clock.runner import IdleClock
from sessions_service.events.fanout import Fanout
from tests.support.records import NOON


@dataclass
class Ends:
    """The service as far as the clock asks for it: a time, and the ends that it wants."""

    at: datetime = NOON
    fanout: Fanout = field(default_factory=Fanout)
    ended: list[tuple[str, datetime]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    async def stop(self, session_id: str, *_cause: Any, **_more: Any) -> None:
        self.ended.append((session_id, self.at))


async def run(service: Ends, clock: IdleClock, *, seconds: int, report_every: int) -> None:
    """Let time pass second by second, with the session's reports of no use."""
    for second in range(1, seconds):
        service.at = NOON + timedelta(seconds=second)
        if report_every and second % report_every == 5:
            clock.report("s", [])
        for due in clock._due.take(service.at):
            await clock._look_at(due)
        if service.ended:
            return


@pytest.fixture
def service() -> Ends:
    """Give a service at noon."""
    return Ends()


@pytest.fixture
def clock(service: Ends) -> IdleClock:
    """Give a clock that follows one session, ready at noon, with a timeout of 15 minutes."""
    clock = IdleClock(cast("Any", service))
    clock._owners["s"] = "anna"
    clock._states["s"] = IdleState(timeout=900, since=NOON, is_running=True)
    clock._schedule("s")
    return clock


def test_what_a_report_shows_counts_as_a_change_of_its_owners_sessions(
    service: Ends, clock: IdleClock
) -> None:
    busy = {"kind": "notebook", "at": None, "busy": True, "sentence": "a cell runs"}
    clock._states["s"] = replace(clock._states["s"], timeout=-1)  # its end moves with nothing
    for lines, changes in (([], 0), ([busy], 1), ([busy], 1), ([], 2)):
        clock.report("s", lines)
        assert service.fanout.changes_of("anna") == changes


async def test_a_session_that_never_reports_ends_on_time(service: Ends, clock: IdleClock) -> None:
    await run(service, clock, seconds=2000, report_every=0)
    assert service.ended == [("s", NOON + timedelta(seconds=900))]


async def test_the_longest_life_ends_whatever_uses_the_session(
    service: Ends, clock: IdleClock
) -> None:
    busy = {"kind": "notebook", "at": None, "busy": True, "sentence": "a cell runs"}
    ends_at = NOON + timedelta(seconds=700)
    clock._states["s"] = replace(clock._states["s"], lifetime_ends_at=ends_at)
    clock.report("s", [busy])
    await run(service, clock, seconds=2000, report_every=0)
    assert service.ended == [("s", ends_at)]


async def test_a_session_that_reports_no_use_ends_after_its_next_report(
    service: Ends, clock: IdleClock
) -> None:
    await run(service, clock, seconds=2000, report_every=60)
    (end,) = service.ended
    assert NOON + timedelta(seconds=900) <= end[1] <= NOON + timedelta(seconds=970)


async def test_a_session_whose_reports_stop_ends_all_the_same(
    service: Ends, clock: IdleClock
) -> None:
    service.at = NOON + timedelta(seconds=845)
    clock.report("s", [])
    await run(service, clock, seconds=2000, report_every=0)
    assert service.ended


async def test_what_is_due_grows_neither_by_reports_nor_by_use(
    service: Ends, clock: IdleClock
) -> None:
    for second in range(1, 3000):
        service.at = NOON + timedelta(seconds=second)
        used = {"kind": "notebook", "at": service.at, "busy": second % 2 == 0, "sentence": ""}
        clock.report("s", [used])
        for due in clock._due.take(service.at):
            await clock._look_at(due)
    assert len(clock._due) <= 2
    assert service.ended == []


async def test_after_a_restart_the_longest_life_waits_for_no_report(
    service: Ends, clock: IdleClock
) -> None:
    clock._began = service.at = NOON + timedelta(seconds=1000)  # its unused time is over long ago
    ends_at = service.at + timedelta(seconds=20)
    clock._states["s"] = replace(clock._states["s"], lifetime_ends_at=ends_at)
    for second in range(60):
        service.at = NOON + timedelta(seconds=1000 + second)
        for due in clock._due.take(service.at):
            await clock._look_at(due)
    assert service.ended[0] == ("s", ends_at)
