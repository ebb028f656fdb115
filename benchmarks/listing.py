"""P9 to P11: pages, totals and searches over a long history, beside the hub's page of users.

`python -m benchmarks.listing [--rows 1000000] [--rounds 5] [--requests 400] [--keep FOLDER]`. Both
sides answer over HTTP to one client, the hub at its own port. Stock of P9 is a page of 20 users of
a hub with as many users as our history has owners (10,000 for 1,000,000 rows), at random offsets;
of P10 the walk over all of them, 200 at a time; of P11 a `LIKE` scan of the same table, which no
HTTP is counted for. Ours answers without signing in: the service keeps who asks in memory.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Engine, text

from benchmarks.data import BIG_OWNER, HARD_TERMS, Size, load, make_owner, owner_key
from benchmarks.report import Result, median, percentile, show
from benchmarks.stock import StockHub
from sessions_service.db.engine import make_engine
from sessions_service.sessions.search import make_pattern
from tests.support.parts import find_postgresql
from tests.support.postgresql_server import running_postgresql
from tests.support.product import ADMIN_TOKEN, free_port
from tests.support.waiting import wait_for

SORTS: Final = ("started_at", "name", "environment", "drive", "ended_at")
FILTERS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"environments": "env-00"},
    {"environments": "env-19"},
    {"drives": "default"},
    {"drives": "drive-199"},
    {"states": "failed"},
    {"billing_projects": "project-29"},
)
_WALK: Final = 200
_SCANS: Final = 3

Call = Callable[[], object]


class Client:
    """One connection that is kept open; answers are read whole."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=300)
        self._headers = headers or {}

    def get(self, path: str, **query: Any) -> Any:
        """Return the JSON of an address."""
        self._connection.request("GET", f"{path}?{urlencode(query)}", headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        return json.loads(body)


@contextmanager
def serving(url: str) -> Iterator[Client]:
    """Serve our lists of a database."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "benchmarks.listing_server", url, str(port)]
    server = subprocess.Popen(command)
    try:
        wait_for(lambda: _answers(address), what="our lists")
        yield Client(address)
    finally:
        server.terminate()
        server.wait()


def _answers(url: str) -> bool:
    try:
        return bool(Client(url).get("/page", limit=0))
    except OSError:
        return False


@contextmanager
def stock_hub(folder: Path, users: int) -> Iterator[Client]:
    """Run a stock hub with so many users."""
    hub = StockHub(folder)
    try:
        names = [f"user-{number:05d}" for number in range(users)]
        for begin in range(0, users, 500):
            hub.add_users(names[begin : begin + 500])
        accept = "application/jupyterhub-pagination+json"
        headers = {"Authorization": f"token {ADMIN_TOKEN}", "Accept": accept}
        yield Client(_hub_address(folder), headers)
    finally:
        hub.stop()


def _hub_address(folder: Path) -> str:
    """Return the hub's own address, without its proxy in between."""
    found = re.search(r'hub_bind_url = "(.+)"', (folder / "stock_config.py").read_text())
    assert found is not None
    return found[1]


def time_each(calls: Sequence[Call]) -> list[float]:
    """Return the milliseconds of each call."""
    times = []
    for call in calls:
        began = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - began))
    return times


class Comparison:
    """Rounds of two sides; keeps the median and the 99th percentile of each round."""

    def __init__(self, goal_id: str, what: str, goal: float) -> None:
        self._results = [
            Result(goal_id, f"{what} {name}", "ms", [], [], goal) for name in ("p50", "p99")
        ]

    def add(self, stock: Sequence[float], ours: Sequence[float]) -> None:
        """Take one round's milliseconds."""
        middle, slow = self._results
        middle.stock.append(median(stock))
        middle.ours.append(median(ours))
        slow.stock.append(percentile(stock, 0.99))
        slow.ours.append(percentile(ours, 0.99))
        for result in self._results:
            result.notes["n"] = len(ours)

    def show(self) -> None:
        """Print both lines."""
        show(*self._results)


class Bench:
    """The benchmark over one database."""

    def __init__(self, url: str, size: Size, ours: Client, hub: Client, requests: int) -> None:
        self._size = size
        self._ours = ours
        self._hub = hub
        self._requests = requests
        warm_up(url)
        self._engine = make_engine(url, read_only=True)
        self._chance = random.Random(1)
        self._what = f"{self._engine.dialect.name} rows={size.rows}"
        self._own = Comparison("P9", f"{self._what} own page, filters and sorts", 20)
        self._deep = Comparison("P9", f"{self._what} first page against a deep one", 0.5)
        self._all = Comparison("P10", f"{self._what} everybody's page with filter and total", 1000)
        self._search = Comparison("P11", f"{self._what} search, everybody's", 20)
        self._own_search = Comparison("P11", f"{self._what} search, biggest owner's", 20)

    def round(self) -> None:
        """Measure both sides of everything once."""
        pages = time_each([self._hub_page() for _ in range(self._requests // 4)])
        self._own.add(pages, time_each([self._own_page() for _ in range(self._requests)]))
        self._compare_depth()
        walk = time_each([self._hub_walk])
        self._all.add(walk, time_each([self._page_of_all() for _ in range(self._requests)]))
        scans = time_each([self._scan(term) for _name, term in HARD_TERMS] * _SCANS)
        self._search.add(scans, time_each(self._searches(owner_key="")))
        self._own_search.add(scans, time_each(self._searches(owner_key=owner_key(BIG_OWNER))))

    def show(self) -> None:
        """Print the lines."""
        for one in (self._own, self._deep, self._all, self._search, self._own_search):
            one.show()
        self._show_terms()
        self._engine.dispose()

    def _hub_page(self) -> Call:
        offset = self._chance.randrange(max(1, self._size.owners - 20))
        return lambda: self._hub.get("/hub/api/users", limit=20, offset=offset)

    def _hub_walk(self) -> None:
        offset: int | None = 0
        while offset is not None:
            page = self._hub.get("/hub/api/users", limit=_WALK, offset=offset)
            following = page["_pagination"]["next"]
            offset = following["offset"] if following else None

    def _owner(self) -> str:
        big = self._chance.random() < 0.2
        name = BIG_OWNER if big else make_owner(self._chance.randrange(self._size.owners - 1))
        return owner_key(name)

    def _own_page(self) -> Call:
        query = {**self._chance.choice(FILTERS), "owner_key": self._owner(), **self._order()}
        return lambda: self._ours.get("/page", **query)

    def _order(self) -> dict[str, str]:
        descending = self._chance.choice(("true", "false"))
        return {"sort": self._chance.choice(SORTS), "descending": descending, "tab": "history"}

    def _page_of_all(self) -> Call:
        query = {**self._chance.choice(FILTERS[1:]), "tab": "history"}
        return lambda: self._ours.get("/page", **query)

    def _compare_depth(self) -> None:
        """Compare the biggest owner's first page (as stock) with one 10,000 rows further."""
        query = {"owner_key": owner_key(BIG_OWNER), "tab": "history"}
        cursor = ""
        for _ in range(min(99, self._size.rows // 2500)):
            page = self._ours.get(
                "/page", **query, limit=100, **({"cursor": cursor} if cursor else {})
            )
            cursor = page["next"] or cursor
        first = [lambda: self._ours.get("/page", **query)] * self._requests
        deep = [lambda: self._ours.get("/page", **query, cursor=cursor)] * self._requests
        self._deep.add(time_each(first), time_each(deep))

    def _searches(self, owner_key: str) -> list[Call]:
        more = {"owner_key": owner_key} if owner_key else {}
        times = max(1, self._requests // len(HARD_TERMS))
        return [self._search_for(term, more) for _name, term in HARD_TERMS] * times

    def _search_for(self, term: str, more: dict[str, str]) -> Call:
        return lambda: self._ours.get("/page", tab="history", q=term, **more)

    def _scan(self, term: str) -> Call:
        return lambda: scan(self._engine, term)

    def _show_terms(self) -> None:
        """Say how long each hard term takes: its figures hide in the percentiles of all."""
        for name, term in HARD_TERMS:
            times = time_each([self._search_for(term, {})] * 20)
            shown = f"p50 {median(times):.2f} ms max {max(times):.2f} ms"
            print(f"   {self._what} search for {name}: {shown}", flush=True)


def warm_up(url: str) -> None:
    """Have the database's files in memory, as the hub's small one is: no disk is compared here."""
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        with Path(str(engine.url.database)).open("rb") as file:
            while file.read(1 << 24):
                pass
    else:
        kept = "relkind IN ('r', 'i', 't') AND relnamespace = 'public'::regnamespace"
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_prewarm"))
            connection.execute(
                text(f"SELECT pg_prewarm(oid, 'read') FROM pg_class WHERE {kept}")  # noqa: S608
            )
    engine.dispose()


def scan(engine: Engine, term: str) -> None:
    """Search as a table without an index for it does: every row, the newest 20 that fit."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if not is_sqlite:
            for plan in ("indexscan", "bitmapscan", "indexonlyscan"):
                connection.execute(text(f"SET LOCAL enable_{plan} = off"))
        table = "sessions NOT INDEXED" if is_sqlite else "sessions"
        query = text(
            f"SELECT id FROM {table} WHERE search LIKE :pattern ESCAPE '\\' "  # noqa: S608
            "ORDER BY created_at DESC LIMIT 20"
        )
        connection.execute(query, {"pattern": make_pattern(term)}).all()


@contextmanager
def databases(folder: Path, rows: int, filled: str | None) -> Iterator[list[str]]:
    """Give the addresses of filled databases: SQLite, and PostgreSQL if its programs are there."""
    path = folder / f"listing-{rows}.sqlite"
    urls = [f"sqlite:///{path}"]
    with ExitStack() as stack:
        if not path.exists():
            load(urls[0], rows)
        programs = find_postgresql()
        if filled:
            urls.append(filled)
        elif programs is None:
            print("PostgreSQL is not there: its lines are left out")
        else:
            server = stack.enter_context(running_postgresql(programs))
            urls.append(stack.enter_context(server.new_database()))
            load(urls[1], rows)
        yield urls


def main() -> None:
    """Run the benchmark and print its lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--filled", help="address of a PostgreSQL database that `data` filled")
    parser.add_argument("--keep", type=Path, help="folder where SQLite's history is kept")
    options = parser.parse_args()
    size = Size(options.rows)
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        folder = Path(temporary)
        urls = stack.enter_context(databases(options.keep or folder, options.rows, options.filled))
        hub = stack.enter_context(stock_hub(folder, size.owners))
        for url in urls:
            with serving(url) as ours:
                bench = Bench(url, size, ours, hub, options.requests)
                for _ in range(options.rounds):
                    bench.round()
                bench.show()


if __name__ == "__main__":
    main()
