"""What shells keep, how they start, and what counts as typing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_proxy.shell.sockets import is_typed
from sessions_proxy.shell.state import ShellState, read_state, write_state
from sessions_proxy.shell.terminals import Scrollback, login_shell, make_changes


@given(st.lists(st.text(max_size=30), max_size=40), st.integers(1, 100))
def test_scrollback_keeps_the_end_within_its_bound(pieces: list[str], most: int) -> None:
    kept = Scrollback(most=most)
    for piece in pieces:
        kept.append(piece)
    everything = "".join(pieces)
    assert everything.endswith("".join(kept))
    assert kept.size == sum(map(len, kept))
    assert kept.size <= max(most, max(map(len, pieces), default=0))


@pytest.mark.parametrize("text", ["a", "\r", "\x03", "\x1b[A", "\x1b[200~pasted\x1b[201~", "\x1bx"])
def test_keys_and_pastes_are_typed(text: str) -> None:
    assert is_typed(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x1b[I",
        "\x1b[O",
        "\x1b[12;40R",
        "\x1b[?1;2c",
        "\x1b[>0;276;0c",
        "\x1b[0n",
        "\x1b[?2026;2$y",
        "\x1b]11;rgb:0d0d/1111/1717\x1b\\",
        "\x1b]4;1;rgb:ff/00/00\x07",
        "\x1bP1$r0m\x1b\\",
        "\x1b[I\x1b[?1;2c",
    ],
)
def test_what_a_terminal_answers_by_itself_is_not_typed(text: str) -> None:
    assert not is_typed(text)


def test_the_login_shell_is_the_users_unless_it_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/sh")
    assert login_shell() == ["/bin/sh", "-l"]
    for refused in ("/usr/sbin/nologin", "/bin/false", "/nonexistent", ""):
        monkeypatch.setenv("SHELL", refused)
        assert Path(login_shell()[0]).name in {"bash", "sh"}


def test_a_shell_without_a_utf8_locale_gets_one_and_keeps_the_one_it_has() -> None:
    assert make_changes({"LANG": "C"})["LANG"] == "C.UTF-8"
    assert make_changes({})["LC_ALL"] is None
    assert "LANG" not in make_changes({"LANG": "de_DE.UTF-8"})
    assert "LANG" not in make_changes({"LC_ALL": "en_US.utf8", "LANG": "C"})


def test_a_dead_programs_note_still_says_when_somebody_typed_but_no_jobs(tmp_path: Path) -> None:
    path = tmp_path / "shell.json"
    assert read_state(path) == ShellState()
    write_state(path, ShellState(12.5, ("make",)))
    assert json.loads(path.read_text())["pid"] == os.getpid()
    assert read_state(path) == ShellState(12.5, ())  # this process is no child of itself
