"""A test whose part of the machine is missing is skipped by name and counted; under CI it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.parts import PARTS, find_go_module

CHECKOUT = Path(__file__).resolve().parents[3]
# What needs VS Code: the one part that variables alone can take away.
NEEDS_A_PART = "tests/integration/proxy/test_code_launcher.py"
NAMED = "test_two_sessions_on_one_drive_each_have_a_vs_code_of_their_own"


def run_without_code_server(tmp_path: Path, ci: str) -> tuple[int, str]:
    """Return the exit code and the output of pytest on a machine without VS Code."""
    env = {**os.environ, "SESSIONS_CODE_SERVER": "", "PATH": str(tmp_path), "CI": ci}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-k", NAMED, NEEDS_A_PART],
        cwd=CHECKOUT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout


def test_a_test_without_its_part_is_skipped_by_name_and_counted(tmp_path: Path) -> None:
    code, printed = run_without_code_server(tmp_path, ci="")
    assert code == 0, printed
    named = f"{NEEDS_A_PART}::{NAMED}: code-server (run the tests with make test)"
    assert "not run, because a part is missing" in printed
    assert named in printed
    assert "1 test skipped without code-server (run the tests with make test)" in printed


def test_under_ci_a_missing_part_is_a_failure(tmp_path: Path) -> None:
    code, printed = run_without_code_server(tmp_path, ci="true")
    assert code == 1, printed
    assert "missing part: code-server" in printed
    assert "under CI nothing may be missing" in printed


@pytest.mark.parametrize("part", PARTS)
def test_every_part_says_how_to_get_it(part: str) -> None:
    is_there, advice = PARTS[part]
    is_there()
    assert advice


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        ("""echo '{"Dir": "/modules/one@v1"}'""", Path("/modules/one@v1")),
        ("""echo '{"Error": "no such host"}'; exit 1""", None),
        ("exit 1", None),
    ],
)
def test_a_go_module_is_where_go_says_or_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, folder: Path | None
) -> None:
    go = tmp_path / "go"
    go.write_text(f"#!/bin/sh\n{line}\n")
    go.chmod(0o755)
    # The one that is named comes before that on PATH.
    monkeypatch.setenv("SESSIONS_GO", str(go))
    assert find_go_module(f"{tmp_path}/one@v1") == folder


def test_without_go_there_is_no_go_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SESSIONS_GO", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_go_module(f"{tmp_path}/one@v1") is None
