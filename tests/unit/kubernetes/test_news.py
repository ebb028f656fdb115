"""What is told of a pod whose session goes on: once, and not for ever."""

from __future__ import annotations

from sessions_spawner.kubernetes.diagnosis import Finding, Unready, Verdict
from sessions_spawner.kubernetes.news import Item, News


def find(*unready: Unready, verdict: Verdict | None = None) -> Finding:
    return Finding(
        is_running=True,
        is_ready=not unready,
        is_over=False,
        may_still_run=True,
        unready=unready,
        verdict=verdict,
    )


ENDED = Unready("proxy", "it ended (exit code 7)")
CRASHED = Unready("proxy", "it crashed 2 times (exit code 7)")
AWAY = Verdict("node-lost", "it does not answer")


def test_a_helper_that_is_not_well_is_told_once_until_it_is_well_again() -> None:
    news = News()
    assert list(news.take(find(ENDED))) == [Item("proxy", "it ended (exit code 7)")]
    assert list(news.take(find(CRASHED))) == []
    assert list(news.take(find())) == [Item("proxy", "")]
    assert list(news.take(find())) == []


def test_a_helper_that_crashes_again_and_again_is_told_a_few_times() -> None:
    news = News()
    told = [item for _ in range(10) for one in ((ENDED,), ()) for item in news.take(find(*one))]
    assert len(told) == 6


def test_the_sessions_own_program_is_no_news() -> None:
    assert (
        list(News().take(find(Unready("notebook", "it does not pass its readiness check")))) == []
    )


def test_a_silent_machine_is_told_and_nothing_of_its_containers() -> None:
    news = News()
    assert list(news.take(find(ENDED))) == [Item("proxy", "it ended (exit code 7)")]
    assert list(news.take(find(verdict=AWAY))) == [Item("", "it does not answer")]
    assert list(news.take(find(ENDED))) == [Item("", "")]
    assert list(news.take(find())) == [Item("proxy", "")]
