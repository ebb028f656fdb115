"""What running sessions use now: their own word, and when a list has to be made anew for it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sessions_service.events.fanout import Fanout, Stream
from sessions_service.sessions.schemas import ActivityBody, UsageLine
from sessions_service.sessions.usage import SessionUsage
from tests.support.records import NOON, after

ID = "saaaaaaaaaaa"
GIB = 2**30


def test_a_sessions_word_is_kept_until_it_ends() -> None:
    usage = SessionUsage(Fanout(), {ID: "anna"}.get)
    usage.take(ID, UsageLine(cpu=0.4321, memory=GIB), NOON)
    assert usage.of(ID) == {"cpu": 0.43, "memory": GIB, "at": "2026-11-21T12:00:00.000Z"}
    usage.forget(ID)
    assert usage.of(ID) is None


def test_one_that_does_not_run_is_not_kept() -> None:
    usage = SessionUsage(Fanout(), lambda _id: None)
    usage.take(ID, UsageLine(memory=GIB), NOON)
    assert usage.of(ID) is None


def test_lists_are_made_anew_for_what_can_be_seen() -> None:
    fanout = Fanout()
    usage = SessionUsage(fanout, {ID: "anna"}.get)
    stream = Stream(visitor="anna", owner="anna")
    fanout.add(stream)
    told = []
    for number, (cpu, memory) in enumerate(
        [(None, GIB), (0.0, GIB), (0.05, GIB + 1), (0.3, GIB), (0.3, 2 * GIB)]
    ):
        usage.take(ID, UsageLine(cpu=cpu, memory=memory), after(60 * number))
        told.append((fanout.changes_of("anna"), len(stream.waiting)))
        stream.waiting.clear()
    assert told == [(1, 1), (2, 1), (2, 0), (3, 0), (4, 0)]


def test_reports_of_other_versions_are_taken() -> None:
    assert ActivityBody.model_validate({"used": []}).usage is None
    newer = {"used": [], "usage": {"memory": 1, "gpu": 0.5}}
    assert ActivityBody.model_validate(newer).usage == UsageLine(cpu=None, memory=1)


@pytest.mark.parametrize("usage", [{"memory": -1}, {"memory": 1, "cpu": float("nan")}, {"cpu": 1}])
def test_what_nothing_can_use_is_refused(usage: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        ActivityBody.model_validate({"used": [], "usage": usage})
