"""When a report is due."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sessions_proxy.activity.answer import Answer, read_answer
from sessions_proxy.activity.extension import read_target
from sessions_proxy.activity.memory import Kills
from sessions_proxy.activity.reporter import Budget, Reporter, Target
from sessions_proxy.activity.uses import Kind, Use
from tests.integration.proxy.session_process import Reports, taking_reports

START = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_news_may_cause_some_reports_at_once_and_then_one_each_six_seconds() -> None:
    clock = Clock()
    budget = Budget(clock)
    assert [budget.may_spend() for _ in range(21)] == [True] * 20 + [False]
    clock.now += 5.9
    assert not budget.may_spend()
    clock.now += 0.2
    assert budget.may_spend()
    assert not budget.may_spend()


def test_without_an_address_nothing_is_sent() -> None:
    reporter = Reporter(read_target({"JUPYTERHUB_API_TOKEN": "t"}), logging.getLogger())
    reporter.consider({})
    assert reporter.sending is None


def test_the_interval_is_a_minute_unless_said_otherwise() -> None:
    assert read_target({}).every_seconds == 60.0
    assert read_target({"SESSIONS_ACTIVITY_SECONDS": "5"}).every_seconds == 5.0
    assert read_target({"SESSIONS_ACTIVITY_SECONDS": "soon"}).every_seconds == 60.0
    assert read_target({"SESSIONS_ACTIVITY_SECONDS": "0"}).every_seconds == 1.0


def test_a_targets_text_does_not_hold_the_token() -> None:
    assert "secret" not in repr(Target("http://service/", "secret", 60.0))


@pytest.fixture
def service() -> Iterator[Reports]:
    """Give a service that will end the session 60 s after each report, by a clock of its own."""
    with taking_reports(
        {"ends_at": "2026-11-21T07:01:00Z"}, date="Sat, 21 Nov 2026 07:00:00 GMT"
    ) as reports:
        yield reports


def typed(at: float) -> dict[Kind, Use]:
    return {"shell": Use("shell", at, busy=False, sentence="Somebody typed in a shell.")}


async def test_use_shortly_before_the_end_is_reported_before_it(service: Reports) -> None:
    clock = Clock()
    reporter = Reporter(Target(service.url, "t", 600.0), logging.getLogger(), clock)

    async def look(seconds: float, last_use: float) -> int:
        """Look as long after the start; answer how many reports were sent by then."""
        clock.now = 100.0 + seconds
        reporter.consider(typed(last_use))
        if reporter.sending is not None:
            await reporter.sending
        return len(service.received)

    assert await look(0, 1000.0) == 1
    assert await look(20, 1020.0) == 1, "more of the same is no news"
    assert await look(49, 1020.0) == 1
    assert await look(51, 1020.0) == 2, "the end is near, and the use at 20 s is not known yet"
    assert await look(59, 1020.0) == 2, "it is known now, and the end is 60 s after that report"
    assert await look(105, 1050.0) == 3
    assert await look(164, 1050.0) == 3, "nothing was used: there is nothing to say"


async def test_a_program_ended_for_want_of_memory_is_told_at_once_and_in_every_report(
    service: Reports,
) -> None:
    clock = Clock()
    reporter = Reporter(Target(service.url, "t", 600.0), logging.getLogger(), clock)

    async def look(seconds: float, kills: Kills | None) -> list[object]:
        """Look as long after the start; answer what the reports so far said of memory."""
        clock.now = 100.0 + seconds
        reporter.consider({}, kills)
        if reporter.sending is not None:
            await reporter.sending
        return [report.get("memory") for report in service.received]

    assert await look(0, Kills(0)) == [{"kills": 0, "kernels": []}]
    assert len(await look(1, Kills(0))) == 1
    told = {"kills": 1, "kernels": ["a.ipynb"]}
    assert (await look(2, Kills(1, ("a.ipynb",))))[1:] == [told]
    assert len(await look(3, Kills(1, ("a.ipynb",)))) == 2, "nothing new"
    assert (await look(700, Kills(1, ("a.ipynb",))))[2:] == [told]
    assert (await look(1400, None))[3:] == [None]


def test_the_end_is_reckoned_by_the_services_own_time() -> None:
    body = json.dumps({"idle": {"ends_at": "2026-11-21T07:01:00Z"}}).encode()
    answer = read_answer(body, {"Date": "Sat, 21 Nov 2026 07:00:30 GMT"})
    assert answer.seconds_left() == 30.0
    assert read_answer(body, {}).at.tzinfo is UTC


@pytest.mark.parametrize("ends_at", [None, 7, "", "soon", "2026-11-21T07:00:00"])
def test_an_end_that_is_none_or_cannot_be_read_is_no_end(ends_at: object) -> None:
    assert Answer({"ends_at": ends_at}, START).seconds_left() is None
    assert Answer(None, START).seconds_left() is None
