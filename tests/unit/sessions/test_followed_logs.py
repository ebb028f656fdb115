"""The end of a log that is followed: told whenever it came, after what was printed last."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sessions_service.events.fanout import Stream
from sessions_service.lifecycle.table import State
from sessions_service.logs.handlers import SessionLog
from sessions_service.logs.reading import rest_of
from sessions_spawner.wire.messages import LogLines, LogQuestion


@pytest.mark.parametrize(
    ("shown", "kept", "rest", "skipped"),
    [
        ((), ("a", "b"), ("a", "b"), False),
        (("a", "b"), ("a", "b"), (), False),
        (("a", "", "b"), ("a", "b", "c"), ("c",), False),
        (("x", "a", "a"), ("a", "a", "a", "b"), ("a", "b"), False),
        (("x", "a"), ("b", "c"), ("b", "c"), True),
        (("a" * 900,), ("a" * 500, "b"), ("b",), False),
        (("a",), (), (), True),
    ],
)
def test_what_was_printed_after_the_lines_that_were_shown(
    shown: tuple[str, ...], kept: tuple[str, ...], rest: tuple[str, ...], skipped: bool
) -> None:
    assert rest_of(shown, kept) == LogLines(lines=rest, skipped=skipped)


class Followed(SessionLog):
    """A log of a session that can end at any moment; what is sent is remembered."""

    def __init__(self, container: str | None = None) -> None:  # its caller is no server
        self._question = LogQuestion(id="s1", generation=1, tail=5, container=container)
        self._session = self._now(State.RUNNING)
        self.now = self._session
        self.sent: list[tuple[str, Any]] = []

    def _now(self, state: State, *kept: str) -> Any:
        return SimpleNamespace(id="s1", state=state, evidence={"lines": list(kept)})

    def ends(self, *kept: str) -> None:
        self.now = self._now(State.FAILED, *kept)

    async def find(self, _session_id: str, _action: Any) -> Any:
        return self.now

    async def send(self, kind: str, data: Any, _event_id: str | None = None) -> None:
        self.sent.append((kind, data))


def lines(*texts: str, skipped: bool = False) -> tuple[str, dict[str, Any]]:
    told = {"lines": list(texts), "skipped": skipped, "container": "main", "containers": []}
    return "lines", told


async def test_an_end_before_the_stream_was_fed_is_told() -> None:
    followed, stream = Followed(), Stream("anna", "anna", "s1")
    followed._take(stream, LogLines(lines=("a", "b"), container="main"))
    followed.ends("a", "b")
    await followed.greet(stream)
    assert followed.sent == [lines("a", "b"), ("end", {})]


@pytest.mark.parametrize("container", [None, "main"])
async def test_what_was_printed_last_comes_before_the_end(container: str | None) -> None:
    followed, stream = Followed(container), Stream("anna", "anna", "s1")
    followed._take(stream, LogLines(lines=("a", "b"), container="main"))
    await followed.greet(stream)
    followed.ends("a", "b", "boom")
    for _ in range(2):
        stream.put("session", "s1", 1)
        await followed.send_waiting(stream)
    assert followed.sent == [lines("a", "b"), lines("boom"), ("end", {})]


async def test_of_a_container_of_its_own_nothing_is_told_that_may_be_anothers() -> None:
    followed, stream = Followed("proxy"), Stream("anna", "anna", "s1")
    followed._take(stream, LogLines(lines=("a",), container="main"))
    await followed.greet(stream)
    followed.ends("boom")
    stream.put("session", "s1", 1)
    await followed.send_waiting(stream)
    assert followed.sent == [lines("a"), ("end", {})]
