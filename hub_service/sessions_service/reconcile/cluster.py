"""What has to hold between the records and a cluster: pods, claims, what the hub may do there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from sessions_spawner.wire.cluster import ClusterLook, SeenClaim, SeenPod

from ..db.engine import Db
from ..drives.rows import DRIVES
from ..lifecycle.table import State
from ..sessions.rows import SESSIONS
from .finding import Finding

# How long a pod may be late with its end, before nobody ends it any more.
_LATE: Final = timedelta(minutes=5)
_AT_A_TIME: Final = 500


def check_cluster(db: Db, look: ClusterLook, now: datetime) -> list[Finding]:
    """Return what is wrong between the records and what the hub saw of the cluster."""
    found: list[Finding] = []
    if look.pods is not None:
        found += _check_pods(db, look.namespace, look.pods, now)
    if look.claims is not None:
        found += _check_claims(db, look.namespace, look.claims)
    found += [
        Finding("I14", f"The hub may not {one.right} in ‘{look.namespace}’: {one.breaks}.")
        for one in look.missing
    ]
    found += [
        Finding("I14", f"The settings name the storage class ‘{one}’, which the cluster lacks.")
        for one in look.unknown_classes
    ]
    return found


def _check_pods(
    db: Db, namespace: str, pods: Collection[SeenPod], now: datetime
) -> Iterable[Finding]:
    columns = (SESSIONS.c.id, SESSIONS.c.generation, SESSIONS.c.state)
    rows = db.execute(select(*columns).where(SESSIONS.c.is_live)).all()
    live = {f"{row.id}:{row.generation}": row for row in rows}
    strays = [one for one in pods if one.run not in live and not _is_ending(one, now)]
    known = _known_sessions(db, {one.session for one in strays if not one.is_ours})
    for one in strays:
        place = f"The pod ‘{one.name}’ in ‘{namespace}’"
        if one.is_ours:
            yield Finding("I1", f"{place} is of {one.run}, which is no live session's run.")
        elif one.session in known:
            yield Finding(
                "I1", f"{place} is of {one.run}, from before this hub's link had another secret."
            )
    there = {one.run for one in pods}
    for run, row in live.items():
        if row.state == State.RUNNING and run not in there:
            yield Finding("I2", f"{row.id} is running, and ‘{namespace}’ has no pod of it.")


def _is_ending(pod: SeenPod, now: datetime) -> bool:
    return pod.ends_at is not None and now < pod.ends_at + _LATE


def _known_sessions(db: Db, ids: Collection[str]) -> set[str]:
    """Return those ids that have a record: pods of other hubs have none here."""
    asked, found = sorted(ids), set[str]()
    for begin in range(0, len(asked), _AT_A_TIME):
        piece = SESSIONS.c.id.in_(asked[begin : begin + _AT_A_TIME])
        found |= set(db.execute(select(SESSIONS.c.id).where(piece)).scalars())
    return found


def _check_claims(db: Db, namespace: str, claims: Collection[SeenClaim]) -> Iterable[Finding]:
    columns = (DRIVES.c.id, DRIVES.c.name, DRIVES.c.owner, DRIVES.c.place)
    drives = {row.id: row for row in db.execute(select(*columns))}
    for one in claims:
        row = drives.get(one.drive)
        if row is None and not one.is_going:
            yield Finding(
                "I13",
                f"The claim ‘{one.name}’ in ‘{namespace}’ is the drive {one.drive}, "
                "of which there is no record.",
            )
    there = {(one.name, one.drive) for one in claims}
    for row in drives.values():
        if row.place is not None and (row.place, row.id) not in there:
            yield Finding(
                "I13",
                f"The drive ‘{row.name}’ of {row.owner} ({row.id}) has lost its claim "
                f"‘{row.place}’ in ‘{namespace}’.",
            )
