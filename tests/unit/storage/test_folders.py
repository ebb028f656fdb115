"""Drives as folders: made, given to their owner and removed without following any link."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sessions_spawner.storage.folders import DriveFolders

DRIVE = "daaaaaaaaaaa"
OTHER = "dbbbbbbbbbbb"
STRANGER, ANOTHER = 45_001, 45_002
ROUNDS = 300
as_root = pytest.mark.needs("root")


@pytest.fixture
def state() -> Iterator[Path]:
    """Give a state folder that other system users can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o711)
    (folder / "state" / "drives").mkdir(parents=True, mode=0o700)
    for path in (folder / "state", folder / "state" / "drives"):
        path.chmod(0o700)
    yield folder / "state"
    shutil.rmtree(folder)


@pytest.fixture
def drives(state: Path) -> DriveFolders:
    return DriveFolders(state / "drives")


@pytest.fixture
def outside(state: Path) -> Path:
    """Give a folder that is no drive, with a file in it."""
    folder = state.parent / "outside"
    folder.mkdir()
    (folder / "precious").write_text("kept")
    return folder


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def assert_untouched(outside: Path) -> None:
    """Fail if anything has happened to what lies outside."""
    assert (outside / "precious").read_text() == "kept"
    for path in (outside, outside / "precious"):
        assert path.stat().st_uid == os.geteuid()


@contextlib.contextmanager
def swapping(path: Path, first: Callable[[Path], None], second: Path) -> Iterator[None]:
    """Have something be made in a place and then a link, over and over, until the block ends."""
    done = threading.Event()

    def swap() -> None:
        while not done.is_set():
            with contextlib.suppress(OSError):
                path.unlink()
            with contextlib.suppress(OSError):
                path.rmdir()
            with contextlib.suppress(OSError):
                first(path)
            with contextlib.suppress(OSError):
                path.rename(path.with_name("aside"))
            with contextlib.suppress(OSError):
                path.symlink_to(second)
            shutil.rmtree(path.with_name("aside"), ignore_errors=True)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def make_full(path: Path) -> None:
    (path / "a").mkdir(parents=True)


def test_a_drive_is_made_once_and_closed(drives: DriveFolders, state: Path) -> None:
    assert drives.ensure(DRIVE) == state / "drives" / DRIVE
    (state / "drives" / DRIVE / "file").write_text("x")
    assert drives.ensure(DRIVE) == state / "drives" / DRIVE
    assert (state / "drives" / DRIVE / "file").read_text() == "x"
    assert [mode_of(path) for path in (state, state / "drives", state / "drives" / DRIVE)] == [
        0o700
    ] * 3


@pytest.mark.parametrize("name", ["", ".", "..", "data", "../x", "d/../..", "daaaaaaaaaa\0", "/d"])
def test_what_is_no_id_is_no_drive(drives: DriveFolders, name: str) -> None:
    for work in (drives.ensure, drives.remove):
        with pytest.raises(ValueError, match="named by its id"):
            work(name)


def test_a_link_in_the_place_of_a_drive_is_not_followed(
    drives: DriveFolders, state: Path, outside: Path
) -> None:
    (state / "drives" / DRIVE).symlink_to(outside)
    for work in (drives.ensure, drives.remove):
        with pytest.raises(NotADirectoryError):
            work(DRIVE)
    assert_untouched(outside)


def test_a_drive_is_removed_with_its_files_and_links_are_only_links(
    drives: DriveFolders, outside: Path
) -> None:
    folder = drives.ensure(DRIVE)
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "link").symlink_to(outside)
    drives.remove(DRIVE)
    assert not folder.exists()
    assert_untouched(outside)
    drives.remove(DRIVE)


def test_links_that_are_swapped_in_while_drives_are_made_and_removed_lead_nowhere(
    drives: DriveFolders, state: Path, outside: Path
) -> None:
    with swapping(state / "drives" / DRIVE, make_full, outside):
        for _ in range(ROUNDS):
            for work in (drives.ensure, drives.remove):
                with contextlib.suppress(OSError):
                    work(DRIVE)
    assert_untouched(outside)


def test_links_that_are_swapped_into_a_drive_while_it_is_removed_lead_nowhere(
    drives: DriveFolders, outside: Path
) -> None:
    for _ in range(ROUNDS // 10):
        folder = drives.ensure(DRIVE)
        for name in range(30):
            (folder / str(name)).mkdir(exist_ok=True)
        with swapping(folder / "swapped", make_full, outside), contextlib.suppress(OSError):
            drives.remove(DRIVE)
    assert_untouched(outside)


@as_root
def test_a_drive_is_given_to_its_owner_alone_and_the_way_to_it_is_open(
    drives: DriveFolders, state: Path
) -> None:
    (state / "open").write_text("x")
    (state / "open").chmod(0o644)
    folder = drives.ensure(DRIVE)
    (folder / "of-before").write_text("x")
    drives.ensure(DRIVE, uid=STRANGER, gid=ANOTHER)
    owned = folder.stat()
    assert (owned.st_uid, owned.st_gid, mode_of(folder)) == (STRANGER, ANOTHER, 0o700)
    assert (folder / "of-before").stat().st_uid == 0, "never recursive"
    assert [mode_of(state), mode_of(state / "drives"), mode_of(state / "open")] == [
        0o711,
        0o711,
        0o600,
    ]


@as_root
def test_a_drive_of_another_system_user_is_refused_and_stays_that_users(
    drives: DriveFolders,
) -> None:
    folder = drives.ensure(DRIVE, uid=STRANGER, gid=STRANGER)
    with pytest.raises(PermissionError, match="belongs to the system user with the number 45001"):
        drives.ensure(DRIVE, uid=ANOTHER, gid=ANOTHER)
    assert folder.stat().st_uid == STRANGER


@as_root
def test_links_that_are_swapped_in_are_never_given_away(
    drives: DriveFolders, state: Path, outside: Path
) -> None:
    with swapping(state / "drives" / DRIVE, make_full, outside):
        for _ in range(ROUNDS):
            with contextlib.suppress(OSError):
                drives.ensure(DRIVE, uid=STRANGER, gid=STRANGER)
    assert_untouched(outside)


@as_root
def test_a_drive_is_removed_with_its_owners_rights_and_no_more(
    drives: DriveFolders, state: Path, outside: Path
) -> None:
    folder = drives.ensure(DRIVE, uid=STRANGER, gid=STRANGER)
    (folder / "roots" / "own").mkdir(parents=True)
    with pytest.raises(PermissionError):
        drives.remove(DRIVE)
    assert (folder / "roots" / "own").exists()
    for path in (folder / "roots", folder / "roots" / "own"):
        os.chown(path, STRANGER, STRANGER)
        path.chmod(0o500)
    (folder / "link").symlink_to(outside)
    os.mkfifo(folder / "pipe")
    drives.remove(DRIVE)
    assert list((state / "drives").iterdir()) == []
    assert_untouched(outside)


def test_folders_that_are_nested_without_end_are_removed(drives: DriveFolders) -> None:
    folder = drives.ensure(DRIVE)
    inner = os.open(folder, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("x", dir_fd=inner)
        below = os.open("x", os.O_RDONLY, dir_fd=inner)
        os.close(inner)
        inner = below
    os.close(inner)
    drives.remove(DRIVE)
    assert not folder.exists()
