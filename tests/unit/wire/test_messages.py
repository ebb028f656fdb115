"""What goes over the link: questions refuse unknown keys, reports ignore them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from sessions_spawner.progress import STAGES, Progress
from sessions_spawner.wire.messages import Admitted, LiveServer, Owner, Report, Stage
from sessions_spawner.wire.snapshot import Door, Snapshot


def test_a_question_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError):
        Owner.model_validate({"name": "anna", "created": "2026", "admin": True})
    with pytest.raises(ValidationError):
        Admitted.model_validate({"id": "s", "generation": 1, "name": "", "drives": {}, "more": 1})


def test_reports_of_a_newer_hub_are_read_without_what_is_new() -> None:
    report = Report.model_validate(
        {"id": "s", "generation": 1, "kind": "ended", "n": 7, "mood": "good"}
    )
    assert report.kind == "ended"
    stage = {"id": "s", "owner": "a", "generation": 1, "name": "x", "percent": 1, "message": ""}
    assert Stage.model_validate({**stage, "new": 1}).name == "x"
    live = {"owner": "a", "created": "c", "server": "", "id": "", "generation": 0, "ready": True}
    assert LiveServer.model_validate({**live, "pending": None, "new": 1}).ready


def test_a_report_of_an_unknown_kind_is_not_read() -> None:
    with pytest.raises(ValidationError):
        Report.model_validate({"id": "s", "generation": 1, "kind": "exploded"})


def test_a_report_survives_the_outbox() -> None:
    report = Report(id="s", generation=1, kind="ended", exit_code=-9, lines=("a", "b"))
    assert Report(**json.loads(json.dumps(report.model_dump(mode="json")))) == report
    assert report.at.tzinfo is UTC


def test_a_person_is_a_name_and_when_it_was_made() -> None:
    old, new = (Owner(name="anna", created=year) for year in ("2025", "2026"))
    assert old.key != new.key


def test_settings_keep_their_digest_over_the_link() -> None:
    snapshot = Snapshot(
        environments=[{"name": "python"}],
        unsupported={"image": "Not here."},
        doors={"code": Door(is_on=False, reason="Not installed.")},
    )
    told = Snapshot(**json.loads(json.dumps(snapshot.model_dump(mode="json"))))
    assert told == snapshot
    assert told.digest() == snapshot.digest()
    assert snapshot.digest() != Snapshot(environments=[]).digest()


# Stages of a start


async def test_the_hubs_progress_page_gets_what_was_and_what_comes() -> None:
    progress = Progress()
    progress.enter("preparing drive")
    events = progress.follow()
    assert await anext(events) == {"progress": 5, "message": "Accepted", "stage": "created"}
    assert await anext(events) == {
        "progress": 15,
        "message": "Preparing the drive",
        "stage": "preparing drive",
    }
    progress.enter("starting")
    progress.enter("ready")
    progress.end()
    rest = [event async for event in events]
    # 100 is the hub's own word.
    assert [(event["stage"], event["progress"]) for event in rest] == [
        ("starting", 30),
        ("ready", 90),
    ]
    assert progress.last == "ready"


async def test_every_reader_of_a_progress_gets_all_of_it() -> None:
    progress = Progress()
    for name in list(STAGES)[1:]:
        progress.enter(name)
    progress.end()
    for _ in range(2):
        assert [event["stage"] async for event in progress.follow()] == list(STAGES)


async def test_a_progress_that_ends_without_stages_ends() -> None:
    progress = Progress()
    assert progress.last == "created"
    progress.end()
    assert [event["stage"] async for event in progress.follow()] == ["created"]


def test_stages_grow_and_are_told_with_their_times() -> None:
    assert [percent for percent, _ in STAGES.values()] == sorted(
        percent for percent, _ in STAGES.values()
    )
    progress = Progress()
    progress.enter("starting")
    (told,) = progress.to_json()
    assert told["name"] == "starting"
    assert datetime.fromisoformat(told["at"]).tzinfo is not None
