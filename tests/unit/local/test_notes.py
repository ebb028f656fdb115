"""Keepers' notes: whole or not at all, once a key, kept until removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessions_spawner.local import linux, notes, tree
from sessions_spawner.local.notes import Note


def _note(key: str = "s1:1", pid: int = 0, started: int = 0) -> Note:
    return Note(key, pid, started, linux.boot_id(), ("/sys/fs/cgroup/x",))


def test_a_note_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    notes.create(tmp_path, _note())
    assert notes.read(tmp_path, "s1:1") == _note()

    ended = _note().with_exit(3, "out-of-memory")
    notes.replace_note(tmp_path, ended)
    assert notes.read(tmp_path, "s1:1") == ended
    assert notes.read_all(tmp_path) == [ended]


def test_a_key_is_noted_once(tmp_path: Path) -> None:
    notes.create(tmp_path, _note(pid=1))
    with pytest.raises(FileExistsError):
        notes.create(tmp_path, _note(pid=2))

    found = notes.read(tmp_path, "s1:1")
    assert found is not None
    assert found.pid == 1
    assert len(list((tmp_path / notes.FOLDER).iterdir())) == 1


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "a/b:1", "ü" * 300])
def test_any_key_stays_inside_the_folder(tmp_path: Path, key: str) -> None:
    assert notes.path_of(tmp_path, key).parent == tmp_path / notes.FOLDER


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": "s1:1"}', '{"cgroups": [], "x": 1}'])
def test_a_broken_note_counts_as_none(tmp_path: Path, text: str) -> None:
    path = notes.path_of(tmp_path, "s1:1")
    path.parent.mkdir()
    path.write_text(text)

    assert notes.read(tmp_path, "s1:1") is None
    assert notes.read_all(tmp_path) == []


def test_a_note_means_one_process_of_one_boot() -> None:
    started = tree.start_ticks(os.getpid())
    assert started is not None
    alive = _note(pid=os.getpid(), started=started)

    assert alive.is_alive()
    assert not _note(pid=os.getpid(), started=started - 1).is_alive()
    assert not Note("s1:1", os.getpid(), started, "another boot").is_alive()


def test_only_old_ends_are_cleared_away(tmp_path: Path) -> None:
    notes.create(tmp_path, _note("living:1"))
    notes.create(tmp_path, _note("new:1").with_exit(0, ""))
    notes.create(tmp_path, _note("old:1").with_exit(0, ""))
    for key in ("living:1", "old:1"):
        os.utime(notes.path_of(tmp_path, key), (0, 0))

    notes.remove_older(tmp_path, 3600)

    assert {note.key for note in notes.read_all(tmp_path)} == {"living:1", "new:1"}


def test_removing_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    notes.remove(tmp_path, "s1:1")
