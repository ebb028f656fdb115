"""What `make run` says on a machine where something is missing, before it installs anything."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools.bootstrap.machine import DebianPackage, advice_for, check_python, try_install
from tools.bootstrap.steps import Trouble

CHECKOUT = Path(__file__).resolve().parents[2]
LEAVE_OUT = "Or leave VS Code out: make run WITHOUT_VSCODE=1"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Give a folder that is the whole PATH, with a Node.js that is new enough."""
    folder = tmp_path / "bin"
    folder.mkdir()
    write_program(folder / "node", "echo v22.1.0")
    write_program(folder / "npm", "exit 1")
    return folder


def write_program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def make_run(programs: Path, **chosen: str) -> str:
    """Return what `make run` prints when it refuses; nothing is made outside the test's folder."""
    folder = programs.parent
    env = {
        **os.environ,
        "PATH": str(programs),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "STATE": str(folder / "state"),
        "PORT": str(free_port()),
        "WITHOUT_VSCODE": "1",
        **chosen,
    }
    ran = subprocess.run(
        [sys.executable, "-m", "tools.bootstrap", "run"],
        cwd=CHECKOUT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert ran.stderr == ""
    return ran.stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def test_a_missing_node_is_said_with_the_command_that_brings_it(programs: Path) -> None:
    (programs / "npm").unlink()
    assert make_run(programs) == (
        "error: Node.js 20.19 or newer with npm is needed, and is not on PATH. Install it "
        "(on Debian 13: apt-get install nodejs npm), then run the same command.\n"
    )


def test_a_node_that_is_too_old_is_said_with_both_versions(programs: Path) -> None:
    write_program(programs / "node", "echo v20.18.3")
    assert make_run(programs) == "error: Node.js v20.18.3 is too old: 20.19 or newer is needed.\n"


def test_a_missing_compiler_is_said_with_the_command_and_the_way_without(programs: Path) -> None:
    said = make_run(programs, WITHOUT_VSCODE="")
    assert said.startswith("error: code-server is compiled here and needs Debian packages: ")
    assert "apt-get install build-essential" in said
    assert said.endswith(f"(as root). {LEAVE_OUT}\n")


def test_a_port_that_is_taken_is_said_with_one_that_is_free(programs: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        said = make_run(programs, PORT=str(port))
    assert said.startswith(
        f"error: Port {port} is taken by another program: stop it, or choose another port, "
        "for example make run PORT="
    )


def test_a_python_that_makes_no_environments_is_said_with_the_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(Trouble, match=r"install Debian's python3-venv, or .* make PYTHON="):
        check_python()


def test_without_root_and_apt_the_command_is_said(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(programs))
    there = DebianPackage("nodejs", programs=("node",))
    missing = DebianPackage("chromium", programs=("chromium",))
    assert try_install(there, missing) == [missing]
    assert advice_for([missing]) == "apt-get install chromium   (as root)"
