"""How far a start has come, in memory: stages once each, and what it waits for while it does."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sessions_service.environments.ready_times import ReadyTimes
from sessions_service.events.fanout import Fanout, Stream
from sessions_service.lifecycle.table import State
from sessions_service.sessions.starting import Starts, seen_in
from sessions_spawner.wire.messages import Report, Seen, Stage, Trouble
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


def seen(*events: str, state: str = "waiting") -> Seen:
    return Seen.model_validate(
        {
            "id": ID,
            "generation": 1,
            "containers": [{"name": "notebook", "state": state}],
            "events": [{"at": NOON, "reason": one, "message": "x"} for one in events],
        }
    )


def test_who_looks_is_told_what_is_new_of_a_start_and_who_comes_later_all_of_it() -> None:
    fanout = Fanout()
    starts = Starts(fanout, ReadyTimes())
    stream = Stream(visitor="anna", owner="anna", session_id=ID)
    fanout.add(stream)
    starts.see(seen("Scheduled"))
    starts.see(seen("Scheduled", "Pulling"))
    starts.see(seen("Scheduled", "Pulling", state="running"))
    told = [(kind, detail.get("reason") or detail.get("state")) for kind, detail in stream.details]
    assert told == [
        ("container", "waiting"),
        ("pod-event", "Scheduled"),
        ("pod-event", "Pulling"),
        ("container", "running"),
    ]
    session = make(id=ID, generation=1, state=State.STARTING, ready_at=None)
    assert [kind for kind, _ in starts.seen_of(session)] == ["container", "pod-event", "pod-event"]


def test_what_was_seen_of_a_start_is_kept_with_the_session() -> None:
    starts = Starts(Fanout(), ReadyTimes())
    told = seen("Scheduled", state="running")
    report = Report(
        id=ID, generation=1, kind="ready", containers=told.containers, events=told.events
    )
    kept = make(id=ID, evidence=json.loads(json.dumps(seen_in(report))))
    starts.see(told)
    from_memory = starts.seen_of(kept)
    starts.forget(ID)
    assert starts.seen_of(kept) == from_memory
    assert seen_in(Report(id=ID, generation=1, kind="ready")) == {}


def test_what_cannot_be_read_of_what_was_kept_is_left_out() -> None:
    starts = Starts(Fanout(), ReadyTimes())
    kept = make(id=ID, evidence={"containers": [7, {"state": "x"}], "events": "none"})
    assert starts.seen_of(kept) == []
