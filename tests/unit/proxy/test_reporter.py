"""When a report is due."""

from __future__ import annotations

import logging

from sessions_proxy.activity.extension import read_target
from sessions_proxy.activity.reporter import Budget, Reporter, Target


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
