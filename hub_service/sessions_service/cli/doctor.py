"""`jupyterhub-sessions doctor`: name what records, hub and processes do not agree on."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ..db.work import Database, DatabaseBusy
from ..hub.client import HubAway, HubClient, HubRefused, TooMuch
from ..process.place import Place
from ..reconcile.finding import Finding
from ..reconcile.invariants import examine

AGREES, DIFFERS, CANNOT_LOOK = 0, 1, 2


class CannotLook(Exception):
    """Something that has to be looked at cannot be; the sentence says what to do."""


def run_doctor(
    state: Path, hub: str | None, token_file: Path | None, secrets: Path | None = None
) -> int:
    """Print every invariant that does not hold; return 1 if there is one, 2 if it cannot tell."""
    try:
        token = read_token(token_file) if token_file else None
        findings = asyncio.run(look(state, hub, token, secrets))
    except CannotLook as reason:
        print(reason, file=sys.stderr)
        return CANNOT_LOOK
    for finding in findings:
        print(f"{finding.invariant}: {finding.sentence}")
    if hub is None:
        print("The hub was not asked: name it with --hub and --token-file.")
    print(f"{len(findings)} finding(s)." if findings else "Everything agrees.")
    return DIFFERS if findings else AGREES


async def look(
    state: Path, hub: str | None, token: str | None, secrets: Path | None = None
) -> list[Finding]:
    """Return the findings; reads only. Raises `CannotLook`."""
    if hub is not None and not token:
        raise CannotLook("Name a file with a token for the hub: --token-file.")
    if not state.is_dir():
        raise CannotLook(f"There is no state folder {state}.")
    url = Place(state, secrets).database_url()
    if url.startswith("sqlite") and not (state / "sessions.sqlite").exists():
        raise CannotLook(f"There is no database in {state} yet.")
    db = Database(url)
    try:
        servers = await HubClient(hub.rstrip("/"), token).servers() if hub and token else None
        return await examine(db, state, datetime.now(UTC), servers)
    except (HubAway, HubRefused, TooMuch) as away:
        raise CannotLook(f"The hub cannot be asked: {away}") from None
    except (DatabaseBusy, SQLAlchemyError) as away:
        raise CannotLook(f"The database cannot be read: {away}") from None
    finally:
        await db.close()


def read_token(path: Path) -> str:
    """Return the token in a file. Raises `CannotLook` if others may read it too."""
    try:
        if path.stat().st_mode & 0o077:
            raise CannotLook(f"{path} is open to others: run chmod go= {path}.")
        return path.read_text().strip()
    except OSError as error:
        raise CannotLook(f"{path} cannot be read: {error.strerror}.") from None
