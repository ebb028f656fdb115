"""The queue of hub calls: merged, one at a time a session, owners in turn, tried again later."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_service.hub import queue as queue_module
from sessions_service.hub.kept import Kept
from sessions_service.hub.queue import HubQueue, TryAgain
from tests.support.waiting import wait_until


class Work:
    """Work that waits until it is let go, and remembers how it was called."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.running: Counter[str] = Counter()
        self.most_at_once = 0
        self.fail: dict[str, list[Exception]] = {}
        self.gate = asyncio.Event()

    async def __call__(self, session_id: str) -> None:
        self.calls.append(session_id)
        self.running[session_id] += 1
        assert self.running[session_id] == 1, "one session twice at a time"
        self.most_at_once = max(self.most_at_once, self.running.total())
        try:
            await self.gate.wait()
            if self.fail.get(session_id):
                raise self.fail[session_id].pop(0)
        finally:
            self.running[session_id] -= 1


async def turns(number: int = 20) -> None:
    """Let the event loop turn some times."""
    for _ in range(number):
        await asyncio.sleep(0)


@pytest.fixture
async def work() -> Work:
    """Give work that waits."""
    return Work()


@pytest.fixture
async def make_queue(work: Work) -> AsyncIterator[Callable[[int], HubQueue]]:
    """Give a maker of queues, which are closed at the end."""
    made: list[HubQueue] = []

    def make(most: int) -> HubQueue:
        made.append(HubQueue(work, most))
        return made[-1]

    yield make
    for queue in made:
        await queue.close()


Make = Callable[[int], HubQueue]


async def test_in_a_burst_the_next_call_begins_after_the_pause(work: Work) -> None:
    queue = HubQueue(work, most=1, pause=3600.0)
    for name in ("first", "second", "third"):
        queue.put(name, name)
    work.gate.set()
    await turns()

    assert work.calls == ["first"]
    await queue.close()


async def test_few_calls_wait_for_no_pause(work: Work) -> None:
    queue = HubQueue(work, most=1, pause=3600.0)
    for name in ("first", "second"):
        queue.put(name, name)
    work.gate.set()
    await turns()

    assert work.calls == ["first", "second"]
    await queue.close()


async def test_calls_that_wait_for_the_pause_begin_in_turn(work: Work) -> None:
    names = ["first", "second", "third", "fourth"]
    queue = HubQueue(work, most=1, pause=0.001)
    for name in names:
        queue.put(name, name)
    work.gate.set()
    await wait_until(lambda: len(queue) == 0)

    assert work.calls == names
    await queue.close()


async def test_a_session_that_waits_is_asked_for_once(work: Work, make_queue: Make) -> None:
    queue = make_queue(1)
    queue.put("first", "anna")
    for _ in range(5):
        queue.put("second", "anna")
    assert len(queue) == 2
    work.gate.set()
    await turns()
    assert work.calls == ["first", "second"]
    assert len(queue) == 0


async def test_a_session_that_is_worked_on_is_worked_on_once_more_after_it(
    work: Work, make_queue: Make
) -> None:
    queue = make_queue(5)
    queue.put("s", "anna")
    await turns()
    for _ in range(3):
        queue.put("s", "anna")
    await turns()
    assert work.calls == ["s"]
    work.gate.set()
    await turns()
    assert work.calls == ["s", "s"]
    assert len(queue) == 0


async def test_no_more_calls_are_open_than_allowed(work: Work, make_queue: Make) -> None:
    queue = make_queue(3)
    for number in range(20):
        queue.put(f"s{number}", f"owner{number % 4}")
    await turns()
    assert len(work.calls) == 3
    work.gate.set()
    await turns(200)
    assert sorted(work.calls) == sorted(f"s{number}" for number in range(20))
    assert work.most_at_once == 3


async def test_an_owner_with_many_sessions_does_not_hold_up_others(
    work: Work, make_queue: Make
) -> None:
    queue = make_queue(1)
    for number in range(40):
        queue.put(f"class{number}", "teacher")
    queue.put("anna1", "anna")
    queue.put("bob1", "bob")
    queue.put("anna2", "anna")
    work.gate.set()
    await turns(300)
    order = [one for one in work.calls if not one.startswith("class")]
    assert order == ["anna1", "bob1", "anna2"]
    assert max(work.calls.index(one) for one in order) <= 6
    assert work.calls[-1] == "class39"


async def test_more_room_is_used_at_once_and_less_room_later(work: Work, make_queue: Make) -> None:
    queue = make_queue(1)
    for number in range(6):
        queue.put(f"s{number}", "anna")
    await turns()
    assert len(work.calls) == 1
    queue.resize(4)
    await turns()
    assert len(work.calls) == 4
    queue.resize(1)
    work.most_at_once = 0
    work.gate.set()
    await turns(100)
    assert len(work.calls) == 6


async def test_what_waits_can_be_taken_back(work: Work, make_queue: Make) -> None:
    queue = make_queue(1)
    for name in ("a", "b", "c"):
        queue.put(name, "anna")
    await turns()
    assert not queue.drop("a"), "it runs already"
    assert queue.drop("b")
    assert not queue.drop("b")
    assert not queue.drop("unheard-of")
    assert len(queue) == 2
    work.gate.set()
    await turns()
    assert work.calls == ["a", "c"]


async def test_an_owner_whose_last_session_was_taken_back_is_forgotten(
    work: Work, make_queue: Make
) -> None:
    queue = make_queue(1)
    queue.put("a", "anna")
    queue.put("b", "bob")
    assert queue.drop("b")
    queue.put("b", "bob")
    work.gate.set()
    await turns()
    assert work.calls == ["a", "b"]


async def test_what_cannot_be_done_now_is_tried_again_with_growing_patience(
    work: Work, make_queue: Make, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "_BACKOFF_SECONDS", (0.001, 0.002, 0.003))
    queue = make_queue(5)
    work.fail["s"] = [TryAgain("the hub is away") for _ in range(5)]
    work.gate.set()
    with caplog.at_level(logging.INFO):
        queue.put("s", "anna")
        await wait_until(lambda: len(work.calls) >= 6)
    assert [record.args[1] for record in caplog.records if isinstance(record.args, tuple)] == [
        0.001, 0.002, 0.003, 0.003, 0.003,
    ]  # fmt: skip
    await turns()
    assert len(queue) == 0
    # Patience begins anew after a success.
    work.fail["s"] = [TryAgain("once more")]
    caplog.clear()
    with caplog.at_level(logging.INFO):
        queue.put("s", "anna")
        await turns()
    assert isinstance(caplog.records[0].args, tuple)
    assert caplog.records[0].args[1] == 0.001


async def test_news_of_a_session_that_is_to_be_tried_later_comes_at_once_and_once(
    work: Work, make_queue: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "_BACKOFF_SECONDS", (60,))
    queue = make_queue(5)
    work.fail["s"] = [TryAgain("the hub is away")]
    work.gate.set()
    queue.put("s", "anna")
    await turns()
    assert work.calls == ["s"]
    queue.put("s", "anna")
    await turns()
    assert work.calls == ["s", "s"]
    assert not queue._later, "the try for later is not left over"


async def test_a_reminder_hurries_nothing_that_is_to_be_tried_later(
    work: Work, make_queue: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "_BACKOFF_SECONDS", (60,))
    queue = make_queue(5)
    work.fail["s"] = [TryAgain("the hub is away")]
    work.gate.set()
    queue.remind("s", "anna")
    await turns()
    for _ in range(3):
        queue.remind("s", "anna")
        await turns()
    assert work.calls == ["s"]
    assert list(queue._later) == ["s"], "it is not forgotten either"


async def test_what_failed_by_a_bug_is_tried_again_less_and_less_often(
    work: Work, make_queue: Make, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_module, "_BUG_SECONDS", (0.001, 0.002))
    queue = make_queue(5)
    work.fail["s"] = [ValueError("a bug") for _ in range(3)]
    work.gate.set()
    queue.put("s", "anna")
    await wait_until(lambda: len(work.calls) >= 4)
    assert [record.args[1] for record in caplog.records if isinstance(record.args, tuple)] == [
        0.001, 0.002, 0.002,
    ]  # fmt: skip
    await turns()
    assert len(queue) == 0


async def test_a_bug_in_the_work_costs_nobody_else(
    work: Work, make_queue: Make, caplog: pytest.LogCaptureFixture
) -> None:
    queue = make_queue(1)
    work.fail["a"] = [ValueError("a bug")]
    work.gate.set()
    queue.put("a", "anna")
    queue.put("b", "bob")
    await turns()
    assert work.calls == ["a", "b"]
    assert "queue.failed session=a" in caplog.text
    queue.put("a", "anna")
    await turns()
    assert work.calls == ["a", "b", "a"]


async def test_a_closed_queue_begins_nothing(work: Work, make_queue: Make) -> None:
    queue = make_queue(1)
    queue.put("a", "anna")
    queue.put("b", "anna")
    await turns()
    await queue.close()
    work.gate.set()
    queue.put("c", "anna")
    await turns()
    assert work.calls == ["a"]


@settings(max_examples=60)
@given(
    puts=st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from(["put", "drop", "turn"])), max_size=30
    ),
    most=st.integers(1, 4),
    failing=st.sets(st.sampled_from("abcdef")),
)
def test_everything_that_was_put_is_worked_on_after_it_was_put(
    puts: list[tuple[str, str]], most: int, failing: set[str]
) -> None:
    async def live() -> None:
        work = Work()
        work.gate.set()
        work.fail = {name: [ValueError("a bug")] for name in failing}
        queue = HubQueue(work, most)
        wanted: dict[str, int] = {}
        for name, what in puts:
            if what == "put":
                wanted[name] = work.calls.count(name)
                queue.put(name, name.upper())
            elif what == "drop":
                if queue.drop(name):
                    wanted.pop(name, None)
            else:
                await turns(1)
        await turns(100)
        for name, before in wanted.items():
            assert work.calls.count(name) > before
        assert work.most_at_once <= most
        assert len(queue) == 0
        await queue.close()

    logging.disable(logging.CRITICAL)
    try:
        asyncio.run(live())
    finally:
        logging.disable(logging.NOTSET)


# Kept answers


def test_an_answer_is_kept_for_its_seconds_and_no_longer() -> None:
    now = [0.0]
    kept: Kept[str, int] = Kept(10, clock=lambda: now[0])
    kept.put("a", 1)
    now[0] = 10
    assert kept.get("a") == 1
    now[0] = 10.1
    assert kept.get("a") is None
    kept.put("a", 2)
    assert kept.get("a") == 2
    kept.clear()
    assert kept.get("a") is None


def test_the_oldest_answers_go_first() -> None:
    kept: Kept[int, int] = Kept(10, most=3, clock=lambda: 0.0)
    for number in (1, 2, 3, 1, 4):
        kept.put(number, number)
    assert [kept.get(number) for number in (1, 2, 3, 4)] == [1, None, 3, 4]
