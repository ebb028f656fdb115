"""Units of work: reads in a pool of threads, writes in one thread, all in transactions."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from . import lease
from .changes import Change, Changes, attach
from .engine import BUSY_SECONDS, Db, make_engine
from .failures import (
    CommitUnknown,
    DatabaseBusy,
    LeaseHeld,
    LeaseLost,
    is_away,
    is_transient,
)
from .migrations import upgrade
from .seal import Seal
from .seal import attach as attach_seal
from .writer import Call, Outcome, Writer

__all__ = ["Change", "CommitUnknown", "Database", "DatabaseBusy", "LeaseHeld", "LeaseLost"]

P = ParamSpec("P")
T = TypeVar("T")
Listener = Callable[[tuple[Change, ...]], None]

log = logging.getLogger(__name__)

READERS: Final = 4
_RETRY_SECONDS: Final = 0.02


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Database:
    """The service's database.

    What is given to `read` and `write` runs in a thread, gets the connection first, and may
    be called again when the database rolled its transaction back: it touches nothing but `db`.
    `seal` is what keeps secrets unreadable at rest.
    """

    def __init__(
        self, url: str, *, now: Callable[[], datetime] = utc_now, seal: Seal | None = None
    ) -> None:
        self._now = now
        self.seal = seal or Seal()
        self.engine: Final[Engine] = make_engine(url)  # the writing one, for migrations and tools
        self._reader = make_engine(url, connections=READERS, read_only=True)
        self._writer = Writer(lambda calls: self._persist(lambda: self._write(calls)), self._notify)
        self._read_threads = ThreadPoolExecutor(READERS, thread_name_prefix="db-read")
        self._listeners: list[Listener] = []
        self._number: int | None = None
        self._revision = 0
        self._closing = threading.Event()

    @property
    def revision(self) -> int:
        """The revision of the newest committed change."""
        return self._revision

    @property
    def has_lease(self) -> bool:
        """Tell whether this process may write."""
        return self._number is not None

    def add_listener(self, listener: Listener) -> None:
        """Call `listener` on the event loop with what each commit changed, in commit order."""
        self._listeners.append(listener)

    async def upgrade(self) -> None:
        """Bring the tables to this version. Raises `UnknownRevision`, `DatabaseBusy`."""
        await self._in_thread(self._writer.thread, lambda: upgrade(self.engine))

    async def acquire(self, holder: str) -> int:
        """Take the lease for a supervisor's id; return its number. Raises `LeaseHeld`."""
        return await self._in_thread(self._writer.thread, lambda: self._acquire(holder))

    async def renew(self) -> None:
        """Note that this holder is alive. Raises `LeaseLost`, `DatabaseBusy`."""
        await self.write(lambda db: lease.renew(db, at=self._now()))

    async def keep_lease(self) -> None:
        """Renew the lease every 5 s for as long as it is held. Raises `LeaseLost`."""
        while True:
            await asyncio.sleep(lease.RENEW_SECONDS)
            with suppress(DatabaseBusy):
                await self.renew()

    async def read(
        self, fn: Callable[Concatenate[Db, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `fn(db, …)` of a read transaction. Raises `DatabaseBusy`."""
        return await self._in_thread(
            self._read_threads, lambda: self._read(lambda db: fn(db, *args, **kwargs))
        )

    async def write(
        self, fn: Callable[Concatenate[Db, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Return `fn(db, …)` of a committed write transaction; writes keep the order of calls.

        Writes that wait at the same time share a transaction; one that raises leaves nothing, and
        the others are written all the same. Raises `DatabaseBusy` (nothing was written),
        `CommitUnknown`, `LeaseLost`.
        """
        written: T = await self._writer.put(lambda db: fn(db, *args, **kwargs))
        return written

    async def close(self) -> None:
        """Give the lease back, finish what was begun and close all connections."""
        if self._number is not None:
            with suppress(DatabaseBusy, LeaseLost):
                await self.write(lease.release)
        self._closing.set()
        await asyncio.to_thread(self._shut_down)

    def _shut_down(self) -> None:
        self._read_threads.shutdown()
        self._writer.thread.shutdown()
        self._reader.dispose()
        self.engine.dispose()

    async def _in_thread(self, threads: ThreadPoolExecutor, call: Callable[[], T]) -> T:
        """Run a call in a thread; it is tried again while the database is busy, up to 5 s."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads, self._persist, call)

    def _persist(self, call: Callable[[], T]) -> T:
        give_up = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                return call()
            except DBAPIError as error:
                if is_away(error):
                    raise DatabaseBusy(f"The database cannot be used: {error.orig}") from error
                if not is_transient(error):
                    raise
                if time.monotonic() >= give_up or self._closing.is_set():
                    raise DatabaseBusy("The database is busy.") from error
            self._closing.wait(_RETRY_SECONDS)

    def _acquire(self, holder: str) -> int:
        with self.engine.connect() as db:
            number, revision = lease.acquire(db, holder, at=self._now())
            db.commit()
        self._number, self._revision = number, revision
        return number

    def _read(self, call: Callable[[Db], T]) -> T:
        with self._reader.connect() as db:
            return call(db)

    def _write(self, calls: Sequence[Call]) -> list[Outcome]:
        """Carry out units of work in one transaction; each gets revisions of its own."""
        if self._number is None:
            raise LeaseLost("This service does not hold the lease.")
        outcomes = []
        with self.engine.connect() as db:
            attach_seal(db, self.seal)
            self._require_lease(db, self._number)
            revision = self._revision
            for call in calls:
                changes = Changes(revision)
                attach(db, changes)
                returned = call(db)
                outcomes.append(Outcome(returned, tuple(changes.changed.values())))
                revision = changes.last
            try:
                _commit(db)
            except CommitUnknown as error:
                # It may have been written: whoever follows changes reads what has become of them.
                outcomes = [replace(one, returned=None, raised=error) for one in outcomes]
        self._revision = revision
        return outcomes

    def _require_lease(self, db: Db, number: int) -> None:
        try:
            lease.check(db, number)
        except LeaseLost:
            self._number = None
            raise

    def _notify(self, changed: tuple[Change, ...]) -> None:
        for listener in self._listeners:
            try:
                listener(changed)
            except Exception:
                log.exception("changes.listener_failed sessions=%d", len(changed))


def _commit(db: Db) -> None:
    try:
        db.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise CommitUnknown("The connection was lost during a commit.") from error
        raise
