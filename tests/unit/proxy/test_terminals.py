"""What shells keep, how they start, and what counts as typing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from terminado.management import NamedTermManager

from sessions_proxy.programs import put_own_programs_first
from sessions_proxy.shell.command import make_shell_command, mend_lab_terminals
from sessions_proxy.shell.sockets import is_typed
from sessions_proxy.shell.state import ShellState, read_state, write_state
from sessions_proxy.shell.terminals import Scrollback, make_changes


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


def test_the_shell_is_the_users_unless_it_is_none() -> None:
    assert make_shell_command({"SHELL": "/bin/sh"}) == ["/bin/sh", "-l"]
    for refused in ("/usr/sbin/nologin", "/bin/false", "/nonexistent", ""):
        assert Path(make_shell_command({"SHELL": refused})[0]).name in {"bash", "sh"}


def test_the_profile_is_read_and_does_not_take_the_path_away(tmp_path: Path) -> None:
    (tmp_path / ".profile").write_text("PATH=/of/the/profile; export FROM_PROFILE=1\n")
    given = {"SHELL": "/bin/sh", "HOME": str(tmp_path), "PATH": "/of/the/session:/usr/bin:/bin"}
    command = make_shell_command(given)
    shown = subprocess.run(
        command,
        env=given,
        input='echo "$PATH $FROM_PROFILE $0"\n',
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout == "/of/the/session:/usr/bin:/bin:/of/the/profile 1 /bin/sh\n"


def test_shells_with_a_language_of_their_own_are_asked_for_a_login_only(tmp_path: Path) -> None:
    fish = tmp_path / "fish"
    fish.write_text("#!/bin/sh\n")
    fish.chmod(0o755)
    assert make_shell_command({"SHELL": str(fish), "PATH": "/bin"}) == [str(fish), "-l"]


def test_terminals_of_the_lab_start_alike_unless_a_command_was_set() -> None:
    def mended(command: list[str]) -> list[str]:
        manager = NamedTermManager(shell_command=command)
        mend_lab_terminals({"terminal_manager": manager})
        return list(manager.shell_command)

    assert mended(["/bin/sh", "-l"]) == make_shell_command(os.environ)
    assert mended(["/bin/sh", "-c", "exec top"]) == ["/bin/sh", "-c", "exec top"]
    mend_lab_terminals({})


@pytest.mark.parametrize("path", ["/usr/bin:/bin", "", None])
def test_the_programs_of_the_sessions_environment_come_first(path: str | None) -> None:
    environment = {} if path is None else {"PATH": path}
    put_own_programs_first(environment)
    folder, _, rest = environment["PATH"].partition(os.pathsep)
    assert folder == str(Path(sys.executable).parent)
    assert rest == (path or os.defpath)


def test_a_path_that_finds_them_is_left_as_it_is() -> None:
    path = os.pathsep.join(["/nothing/here", str(Path(sys.executable).parent), "/bin"])
    environment = {"PATH": path}
    put_own_programs_first(environment)
    assert environment["PATH"] == path


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
