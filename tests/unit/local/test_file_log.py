"""The log of a session on this machine: its tail, what comes after it, and what is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sessions_spawner.local import file_log
from sessions_spawner.local.file_log import read_file_log
from sessions_spawner.wire.messages import LogLines, LogQuestion


def ask(path: Path, *, tail: int = 500, cursor: str = "", follows: bool = False) -> LogLines:
    question = LogQuestion(id="s", generation=1, tail=tail, cursor=cursor, follows=follows)
    return read_file_log(path, question)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Give the path of a log with ten lines."""
    path = tmp_path / "s.log"
    path.write_text("".join(f"line {number}\n" for number in range(10)))
    return path


def test_the_tail_is_read_and_then_what_came_after_it(log: Path) -> None:
    first = ask(log, tail=2, follows=True)
    assert first.lines == ("line 8", "line 9")
    assert ask(log, cursor=first.cursor, follows=True).lines == ()
    with log.open("a") as file:
        file.write("more\nand mo")
    then = ask(log, cursor=first.cursor, follows=True)
    assert then.lines == ("more",)
    assert not then.skipped
    with log.open("a") as file:
        file.write("re\n")
    assert ask(log, cursor=then.cursor, follows=True).lines == ("and more",)


def test_whoever_does_not_follow_sees_a_line_without_an_end_too(log: Path) -> None:
    log.write_text("one\nhalf")
    assert ask(log).lines == ("one", "half")
    assert ask(log, follows=True).lines == ("one",)


def test_of_what_comes_too_fast_the_newest_is_told_and_that_some_is_missing(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_log, "_MOST_BYTES", 100)
    first = ask(log, follows=True)
    with log.open("a") as file:
        file.write("".join(f"fast {number:03}\n" for number in range(100)))
    then = ask(log, cursor=first.cursor, follows=True)
    assert then.skipped
    assert then.lines[-1] == "fast 099"
    assert all(len(line) == len("fast 099") for line in then.lines)
    assert not ask(log, tail=5).skipped


def test_a_log_that_began_anew_is_read_from_its_beginning(log: Path) -> None:
    cursor = ask(log).cursor
    log.write_text("new\n")
    assert ask(log, cursor=cursor, follows=True).lines == ("new",)


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1e3", "٣", "9" * 40])
def test_a_cursor_that_is_none_hurts_nobody(log: Path, cursor: str) -> None:
    assert ask(log, cursor=cursor).lines[-1] == "line 9"


def test_what_is_no_file_is_no_log(tmp_path: Path, log: Path) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(log)
    os.mkfifo(pipe)
    for path in (link, pipe, tmp_path, tmp_path / "nothing"):
        assert ask(path).lines == ()
