"""The invariants that hold at rest (reliability 5.1), as one function for tests and `doctor`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sessions_spawner.wire.cluster import ClusterLook

from ..db.work import Database
from ..hub.client import UsersServer
from .cluster import check_cluster
from .finding import Finding
from .records import check_records
from .world import check_files, check_hub, check_processes


async def examine(
    db: Database,
    state: Path,
    now: datetime,
    servers: Collection[UsersServer] | None,
    *,
    has_processes: bool = True,
) -> list[Finding]:
    """Return everything that does not agree among records, hub, processes and files.

    `state` is the state folder, `servers` are the hub's, None if it was not asked. Sessions are
    processes of this machine if `has_processes`. Reads only. Raises `DatabaseBusy`.
    """
    found = await db.read(check_records, now)
    if has_processes:
        found += await db.read(check_processes, state / "processes")
    if servers is not None:
        found += await db.read(check_hub, servers)
    return [*found, *check_files(state)]


async def examine_cluster(db: Database, look: ClusterLook, now: datetime) -> list[Finding]:
    """Return what does not agree between records and a cluster. Raises `DatabaseBusy`."""
    return await db.read(check_cluster, look, now)
