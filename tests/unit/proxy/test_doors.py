"""How the doors' programs are called, and what they find."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessions_proxy.children import python_module
from sessions_proxy.code.program import find_program, make_arguments, make_environment
from sessions_proxy.code.settings import STATE, prepare_state
from sessions_proxy.code.stand_in import ABSENT, Trouble, make_page
from sessions_proxy.surroundings import drive_folder, session_name


def test_braces_in_a_folders_name_survive_the_formatting_of_jupyter_server_proxy() -> None:
    command = python_module("a.module", "--folder", "/drives/{x}")
    assert [part.format(port=1) for part in command][-1] == "/drives/{x}"
    assert command[1] == "-P"


def test_the_drive_and_the_name_are_read_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSIONS_DRIVE", "/drives/d1")
    monkeypatch.setenv("SESSIONS_NAME", "churn")
    assert (drive_folder(), session_name()) == (Path("/drives/d1"), "churn")
    monkeypatch.setenv("SESSIONS_DRIVE", "")
    monkeypatch.delenv("SESSIONS_NAME")
    assert (drive_folder(), session_name()) == (Path.cwd(), "session")


def test_each_session_on_a_drive_has_sockets_and_configuration_of_its_own() -> None:
    def arguments(private: str) -> list[str]:
        return make_arguments(
            socket=Path(private) / "code.sock",
            base_url="/user/ann/s1/",
            folder=Path("/drive"),
            state=Path("/drive/.sessions/vscode"),
        )

    one, two = arguments("/private/1"), arguments("/private/2")
    shared = [value for value in one if value in two]
    assert "/drive/.sessions/vscode" in shared
    assert "/drive/.sessions/vscode/extensions" in shared
    assert not any(value.startswith("/private") for value in shared)
    assert one[one.index("--socket-mode") + 1] == "600"
    assert one[one.index("--abs-proxy-base-path") + 1] == "/user/ann/s1/code"
    assert one[-1] == "/drive"


def test_an_enclosing_vs_code_does_not_take_ours_for_a_part_of_itself() -> None:
    env = make_environment({"VSCODE_IPC_HOOK_CLI": "x", "CODE_SERVER_PARENT_PID": "1", "A": "b"})
    assert env == {"A": "b", "VSCODE_CLI": "1", "VSCODE_PROXY_URI": "../proxy/{{port}}/"}


def test_code_server_is_the_named_program_or_the_one_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "code-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SESSIONS_CODE_SERVER", "")
    assert find_program() == str(program)
    monkeypatch.setenv("SESSIONS_CODE_SERVER", str(tmp_path / "gone"))
    assert find_program() is None


def test_the_first_session_on_a_drive_writes_settings_and_nobody_overwrites_them(
    tmp_path: Path,
) -> None:
    settings = prepare_state(tmp_path) / "User" / "settings.json"
    assert '"chat.disableAIFeatures": true' in settings.read_text()
    settings.write_text("{}")
    key = (tmp_path / STATE / "serve-web-key-half").read_bytes()
    assert len(key) == 32
    prepare_state(tmp_path)
    assert settings.read_text() == "{}"
    assert (tmp_path / STATE / "serve-web-key-half").read_bytes() == key
    assert (tmp_path / STATE).stat().st_mode & 0o777 == 0o700


def test_what_a_program_printed_is_text_in_the_page() -> None:
    page = make_page(Trouble("No.", ("\x1b[31m<script>alert(1)</script>\x1b[0m",))).decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\x1b" not in page
    assert "Try again" in page


def test_the_page_of_a_hub_without_vs_code_offers_nothing_in_vain() -> None:
    page = make_page(ABSENT).decode()
    assert "VS Code is not installed in this session." in page
    assert "Try again" not in page
