"""The contract of drives' storage: one suite, which every implementation of `Drives` passes."""

from __future__ import annotations

import asyncio

import pytest

from sessions_spawner.request.ids import new_drive_id
from sessions_spawner.storage.drives import DriveOwner, DriveRefused, Drives
from sessions_spawner.wire.messages import DriveRecord

ANNA = DriveOwner("anna", "2026-01-01T00:00:00+00:00")


def new_record() -> DriveRecord:
    """Return a drive that has no place yet."""
    return DriveRecord(id=new_drive_id(), size="1Gi")


async def trouble_of(drives: Drives, drive: str, place: str) -> str:
    """Return what is wrong with a drive, as it is told."""
    return (await drives.describe({drive: place}))[drive].trouble


class DrivesContract:
    """A subclass gives the fixture `drives`."""

    async def test_a_drive_is_made_once_and_its_place_is_kept(self, drives: Drives) -> None:
        record = new_record()
        first = await drives.ensure(record, ANNA)
        known = record.model_copy(update={"place": first.place})
        assert await drives.ensure(known, ANNA) == first
        assert await drives.ensure(record, ANNA) == first, "nobody was told where it lies"

    async def test_two_starts_at_the_same_time_make_one_drive(self, drives: Drives) -> None:
        record = new_record()
        first, second = await asyncio.gather(*(drives.ensure(record, ANNA) for _ in range(2)))
        assert first.place == second.place

    async def test_two_drives_lie_in_two_places(self, drives: Drives) -> None:
        first, second = [await drives.ensure(new_record(), ANNA) for _ in range(2)]
        assert first.place != second.place

    @pytest.mark.parametrize("name", ["", ".", "..", "data", "../x", "daaaaaaaaaa\0", "/d"])
    async def test_what_is_no_id_is_no_drive(self, drives: Drives, name: str) -> None:
        for work in (
            drives.ensure(DriveRecord(id=name), ANNA),
            drives.adopt(name, "there", ANNA),
            drives.grow(name, "there", "2Gi"),
            drives.remove(name),
        ):
            with pytest.raises(ValueError, match="named by its id"):
                await work

    async def test_a_removed_drive_is_gone_and_a_missing_one_is_fine(self, drives: Drives) -> None:
        for knows_place in (True, False):
            record = new_record()
            place = (await drives.ensure(record, ANNA)).place
            for _ in range(2):
                await drives.remove(record.id, place if knows_place else None)
            async with asyncio.timeout(20):
                while "deleted" in (trouble := await trouble_of(drives, record.id, place)):
                    pass  # a cluster takes a moment to let go of a claim
            assert "gone" in trouble

    async def test_nobody_gets_or_removes_what_is_another_drives(self, drives: Drives) -> None:
        record, other = new_record(), new_record()
        place = (await drives.ensure(record, ANNA)).place
        for work in (
            drives.ensure(other.model_copy(update={"place": place}), ANNA),
            drives.remove(other.id, place),
            drives.grow(other.id, place, "9Gi"),
        ):
            with pytest.raises(DriveRefused):
                await work
        assert not (await drives.describe({record.id: place}))[record.id].trouble

    async def test_every_drive_that_is_asked_about_has_its_figures(self, drives: Drives) -> None:
        records = [new_record() for _ in range(3)]
        places = {one.id: (await drives.ensure(one, ANNA)).place for one in records}
        gone = new_record().id
        found = await drives.describe({**places, gone: f"drive-{gone}"})
        assert set(found) == {*places, gone}
        assert [bool(found[one].trouble) for one in (*places, gone)] == [False, False, False, True]
        assert await drives.describe({}) == {}

    async def test_a_drive_that_cannot_grow_says_why(self, drives: Drives) -> None:
        record = new_record()
        place = (await drives.ensure(record, ANNA)).place
        with pytest.raises(DriveRefused, match=r"\w+ \w+.*\.$"):
            await drives.grow(record.id, place, "2Gi")

    async def test_what_is_not_there_is_not_adopted(self, drives: Drives) -> None:
        with pytest.raises(DriveRefused, match=r"\w+ \w+.*\.$"):
            await drives.adopt(new_record().id, "nowhere", ANNA)
