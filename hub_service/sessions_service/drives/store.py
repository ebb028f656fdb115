"""Read and write drives; rows never leave this module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, insert, or_, select, update
from sqlalchemy import delete as delete_from

from sessions_spawner.request.fields import DRIVE_NAME
from sessions_spawner.request.ids import new_drive_id
from sessions_spawner.request.quantities import parse_quantity
from sessions_spawner.wire.messages import PlacedDrive

from ..db.engine import Db
from ..sessions.rows import MOUNTS, SESSIONS
from ..sessions.store import rename_drive
from .models import DEFAULT_NAME, Drive, HeldByOne, Holder
from .rows import DRIVES, is_called, references_of

_COLUMNS: Final = [DRIVES.c[name] for name in Drive.__dataclass_fields__ if name != "mounted_by"]


class NoSuchDrive(Exception):
    """There is no drive with this id, or it is past restoring."""


class WrongName(ValueError):
    """A drive cannot have this name."""


class NameTaken(Exception):
    """The owner has a drive of this name."""


class IsDefault(Exception):
    """The default drive can neither be renamed nor deleted."""


class TooManyDrives(Exception):
    """The owner has as many drives as he may."""

    def __init__(self, used: int, limit: int) -> None:
        super().__init__(f"You have {used} of {limit} drives. Delete one first.")


class InUse(Exception):
    """Live sessions mount the drive."""

    def __init__(self, mounts: Sequence[Holder]) -> None:
        super().__init__(f"In use by {', '.join(one.session_name for one in mounts)}.")
        self.mounts = tuple(mounts)


def listed(db: Db, owner_key: str, *, deleted: bool = False) -> list[Drive]:
    """Return an owner's drives with what mounts them, the default one first, then by name.

    With `deleted` those that can still be restored instead.
    """
    query = select(*_COLUMNS).where(DRIVES.c.owner_key == owner_key, _is_deleted(deleted))
    found = [Drive(*values) for values in db.execute(query)]
    found.sort(key=lambda drive: (not drive.is_default, drive.name, drive.id))
    return _with_holders(db, found)


def find(db: Db, owner_key: str, reference: str, *, deleted: bool = False) -> Drive | None:
    """Return an owner's drive by name or id, with what mounts it; of deleted ones the newest."""
    query = select(*_COLUMNS).where(
        DRIVES.c.owner_key == owner_key,
        or_(DRIVES.c.id == reference, DRIVES.c.name == reference),
        _is_deleted(deleted),
    )
    by_name = (DRIVES.c.name == reference).desc()
    newest = query.order_by(by_name, DRIVES.c.deleted_at.desc(), DRIVES.c.id).limit(1)
    values = db.execute(newest).first()
    return None if values is None else _with_holders(db, [Drive(*values)])[0]


def find_any(db: Db, drive_id: str, *, deleted: bool = False) -> Drive | None:
    """Return anybody's drive by its id, with what mounts it."""
    query = select(*_COLUMNS).where(DRIVES.c.id == drive_id, _is_deleted(deleted))
    values = db.execute(query).first()
    return None if values is None else _with_holders(db, [Drive(*values)])[0]


def get(db: Db, drive_id: str) -> Drive:
    """Return a drive by its id, deleted or not. Raises `NoSuchDrive`."""
    values = db.execute(select(*_COLUMNS).where(DRIVES.c.id == drive_id)).first()
    if values is None:
        raise NoSuchDrive(drive_id)
    return _with_holders(db, [Drive(*values)])[0]


def count(db: Db, owner_key: str) -> int:
    """Return how many drives an owner has."""
    query = select(func.count()).where(DRIVES.c.owner_key == owner_key, _is_deleted(False))
    return db.execute(query).scalar_one()


def total_size(db: Db, owner_key: str, default: str | None, *, besides: str = "") -> Decimal:
    """Return the bytes of an owner's drives together; one without a size has the `default`.

    The drive with the id `besides` does not count, nor does a size that is written as none of ours.
    """
    query = select(DRIVES.c.size).where(
        DRIVES.c.owner_key == owner_key, DRIVES.c.id != besides, _is_deleted(False)
    )
    return sum((_bytes_of(size or default) for size in db.execute(query).scalars()), Decimal(0))


def _bytes_of(size: str | None) -> Decimal:
    try:
        return parse_quantity(size or "")
    except ValueError:
        return Decimal(0)


def resolve(db: Db, owner_key: str, references: Iterable[str]) -> dict[str, Drive]:
    """Return name or id → drive of those that the owner has; the others are missing from it.

    A name wins over an id that reads the same.
    """
    wanted = set(references)
    if not wanted:
        return {}
    given = references_of(owner_key, wanted)
    found = [Drive(*values) for values in db.execute(_called(len(wanted)), given)]
    every = {drive.id: drive for drive in found} | {drive.name: drive for drive in found}
    return {reference: every[reference] for reference in wanted if reference in every}


@lru_cache(maxsize=32)
def _called(count: int) -> Select[Any]:
    return select(*_COLUMNS).where(is_called(count))


def create(
    db: Db,
    owner_key: str,
    owner: str,
    name: str,
    *,
    at: datetime,
    size: str | None = None,
    storage_class: str | None = None,
    limit: int | None = None,
) -> Drive:
    """Make a drive. Raises `WrongName`, `NameTaken`, `TooManyDrives`."""
    _require_free(db, owner_key, name)
    if limit is not None and (used := count(db, owner_key)) >= limit:
        raise TooManyDrives(used, limit)
    drive = Drive(
        new_drive_id(), owner_key, owner, name, size, at, None, None, storage_class=storage_class
    )
    db.execute(insert(DRIVES), {column.name: getattr(drive, column.name) for column in _COLUMNS})
    return drive


def resolve_or_default(
    db: Db, owner_key: str, owner: str, references: Iterable[str], *, at: datetime
) -> dict[str, Drive]:
    """Return what `resolve` does; the owner's default drive is made on first use."""
    found = resolve(db, owner_key, {*references, DEFAULT_NAME})
    if DEFAULT_NAME not in found:
        found[DEFAULT_NAME] = create(db, owner_key, owner, DEFAULT_NAME, at=at)
    return found


def rename(db: Db, drive_id: str, name: str) -> Drive:
    """Give a drive another name, which live sessions show from then on.

    Raises `WrongName`, `NameTaken`, `IsDefault`, `NoSuchDrive`.
    """
    drive = get(db, drive_id)
    if drive.deleted_at is not None:
        raise NoSuchDrive(drive_id)
    if drive.is_default:
        raise IsDefault(drive_id)
    if name != drive.name:
        _require_free(db, drive.owner_key, name)
        _change(db, drive_id, name=name)
        rename_drive(db, drive_id, name)
    return replace(drive, name=name)


def delete(db: Db, drive_id: str, *, at: datetime) -> Drive:
    """Delete a drive that nothing mounts; it can be restored until its grace is over.

    Raises `IsDefault`, `InUse` with its holders, `NoSuchDrive`.
    """
    drive = get(db, drive_id)
    if drive.deleted_at is not None:
        raise NoSuchDrive(drive_id)
    if drive.is_default:
        raise IsDefault(drive_id)
    if drive.mounted_by:
        raise InUse(drive.mounted_by)
    _change(db, drive_id, deleted_at=at)
    return replace(drive, deleted_at=at)


def restore(db: Db, drive_id: str) -> Drive:
    """Take a deletion back. Raises `NameTaken` if the owner has a new drive of the name."""
    drive = get(db, drive_id)
    if drive.deleted_at is not None:
        _require_free(db, drive.owner_key, drive.name)
        _change(db, drive_id, deleted_at=None)
    return replace(drive, deleted_at=None)


def note_use(db: Db, drive_id: str, *, at: datetime) -> None:
    """Note that a session uses the drive now."""
    _change(db, drive_id, last_used_at=at)


def note_end_of_use(db: Db, session_id: str, *, at: datetime) -> None:
    """Note that a session has used its drives until now."""
    mounted = select(MOUNTS.c.drive_id).where(MOUNTS.c.session_id == session_id)
    db.execute(update(DRIVES).where(DRIVES.c.id.in_(mounted)).values(last_used_at=at))


def note_places(db: Db, placed: Mapping[str, PlacedDrive]) -> dict[str, str]:
    """Keep where drives lie that have no place yet; return drive → its place as it is kept.

    A drive that has one keeps it, whatever is told. Drives that are not there are left out.
    """
    rows = db.execute(select(*_COLUMNS).where(DRIVES.c.id.in_(set(placed))))
    kept = {}
    for drive in (Drive(*values) for values in rows.all()):
        one = placed[drive.id]
        if drive.place is None:
            _change(
                db,
                drive.id,
                place=one.place,
                size=drive.size or one.size,
                storage_class=one.storage_class or drive.storage_class,
                access_mode=one.access_mode,
            )
        kept[drive.id] = drive.place or one.place
    return kept


def adopt(
    db: Db,
    owner_key: str,
    owner: str,
    name: str,
    placed: PlacedDrive,
    *,
    drive_id: str,
    at: datetime,
) -> Drive:
    """Make a drive of storage that is there already; no limit counts, an administrator does it.

    Raises `WrongName`, `NameTaken`.
    """
    _require_free(db, owner_key, name)
    drive = Drive(
        drive_id,
        owner_key,
        owner,
        name,
        placed.size,
        at,
        None,
        None,
        place=placed.place,
        storage_class=placed.storage_class,
        access_mode=placed.access_mode,
    )
    db.execute(insert(DRIVES), {column.name: getattr(drive, column.name) for column in _COLUMNS})
    return drive


def resize(db: Db, drive_id: str, size: str) -> Drive:
    """Note the size that a drive was asked to have. Raises `NoSuchDrive`."""
    drive = get(db, drive_id)
    _change(db, drive_id, size=size)
    return replace(drive, size=size)


def require_free_of_others(db: Db, drives: Iterable[Drive], session_id: str | None = None) -> None:
    """Refuse drives that only one session can have while another does. Raises `HeldByOne`."""
    alone = [drive for drive in drives if drive.is_for_one]
    for drive in _with_holders(db, alone) if alone else ():
        others = [held for held in drive.mounted_by if held.session_id != session_id]
        if others:
            raise HeldByOne(drive, others[0])


def resolve_held(db: Db, owner_key: str, references: Iterable[str]) -> dict[str, Drive]:
    """Return what `resolve` does, each drive with the live sessions that mount it now."""
    found = resolve(db, owner_key, references)
    return dict(zip(found, _with_holders(db, list(found.values())), strict=True))


def past_restoring(db: Db, *, at: datetime, grace_seconds: int, limit: int = 100) -> list[Drive]:
    """Return drives deleted longer ago than the grace, oldest first: their files may go."""
    before = at - timedelta(seconds=grace_seconds)
    query = select(*_COLUMNS).where(DRIVES.c.deleted_at < before)
    rows = db.execute(query.order_by(DRIVES.c.deleted_at).limit(limit))
    return [Drive(*values) for values in rows]


def forget(db: Db, drive_id: str) -> None:
    """Remove the row of a drive whose files are gone."""
    db.execute(delete_from(DRIVES).where(DRIVES.c.id == drive_id, _is_deleted(True)))


def _is_deleted(deleted: bool) -> ColumnElement[bool]:
    return DRIVES.c.deleted_at.is_not(None) if deleted else DRIVES.c.deleted_at.is_(None)


def _require_free(db: Db, owner_key: str, name: str) -> None:
    if not DRIVE_NAME.fullmatch(name):
        raise WrongName("Use lower case letters, digits and hyphens, up to 40 characters.")
    if resolve(db, owner_key, [name]):
        raise NameTaken(name)


def _change(db: Db, drive_id: str, **values: Any) -> None:
    db.execute(update(DRIVES).where(DRIVES.c.id == drive_id).values(**values))


def _with_holders(db: Db, drives: Sequence[Drive]) -> list[Drive]:
    holders = _holders_of(db, [drive.id for drive in drives])
    return [replace(drive, mounted_by=tuple(holders[drive.id])) for drive in drives]


def _holders_of(db: Db, drive_ids: Sequence[str]) -> Mapping[str, list[Holder]]:
    """Return drive → live sessions that mount it, in one statement."""
    query = (
        select(MOUNTS.c.drive_id, SESSIONS.c.id, SESSIONS.c.name, MOUNTS.c.read_only)
        .join(SESSIONS, SESSIONS.c.id == MOUNTS.c.session_id)
        .where(MOUNTS.c.drive_id.in_(drive_ids), SESSIONS.c.is_live)
        .order_by(SESSIONS.c.created_at, SESSIONS.c.id)
    )
    found: dict[str, list[Holder]] = defaultdict(list)
    for drive_id, *holder in db.execute(query):
        found[drive_id].append(Holder(*holder))
    return found
