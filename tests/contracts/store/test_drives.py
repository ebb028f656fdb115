"""Drives belong to one person, have names of their own, and are not lost by a slip."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sessions_service.db.engine import Db
from sessions_service.drives import room
from sessions_service.drives import store as drives
from sessions_service.drives.models import Drive, HeldByOne
from sessions_service.lifecycle.causes import Cause
from sessions_service.sessions import store
from sessions_service.sessions.models import Mount
from sessions_spawner.wire.messages import PlacedDrive
from sessions_spawner.wire.snapshot import DriveTerms
from tests.support.records import NOON, add, default_of, end, run

ANNA = "anna@2026-01-01"
WEEK = 7 * 86_400


def make(db: Db, name: str, owner_key: str = ANNA) -> Drive:
    return drives.create(db, owner_key, owner_key.partition("@")[0], name, at=NOON)


def test_the_default_drive_is_made_once(db: Db) -> None:
    first = default_of(db, ANNA)
    assert default_of(db, ANNA) == first
    assert first.is_default
    assert drives.count(db, ANNA) == 1


def test_drives_are_listed_default_first_with_who_mounts_them(db: Db) -> None:
    data, home = make(db, "data"), default_of(db, ANNA)
    make(db, "data", "ben@2026-01-01")
    extra = (Mount(data.id, "data", read_only=True),)
    session = run(db, add(db, drive_id=home.id, mounts=extra, name="churn"))
    listed = drives.listed(db, ANNA)
    assert [one.name for one in listed] == ["default", "data"]
    assert [
        [(held.session_id, held.session_name, held.read_only) for held in one.mounted_by]
        for one in listed
    ] == [[(session.id, "churn", False)], [(session.id, "churn", True)]]
    end(db, session, Cause.USER)
    assert [one.mounted_by for one in drives.listed(db, ANNA)] == [(), ()]


@pytest.mark.parametrize(
    "name", ["", "Data", "a_b", "-a", "a-", "a" * 41, "ä", "a b", "../x", "a\n"]
)
def test_a_name_that_is_no_name_is_refused(db: Db, name: str) -> None:
    with pytest.raises(drives.WrongName):
        make(db, name)


def test_a_name_is_one_drives_only_among_its_owners_kept_ones(db: Db) -> None:
    data = make(db, "data")
    make(db, "data", "ben@2026-01-01")
    make(db, "data", "anna@1999-01-01")
    with pytest.raises(drives.NameTaken):
        make(db, "data")
    drives.delete(db, data.id, at=NOON)
    make(db, "data")
    with pytest.raises(drives.NameTaken):
        drives.restore(db, data.id)


def test_a_limit_of_drives_is_kept(db: Db) -> None:
    make(db, "one")
    with pytest.raises(drives.TooManyDrives, match="1 of 1"):
        drives.create(db, ANNA, "anna", "two", at=NOON, limit=1)


def test_a_name_or_id_means_an_owners_own_drive_only(db: Db) -> None:
    mine, foreign = make(db, "data"), make(db, "theirs", "ben@2026-01-01")
    found = drives.resolve(db, ANNA, ["data", mine.id, "theirs", foreign.id, "none"])
    assert found == {"data": mine, mine.id: mine}
    assert drives.find(db, ANNA, "data") == drives.find(db, ANNA, mine.id) == mine
    assert drives.find(db, ANNA, foreign.id) is None


def test_a_drive_cannot_be_called_like_another_ones_id(db: Db) -> None:
    other = make(db, "other")
    with pytest.raises(drives.NameTaken):
        make(db, other.id)


def test_a_renamed_drive_is_shown_in_live_sessions_and_not_in_history(db: Db) -> None:
    data = make(db, "data")
    ended = end(db, add(db, drive_id=data.id, drive_name="data"))
    live = add(db, drive_id=data.id, drive_name="data")
    assert drives.rename(db, data.id, "results").name == "results"
    now, before = store.need(db, live.id), store.need(db, ended.id)
    assert (now.drive_name, before.drive_name) == ("results", "data")
    assert now.version == live.version, "a rename of the drive is no edit of the session"
    assert drives.find(db, ANNA, "data") is None


def test_the_default_drive_keeps_its_name_and_stays(db: Db) -> None:
    home = default_of(db, ANNA)
    with pytest.raises(drives.IsDefault):
        drives.rename(db, home.id, "other")
    with pytest.raises(drives.IsDefault):
        drives.delete(db, home.id, at=NOON)


def test_a_mounted_drive_is_not_deleted(db: Db) -> None:
    data = make(db, "data")
    session = add(db, mounts=(Mount(data.id, "data"),))
    with pytest.raises(drives.InUse) as refusal:
        drives.delete(db, data.id, at=NOON)
    assert [one.session_id for one in refusal.value.mounts] == [session.id]
    end(db, session)
    assert drives.delete(db, data.id, at=NOON).deleted_at == NOON


def test_a_deleted_drive_can_be_restored_for_seven_days(db: Db) -> None:
    data = make(db, "data")
    drives.delete(db, data.id, at=NOON)
    assert drives.find(db, ANNA, "data") is None
    assert [one.id for one in drives.listed(db, ANNA, deleted=True)] == [data.id]
    assert drives.past_restoring(db, at=NOON + timedelta(days=7), grace_seconds=WEEK) == []
    assert drives.find(db, ANNA, "data", deleted=True) is not None
    drives.restore(db, data.id)
    assert drives.find(db, ANNA, "data") == data


def test_a_drive_past_restoring_is_forgotten_when_its_files_are_gone(db: Db) -> None:
    data = make(db, "data")
    drives.delete(db, data.id, at=NOON)
    (old,) = drives.past_restoring(db, at=NOON + timedelta(days=7, seconds=1), grace_seconds=WEEK)
    drives.forget(db, old.id)
    with pytest.raises(drives.NoSuchDrive):
        drives.restore(db, data.id)


def test_a_kept_drive_is_never_forgotten(db: Db) -> None:
    data = make(db, "data")
    drives.forget(db, data.id)
    assert drives.get(db, data.id) == data


def test_the_last_use_is_noted(db: Db) -> None:
    data = make(db, "data")
    drives.note_use(db, data.id, at=NOON)
    assert drives.get(db, data.id).last_used_at == NOON


# Where drives lie


def placed(place: str, mode: str = "ReadWriteOnce") -> PlacedDrive:
    return PlacedDrive(place=place, size="2Gi", storage_class="fast", access_mode=mode)


def test_a_session_has_used_its_drives_until_its_end(db: Db) -> None:
    data, idle, home = make(db, "data"), make(db, "idle"), default_of(db, ANNA)
    mounts = (Mount(data.id, "data", read_only=True),)
    ended = end(db, run(db, add(db, drive_id=home.id, mounts=mounts)), Cause.USER)
    assert ended.ended_at is not None
    used = {one.name: one.last_used_at for one in drives.listed(db, ANNA)}
    assert used == {"default": ended.ended_at, "data": ended.ended_at, "idle": idle.last_used_at}


def test_drives_are_refused_that_leave_no_room_for_others(db: Db) -> None:
    terms = DriveTerms(size="10Gi", size_max="100Gi", total_max="30Gi")
    big = room.create(db, terms, ANNA, "anna", "big", at=NOON, size="20Gi")
    room.create(db, terms, ANNA, "anna", "small", at=NOON)
    with pytest.raises(room.NoRoom, match="30 of 30 GiB"):
        room.create(db, terms, ANNA, "anna", "more", at=NOON)
    room.create(db, terms, "ben@2026-01-01", "ben", "more", at=NOON)
    room.require_room(db, terms, ANNA, "20Gi", besides=big.id)
    with pytest.raises(room.NoRoom, match="10 of 30 GiB"):
        room.require_room(db, terms, ANNA, "21Gi", besides=big.id)
    deleted = drives.delete(db, big.id, at=NOON)
    assert room.used_of(db, ANNA, terms) == 10 * 2**30
    room.create(db, terms, ANNA, "anna", "other", at=NOON, size="15Gi")
    with pytest.raises(room.NoRoom, match="25 of 30 GiB"):
        room.restore(db, terms, deleted)


def test_a_drives_place_is_kept_once_and_never_changed(db: Db) -> None:
    data = make(db, "data")
    assert drives.note_places(db, {data.id: placed("claim-anna"), "dunknown": placed("x")}) == {
        data.id: "claim-anna"
    }
    assert drives.note_places(db, {data.id: placed("elsewhere")}) == {data.id: "claim-anna"}
    kept = drives.get(db, data.id)
    assert (kept.place, kept.size, kept.storage_class, kept.access_mode) == (
        "claim-anna",
        "2Gi",
        "fast",
        "ReadWriteOnce",
    )
    assert kept.to_record().place == "claim-anna"


def test_the_size_that_was_asked_for_stays_when_the_drive_gets_its_place(db: Db) -> None:
    data = drives.create(db, ANNA, "anna", "data", at=NOON, size="5Gi", storage_class="cheap")
    record = data.to_record()
    assert (record.place, record.size, record.storage_class) == (None, "5Gi", "cheap")
    drives.note_places(db, {data.id: placed("claim-anna")})
    assert drives.get(db, data.id).size == "5Gi"
    assert drives.resize(db, data.id, "6Gi").size == drives.get(db, data.id).size == "6Gi"


def test_an_adopted_drive_counts_against_no_limit_and_takes_no_name_twice(db: Db) -> None:
    home = default_of(db, ANNA)
    adopted = drives.adopt(
        db, ANNA, "anna", "old", placed("claim-anna"), drive_id="dadopted", at=NOON
    )
    assert [one.id for one in drives.listed(db, ANNA)] == [home.id, adopted.id]
    assert adopted.place == "claim-anna"
    with pytest.raises(drives.NameTaken):
        drives.adopt(db, ANNA, "anna", "old", placed("x"), drive_id="dother", at=NOON)


def test_a_drive_for_one_pod_is_had_by_one_session(db: Db) -> None:
    data, more = make(db, "data"), make(db, "more")
    modes = {data.id: placed("one", "ReadWriteOncePod"), more.id: placed("two")}
    drives.note_places(db, modes)
    data, more = drives.get(db, data.id), drives.get(db, more.id)
    drives.require_free_of_others(db, [data, more])
    mounts = (Mount(data.id, "data"), Mount(more.id, "more"))
    session = add(db, mounts=mounts, name="churn")
    drives.require_free_of_others(db, [data, more], session.id)
    drives.require_free_of_others(db, [more])
    with pytest.raises(HeldByOne, match="‘data’, and ‘churn’ has it"):
        drives.require_free_of_others(db, [data, more])
    end(db, session)
    drives.require_free_of_others(db, [data, more])
