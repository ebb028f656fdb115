"""How far a start has come, in memory: stages once each, and what it waits for while it does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sessions_service.environments.ready_times import ReadyTimes
from sessions_service.events.fanout import Fanout, Stream
from sessions_service.lifecycle.table import State
from sessions_service.sessions.starting import Starts
from sessions_spawner.wire.messages import Stage, Trouble
from tests.support.records import NOON

from .test_present import make

ID = "saaaaaaaaaaa"
NO_ROOM = Trouble(cause="unschedulable", words={"size": "8 CPU"})
SENTENCE = "No machine has room for 8 CPU yet."
STARTING = make(state=State.STARTING, ready_at=None)


def stage(name: str, *, seconds: int = 0, **more: Any) -> Stage:
    at = NOON + timedelta(seconds=seconds)
    given = {"generation": 1, "percent": 30, "message": name, **more}
    return Stage(id=ID, owner="anna", name=name, at=at, **given)


def test_what_a_start_waits_for_is_said_until_it_goes_on() -> None:
    starts = Starts(Fanout(), ReadyTimes())
    assert starts.progress_of(STARTING)["trouble"] is None
    starts.note(stage("starting"))
    assert starts.progress_of(STARTING)["trouble"] is None
    starts.note(stage("starting", seconds=4, trouble=NO_ROOM))
    assert starts.progress_of(STARTING)["trouble"] == SENTENCE
    starts.note(stage("starting", seconds=8))
    assert starts.progress_of(STARTING)["trouble"] is None
    starts.note(stage("starting", seconds=9, trouble=NO_ROOM))
    starts.note(stage("waiting for the server", seconds=12))
    assert starts.progress_of(STARTING)["trouble"] is None


def test_a_wait_is_no_stage_of_its_own_and_takes_no_time_from_the_stage() -> None:
    starts = Starts(Fanout(), ReadyTimes())
    starts.note(stage("starting"))
    starts.note(stage("starting", seconds=4, trouble=NO_ROOM))
    shown = starts.stages_of(STARTING)
    assert [one["name"] for one in shown] == ["created", "starting"]
    assert shown[-1]["started_at"].startswith(NOON.isoformat()[:19])


def test_who_looks_is_told_of_a_wait_and_its_stage_is_not_told_again() -> None:
    fanout = Fanout()
    starts = Starts(fanout, ReadyTimes())
    starts.note(stage("starting"))
    own = Stream(visitor="anna", owner="anna")
    one = Stream(visitor="anna", owner="anna", session_id=ID)
    for stream in (own, one):
        fanout.add(stream)
    before = fanout.changes_of("anna")
    starts.note(stage("starting", seconds=4, trouble=NO_ROOM))
    assert ("session", ID) in own.waiting
    assert ("session", ID) in one.waiting
    assert one.details == []
    assert fanout.changes_of("anna") == before + 1


def test_another_run_begins_anew_and_an_end_is_forgotten() -> None:
    starts = Starts(Fanout(), ReadyTimes())
    starts.note(stage("starting", trouble=NO_ROOM))
    starts.note(stage("preparing drive", generation=2))
    assert [one["name"] for one in starts.stages_of(STARTING)] == ["created", "preparing drive"]
    starts.forget(ID)
    assert [one["name"] for one in starts.stages_of(STARTING)] == ["created"]
