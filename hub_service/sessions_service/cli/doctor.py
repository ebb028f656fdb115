"""`jupyterhub-sessions doctor`: name what records and processes do not agree on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session as Db

from ..db.work import Database
from ..process.worker import database_url
from ..reconcile.invariants import Finding, check_processes, check_records


def run_doctor(state: Path) -> int:
    """Print every invariant that does not hold; return 1 if there is one."""
    findings = asyncio.run(examine(state))
    for finding in findings:
        print(f"{finding.invariant}: {finding.sentence}")
    print(f"{len(findings)} finding(s)." if findings else "Everything agrees.")
    return 1 if findings else 0


async def examine(state: Path) -> list[Finding]:
    """Return the findings; reads only."""
    db = Database(database_url(state))
    now = datetime.now(UTC)

    def look(session: Db) -> list[Finding]:
        return [*check_records(session, now), *check_processes(session, state / "processes")]

    try:
        return await db.read(look)
    finally:
        await db.close()
