"""The writer: units of work in one thread; those that wait together share one transaction."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from .changes import Change
from .engine import Db
from .failures import DatabaseBusy, LeaseLost

# So many share a transaction at most: the first of them waits for the last.
MOST_TOGETHER: Final = 64

Call: TypeAlias = Callable[[Db], Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a unit of work: what it returned and changed, or what it raised.

    Both, if nobody knows whether it was written (`CommitUnknown`).
    """

    returned: Any = None
    changed: tuple[Change, ...] = ()
    raised: BaseException | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    call: Call
    waiter: asyncio.Future[Any]


class Writer:
    """Carries out units of work in the order in which they came.

    `transact` carries out some of them in one transaction, all or none; it raises what one of
    them raises. `notify` is told on the event loop what each unit changed, before its waiter goes
    on. A unit whose waiter has gone before it began is left out.
    """

    def __init__(
        self,
        transact: Callable[[Sequence[Call]], list[Outcome]],
        notify: Callable[[tuple[Change, ...]], None],
    ) -> None:
        self._transact = transact
        self._notify = notify
        self._waiting: deque[_Unit] = deque()
        self._lock = threading.Lock()
        self._is_writing = False
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="db-write")

    def put(self, call: Call) -> asyncio.Future[Any]:
        """Ask for a unit of work. Raises `RuntimeError` once the thread was shut down."""
        loop = asyncio.get_running_loop()
        unit = _Unit(call, loop.create_future())
        with self._lock:
            if not self._is_writing:
                self.thread.submit(self._write_all, loop)
                self._is_writing = True
            self._waiting.append(unit)
        return unit.waiter

    def _write_all(self, loop: asyncio.AbstractEventLoop) -> None:
        while units := self._take():
            outcomes = self._carry_out([unit.call for unit in units])
            with suppress(RuntimeError):  # the loop was closed: nobody waits any more
                loop.call_soon_threadsafe(self._tell, units, outcomes)

    def _take(self) -> list[_Unit]:
        """Return what waits, oldest first; once nothing does, the next to come begins anew."""
        units: list[_Unit] = []
        with self._lock:
            while self._waiting and len(units) < MOST_TOGETHER:
                unit = self._waiting.popleft()
                if not unit.waiter.cancelled():
                    units.append(unit)
            self._is_writing = bool(units)
        return units

    def _carry_out(self, calls: Sequence[Call]) -> list[Outcome]:
        begun = 0

        def in_turn(place: int, call: Call) -> Call:
            def carry_out(db: Db) -> Any:
                nonlocal begun
                begun = place
                return call(db)

            return carry_out

        try:
            return self._transact([in_turn(place, call) for place, call in enumerate(calls)])
        except (DatabaseBusy, LeaseLost) as error:
            # None of them was written.
            return [Outcome(raised=error)] * len(calls)
        except BaseException as error:
            if len(calls) == 1:
                return [Outcome(raised=error)]
        # The last that was begun failed and took the others' work with it: those before it anew,
        # it alone, and those after it.
        parts = (calls[:begun], calls[begun : begun + 1], calls[begun + 1 :])
        return [outcome for part in parts if part for outcome in self._carry_out(part)]

    def _tell(self, units: Sequence[_Unit], outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.changed:
                self._notify(outcome.changed)
        for unit, outcome in zip(units, outcomes, strict=True):
            if unit.waiter.done():
                continue  # it went meanwhile; what it asked for was done
            if outcome.raised is None:
                unit.waiter.set_result(outcome.returned)
            else:
                unit.waiter.set_exception(outcome.raised)
