"""`jupyterhub-sessions doctor`: name what records, hub, processes and pods do not agree on."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ..db.work import Database, DatabaseBusy
from ..hub.client import HubAway, HubClient, HubRefused, TooMuch
from ..process.place import Place
from ..reconcile.door import ClusterAway, NotAsked, ask_about_cluster
from ..reconcile.finding import Finding
from ..reconcile.invariants import examine, examine_cluster

AGREES, DIFFERS, CANNOT_LOOK = 0, 1, 2
# What the cluster says and what is written of it are read one after the other: what is wrong
# is so still after this time.
_AGAIN_SECONDS = 2.0


class CannotLook(Exception):
    """Something that has to be looked at cannot be; the sentence says what to do."""


@dataclass(frozen=True)
class Examined:
    """What was found, and sentences on what was not looked at."""

    findings: list[Finding]
    left_out: tuple[str, ...] = ()


def run_doctor(
    state: Path, hub: str | None, token_file: Path | None, secrets: Path | None = None
) -> int:
    """Print every invariant that does not hold; return 1 if there is one, 2 if it cannot tell."""
    try:
        token = read_token(token_file) if token_file else None
        examined = asyncio.run(look(state, hub, token, secrets))
    except CannotLook as reason:
        print(reason, file=sys.stderr)
        return CANNOT_LOOK
    findings = examined.findings
    for finding in findings:
        print(f"{finding.invariant}: {finding.sentence}")
    for sentence in examined.left_out:
        print(sentence)
    print(f"{len(findings)} finding(s)." if findings else "Everything agrees.")
    return DIFFERS if findings else AGREES


async def look(
    state: Path, hub: str | None, token: str | None, secrets: Path | None = None
) -> Examined:
    """Return what was found; reads only. Raises `CannotLook`."""
    if hub is not None and not token:
        raise CannotLook("Name a file with a token for the hub: --token-file.")
    if not state.is_dir():
        raise CannotLook(f"There is no state folder {state}.")
    url = Place(state, secrets).database_url()
    if url.startswith("sqlite") and not (state / "sessions.sqlite").exists():
        raise CannotLook(f"There is no database in {state} yet.")
    db = Database(url)
    left_out = [] if hub else ["The hub was not asked: name it with --hub and --token-file."]
    try:
        servers = await HubClient(hub.rstrip("/"), token).servers() if hub and token else None
        try:
            of_cluster = await _look_at_cluster(db, state)
            has_processes = of_cluster is None
        except NotAsked as why:
            left_out.append(f"Nobody was asked about pods: {why}")
            of_cluster, has_processes = None, any((state / "processes").rglob("*.json"))
        found = await examine(db, state, datetime.now(UTC), servers, has_processes=has_processes)
        return Examined([*found, *(of_cluster or ())], tuple(left_out))
    except (HubAway, HubRefused, TooMuch) as away:
        raise CannotLook(f"The hub cannot be asked: {away}") from None
    except ClusterAway as away:
        raise CannotLook(f"The cluster cannot be looked at: {away}") from None
    except (DatabaseBusy, SQLAlchemyError) as away:
        raise CannotLook(f"The database cannot be read: {away}") from None
    finally:
        await db.close()


async def _look_at_cluster(db: Database, state: Path) -> list[Finding] | None:
    """Return what records and cluster do not agree on, None where sessions are no pods.

    Raises `NotAsked`, `ClusterAway`, `DatabaseBusy`.
    """
    found = await _look_once(db, state)
    if found:
        await asyncio.sleep(_AGAIN_SECONDS)
        later = await _look_once(db, state)
        found = [one for one in found if one in (later or ())]
    return found


async def _look_once(db: Database, state: Path) -> list[Finding] | None:
    seen = await ask_about_cluster(state)
    return None if seen is None else await examine_cluster(db, seen, datetime.now(UTC))


def read_token(path: Path) -> str:
    """Return the token in a file. Raises `CannotLook` if others may read it too."""
    try:
        if path.stat().st_mode & 0o077:
            raise CannotLook(f"{path} is open to others: run chmod go= {path}.")
        return path.read_text().strip()
    except OSError as error:
        raise CannotLook(f"{path} cannot be read: {error.strerror}.") from None
