"""What a drive's folder holds: its own files, once each, and nothing that a link leads to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessions_spawner.storage.folders import DriveFolders

DRIVE = "daaaaaaaaaaa"
MEGABYTE = 1 << 20
STRANGER = 45_001


@pytest.fixture
def drives(tmp_path: Path) -> DriveFolders:
    (tmp_path / "drives").mkdir(mode=0o700)
    return DriveFolders(tmp_path / "drives")


def fill(path: Path, megabytes: int = 1) -> None:
    path.write_bytes(os.urandom(megabytes * MEGABYTE))


def megabytes_of(drives: DriveFolders) -> int:
    """Return what is used of the drive, without what folders themselves take."""
    measured = drives.measure(DRIVE)
    assert measured is not None
    return measured // MEGABYTE


def test_an_empty_drive_takes_nothing(drives: DriveFolders) -> None:
    drives.ensure(DRIVE)
    assert megabytes_of(drives) == 0


def test_files_count_wherever_they_are_and_once(drives: DriveFolders) -> None:
    folder = drives.ensure(DRIVE)
    (folder / "deep" / "er").mkdir(parents=True)
    fill(folder / "here")
    fill(folder / "deep" / "er" / "there", 2)
    os.link(folder / "here", folder / "again")
    assert megabytes_of(drives) == 3


def test_links_lead_nowhere(drives: DriveFolders, tmp_path: Path) -> None:
    folder = drives.ensure(DRIVE)
    (tmp_path / "outside").mkdir()
    fill(tmp_path / "outside" / "large", 4)
    (folder / "folder").symlink_to(tmp_path / "outside")
    (folder / "file").symlink_to(tmp_path / "outside" / "large")
    (folder / "loop").symlink_to(folder)
    assert megabytes_of(drives) == 0


def test_a_file_with_a_hole_takes_what_is_written(drives: DriveFolders) -> None:
    folder = drives.ensure(DRIVE)
    with (folder / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    assert megabytes_of(drives) == 0


def test_folders_that_are_nested_without_end_are_not_measured(drives: DriveFolders) -> None:
    inner = os.open(drives.ensure(DRIVE), os.O_RDONLY)
    for _ in range(300):
        os.mkdir("x", dir_fd=inner)
        below = os.open("x", os.O_RDONLY, dir_fd=inner)
        os.close(inner)
        inner = below
    os.close(inner)
    assert drives.measure(DRIVE) is None
    drives.remove(DRIVE)


def test_a_drive_that_is_not_there_is_not_measured(drives: DriveFolders) -> None:
    with pytest.raises(FileNotFoundError):
        drives.measure(DRIVE)


@pytest.mark.needs("root")
def test_it_is_measured_with_its_owners_rights(drives: DriveFolders) -> None:
    folder = drives.ensure(DRIVE, uid=STRANGER, gid=STRANGER)
    for name in ("own", "closed"):
        (folder / name).mkdir()
        fill(folder / name / "file")
    os.chown(folder / "own", STRANGER, STRANGER)
    (folder / "closed").chmod(0o700)  # root's: its owner cannot look into it
    assert megabytes_of(drives) == 1
