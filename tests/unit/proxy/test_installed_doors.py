"""Which doors a session says it has: those whose programs are installed where it runs, now."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessions_proxy.doors import installed_doors


def test_vs_code_is_there_once_its_program_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "code-server"
    monkeypatch.setenv("SESSIONS_CODE_SERVER", str(program))
    assert installed_doors() == {"lab": True, "code": False, "shell": True}
    program.touch(mode=0o755)
    assert installed_doors() == {"lab": True, "code": True, "shell": True}
