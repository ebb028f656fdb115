"""What a starting session leaves for later: work that nobody waits for."""

from __future__ import annotations

import os
from pathlib import Path

from tests.integration.local.processes import Sessions

# Says in the home who was started, and answers like npm.
NOTES_ITSELF = '#!/bin/sh\necho >> "$HOME/ran-$(basename "$0")"\necho /nonexistent\n'


def make_noting_programs(folder: Path) -> str:
    """Put programs that note their start before all others; return the PATH."""
    folder.mkdir()
    for name in ("npm", "uname"):
        (folder / name).write_text(NOTES_ITSELF)
        (folder / name).chmod(0o755)
    return os.pathsep.join((str(folder), os.environ["PATH"]))


async def test_language_servers_are_looked_for_when_a_page_asks_and_no_program_runs_before(
    sessions: Sessions, tmp_path: Path
) -> None:
    session = await sessions.start(env={"PATH": make_noting_programs(tmp_path / "programs")})

    assert (await session.fetch("lab")).status == 200
    assert list(session.home.glob("ran-*")) == []
    assert "Updating Hub with activity" not in Path(session.request.log_path).read_text()
    first = await session.fetch("lsp/status")
    second = await session.fetch("lsp/status")

    assert [first.status, second.status] == [200, 200]
    assert first.json == second.json
    assert first.json["specs"]
    assert (session.home / "ran-npm").read_text().count("\n") == 1
    assert not (session.home / "ran-uname").exists()
