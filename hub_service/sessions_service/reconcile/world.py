"""What has to hold between the records and the world: the hub, processes, the state folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from sqlalchemy import select

from sessions_spawner.local import notes

from ..db.engine import Db
from ..hub.client import UsersServer
from ..lifecycle.table import State
from ..sessions.rows import SESSIONS
from .finding import Finding

_SECRETS: Final = ("link/link.secret", "link/outbox.jsonl", "cookie.secret", "database.url")


def check_hub(db: Db, servers: Collection[UsersServer]) -> list[Finding]:
    """Return what is wrong between live records and the hub's servers, in both directions."""
    rows = select(SESSIONS.c.id, SESSIONS.c.owner, SESSIONS.c.server, SESSIONS.c.state)
    live = db.execute(rows.where(SESSIONS.c.is_live)).all()
    known = {(row.owner, row.server) for row in live}
    there = {(one.owner, one.server) for one in servers}
    found = [
        Finding("I1", f"The hub runs {_name(one)}, which is no live session's server.")
        for one in servers
        if one.is_ready and (one.owner, one.server) not in known
    ]
    found += [
        Finding("I2", f"{row.id} is running, and the hub has no server for it.")
        for row in live
        if row.state == State.RUNNING and (row.owner, row.server) not in there
    ]
    return found


def check_processes(db: Db, folder: Path) -> list[Finding]:
    """Return what is wrong between live records and the processes of this machine.

    `folder` holds the notes of what the fork server has started and still lives.
    """
    columns = (SESSIONS.c.id, SESSIONS.c.generation, SESSIONS.c.state)
    rows = db.execute(select(*columns).where(SESSIONS.c.is_live)).all()
    live = {f"{row.id}:{row.generation}": row for row in rows}
    running = {note.key for note in notes.read_all(folder) if note.is_alive() and not note.ended}
    found = [
        Finding("I1", f"A process runs for {key}, which is no live session's run.")
        for key in sorted(running - set(live))
    ]
    found += [
        Finding("I2", f"{row.id} is running without a process.")
        for key, row in live.items()
        if row.state == State.RUNNING and key not in running
    ]
    runs = Counter(key.partition(":")[0] for key in running)
    found += [
        Finding("I5", f"{number} runs of {session_id} have processes at a time.")
        for session_id, number in runs.items()
        if number > 1
    ]
    return found


def check_files(state: Path) -> Iterable[Finding]:
    """Yield what of the state folder is open to others and must not be."""
    folders = [state, state / "link", state / "drives", state / "processes"]
    for path in (*folders, *(state / name for name in _SECRETS)):
        # Owners of drives pass through where they are system users.
        is_passed = path in (state, state / "drives")
        wrong = 0o066 if is_passed else 0o077
        if path.exists() and path.stat().st_mode & wrong:
            change = "go-rw" if is_passed else "go="
            yield Finding("I9", f"{path} is open to others: run chmod {change} {path}.")


def _name(one: UsersServer) -> str:
    return f"{one.owner}/{one.server}" if one.server else f"the default server of {one.owner}"
