"""Extra drives in a home folder: links to drives, and never through or over anything else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessions_spawner.storage.drives import DriveRefused
from sessions_spawner.storage.folder_links import link_drive, unlink_drive

STRANGER = 45_001


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder of three drives."""
    for name in ("home", "data", "more"):
        (tmp_path / name).mkdir(mode=0o700)
    return tmp_path


def test_a_drive_appears_at_its_path_and_goes_again(root: Path) -> None:
    home, data = root / "home", root / "data"
    for path in ("in", "deep/er/in"):
        link_drive(home, path, data)
        link_drive(home, path, data)
        (home / path / "file").write_text("x")
        assert (data / "file").read_text() == "x"
        unlink_drive(home, path, data)
        assert not (home / path).is_symlink()
        unlink_drive(home, path, data)
    assert (data / "file").exists()
    unlink_drive(home, "never/was", data)


def test_another_drives_link_is_replaced_and_only_ones_own_is_taken_away(root: Path) -> None:
    home = root / "home"
    link_drive(home, "in", root / "data")
    link_drive(home, "in", root / "more")
    assert (home / "in").readlink() == root / "more"
    unlink_drive(home, "in", root / "data")
    assert (home / "in").is_symlink()
    assert [path.name for path in home.iterdir()] == ["in"]


@pytest.mark.parametrize("kind", ["file", "folder", "foreign link"])
def test_what_is_there_already_stays(root: Path, kind: str) -> None:
    home, taken = root / "home", root / "home" / "in"
    if kind == "file":
        taken.write_text("kept")
    elif kind == "folder":
        taken.mkdir()
    else:
        taken.symlink_to("/etc")
    before = os.lstat(taken)
    with pytest.raises(DriveRefused, match="‘in’ is there already; choose another path"):
        link_drive(home, "in", root / "data")
    unlink_drive(home, "in", root / "data")
    assert os.lstat(taken).st_ino == before.st_ino


@pytest.mark.parametrize("kind", ["file", "link"])
def test_no_way_leads_through_what_is_no_folder(root: Path, kind: str) -> None:
    home, outside = root / "home", root / "more"
    if kind == "file":
        (home / "way").write_text("x")
    else:
        (home / "way").symlink_to(outside)
    with pytest.raises(DriveRefused, match="‘way’ in ‘way/in’ is no folder"):
        link_drive(home, "way/in", root / "data")
    (outside / "in").symlink_to(root / "data")
    unlink_drive(home, "way/in", root / "data")
    assert (outside / "in").is_symlink()


@pytest.mark.needs("root")
def test_links_and_folders_are_made_with_their_owners_rights(root: Path) -> None:
    home = root / "home"
    os.chown(home, STRANGER, STRANGER)
    link_drive(home, "way/in", root / "data")
    for path in (home / "way", home / "way" / "in"):
        assert path.lstat().st_uid == STRANGER
    (home / "closed").mkdir()  # root's own, in which the home's owner makes nothing
    with pytest.raises(PermissionError):
        link_drive(home, "closed/in", root / "data")
