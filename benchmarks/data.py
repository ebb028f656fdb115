"""A seeded history: the same rows for every run, on SQLite and on PostgreSQL.

10,000 owners, one of whom has 50,000 of 1,000,000 sessions; from 62 % to 0.8 % of the rows in a
status; and what the search benchmark's hard terms need.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.schema import CreateIndex, DropIndex

from sessions_service.db import search_index
from sessions_service.db.engine import make_engine
from sessions_service.db.migrations import upgrade
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.table import State
from sessions_service.sessions.columns import derive
from sessions_service.sessions.rows import PEOPLE, POSTINGS, SESSIONS, TERMS
from sessions_service.sessions.search import COMMON, UP_TO, short_terms

BIG_OWNER: Final = "olga"
BEGIN: Final = datetime(2023, 11, 1, tzinfo=UTC)
SPAN: Final = timedelta(days=3 * 365)
# Status by share of the rows: (state, causes, weight in thousandths).
FATES: Final = (
    (State.STOPPED, (Cause.IDLE, Cause.LIFETIME, Cause.EXITED), 620),
    (State.STOPPED, (Cause.USER, Cause.ADMIN), 210),
    (State.FAILED, (Cause.CRASHED, Cause.OUT_OF_MEMORY, Cause.START_TIMEOUT), 154),
    (State.RUNNING, (None,), 8),
    (State.PROVISIONING, (None,), 8),
)
ENVIRONMENTS: Final = tuple(f"env-{number:02d}" for number in range(20))
DRIVES: Final = ("default", *(f"drive-{number:03d}" for number in range(200)))
PROJECTS: Final = (None, *(f"project-{number:02d}" for number in range(30)))
# Terms that a search finds hard, and how many of the rows hold each.
HARD_TERMS: Final = (
    ("absent", "qqzzx"),
    ("one hit", "needle-7f3a"),
    ("a third of the rows", "churn"),
    ("one letter", "a"),
    ("two letters", "ch"),
    ("percent sign", "%"),
    ("underscore", "_"),
    ("other case", "CHURN"),
    ("É", "É"),
)
_BATCH: Final = 20_000
_WORDS: Final = ("heron", "otter", "maple", "ridge", "comet", "fern", "grove", "lark", "raven")
_STATES = [fate for fate in FATES for _ in range(fate[2])]


@dataclass(frozen=True)
class Size:
    """How large a history is; its biggest owner has a twentieth of it."""

    rows: int

    @property
    def owners(self) -> int:
        """How many people own sessions."""
        return max(10, self.rows // 100)


def owner_key(owner: str) -> str:
    """Return who an owner is."""
    return f"{owner}@2023-01-01T00:00:00Z"


def load(url: str, rows: int, *, seed: int = 1) -> None:
    """Fill an empty database with a history of so many rows; its indexes are made afterwards."""
    engine = make_engine(url)
    upgrade(engine)
    there = {index["name"] for index in inspect(engine).get_indexes("sessions")}
    indexes = [index for index in SESSIONS.indexes if index.name in there]
    with engine.begin() as connection:
        search_index.drop(connection)
        for index in indexes:
            connection.execute(DropIndex(index))
        _fill(connection, Size(rows), random.Random(seed))
        for index in indexes:
            connection.execute(CreateIndex(index))
        search_index.ensure(connection)
    _analyse(engine)
    engine.dispose()


def _fill(connection: Connection, size: Size, chance: random.Random) -> None:
    counts: Counter[str] = Counter()
    common: frozenset[str] = frozenset()
    made = enumerate(make_rows(size, chance), start=1)
    while batch := list(islice(made, _BATCH)):
        _insert(connection, SESSIONS, [{"seq": seq, **row} for seq, row in batch])
        postings = []
        for seq, row in batch:
            terms = short_terms(row["search"]) - common
            counts.update(terms)
            postings += [{"term": term, "seq": seq} for term in terms if counts[term] <= COMMON + 1]
        _insert(connection, POSTINGS, postings)
        common = frozenset(term for term, count in counts.items() if count > COMMON)
    counts[UP_TO] = size.rows
    _insert(connection, TERMS, [{"term": term, "sessions": n} for term, n in counts.items()])
    _insert(connection, PEOPLE, list(_make_people(size)))
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT setval('sessions_seq_seq', (SELECT max(seq) FROM sessions))")
        )


def _make_people(size: Size) -> Iterator[dict[str, Any]]:
    for owner in (BIG_OWNER, *map(make_owner, range(size.owners - 1))):
        yield {"owner_key": owner_key(owner), "owner": owner, "folded_email": _email(owner)}


def make_owner(number: int) -> str:
    """Return the name of one of the owners beside the biggest."""
    return f"{('anna', 'ben', 'kim', 'noor')[number % 4]}-{number:05d}"


def _email(owner: str) -> str:
    return f"{owner}@{('example.org', 'example.com')[len(owner) % 2]}"


def make_rows(size: Size, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield the rows of `sessions` in the order of their creation."""
    needle = size.rows // 3
    step = SPAN / size.rows
    for number in range(size.rows):
        big = chance.random() < 0.05
        owner = BIG_OWNER if big else make_owner(chance.randrange(size.owners - 1))
        at = BEGIN + step * number + timedelta(microseconds=chance.randrange(1000))
        name = "needle-7f3a" if number == needle else _name(chance, number)
        yield _make_row(chance, number, owner, name, at)


def _name(chance: random.Random, number: int) -> str:
    if number % 50_000 == 7:
        return f"100% {chance.choice(_WORDS)}"
    if number % 20_000 == 9:
        return f"a_b-{chance.choice(_WORDS)}"
    if number % 5_000 == 11:
        return f"Émile-{chance.choice(_WORDS)}"
    first = "churn" if chance.random() < 1 / 3 else chance.choice(_WORDS)
    return f"{first}-{chance.choice(_WORDS)}-{chance.randrange(10, 100)}"


def _skewed(chance: random.Random, values: Sequence[Any], power: float = 3.0) -> Any:
    """Return a value; the first ones come up most, the last ones hardly ever."""
    return values[int(len(values) * chance.random() ** power)]


def _make_id(number: int) -> str:
    digest = hashlib.blake2b(number.to_bytes(8, "big"), digest_size=11).digest()
    return "s" + "".join("abcdefghijklmnopqrstuvwxyz234567"[byte & 31] for byte in digest)


def _make_row(
    chance: random.Random, number: int, owner: str, name: str, at: datetime
) -> dict[str, Any]:
    state, causes, _weight = chance.choice(_STATES)
    cause = chance.choice(causes)
    ended_at = at + timedelta(seconds=chance.randrange(60, 50_000)) if cause else None
    expires_at = at + timedelta(seconds=chance.randrange(60, 50_000)) if cause is None else None
    environment = _skewed(chance, ENVIRONMENTS)
    drive = _skewed(chance, DRIVES, 6.0)
    session_id = _make_id(number)
    row = {
        "id": session_id,
        "server": session_id,
        "owner": owner,
        "owner_key": owner_key(owner),
        "email": _email(owner),
        "name": name,
        "environment": environment,
        "environment_title": environment.upper(),
        "image": None,
        "state": state.value,
        "wanted": "stop" if cause else "run",
        "cause": cause.value if cause else None,
        "ended_by": owner if cause else None,
        "ended_by_kind": "person" if cause else None,
        "ended_on_behalf_of": None,
        "generation": 1,
        "version": 6,
        "revision": number + 1,
        "lines": 6,
        "origin": "new",
        "parent": None,
        "request": {
            "version": 1,
            "environment": environment,
            "idle_timeout": 3600,
            "drive": drive,
            "resources": {"cpu": "2", "memory": "4Gi"},
            "ports": [{"number": 8080, "name": "api"}],
        },
        "request_digest": f"{number:064x}",
        "cpu": "2",
        "memory": "4Gi",
        "drive_id": "d" + session_id[1:],
        "drive_name": drive,
        "idle_timeout": 3600,
        "max_lifetime": None,
        "created_at": at,
        "started_at": at,
        "ready_at": at + timedelta(seconds=1),
        "ended_at": ended_at,
        "last_used_at": ended_at,
        "extended_until": None,
        "lifetime_ends_at": None,
        "expires_at": expires_at,
        "token_sha256": f"{number:064x}",
        "billing_project": _skewed(chance, PROJECTS),
        "service_account": None,
        "archived": False,
        "hub_removed": cause is not None,
        "stages": [{"name": "ready", "at": at.isoformat()}],
        "evidence": {"exit_code": 0, "lines": ["the last line of the log"] * 3} if cause else {},
    }
    return {**row, **derive({**row, "state": state, "cause": cause})}


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
    else:
        connection.execute(table.insert(), rows)


def _copy(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([_plain(row[name]) for name in names])


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _analyse(engine: Engine) -> None:
    """Let PostgreSQL and SQLite settle as they would after a night."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
