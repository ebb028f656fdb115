"""How long a start usually takes is the middle of the latest ones of its environment."""

from __future__ import annotations

from sessions_service.environments.ready_times import LATEST, ReadyTimes


def test_nothing_is_said_before_the_first_start() -> None:
    assert ReadyTimes().usual("python") is None


def test_one_slow_start_among_many_changes_little() -> None:
    times = ReadyTimes()
    times.load([("python", 2.2)] * 5 + [("python", 300.0), ("r", 40.0)])
    assert times.usual("python") == 3
    assert times.usual("r") == 40


def test_only_the_latest_starts_count() -> None:
    times = ReadyTimes()
    times.load([("python", 60.0)] * LATEST)
    times.load([("python", 0.3)] * LATEST)
    assert times.usual("python") == 1


def test_a_clock_that_was_set_back_counts_as_at_once() -> None:
    times = ReadyTimes()
    times.note("python", -5.0)
    assert times.usual("python") == 1
