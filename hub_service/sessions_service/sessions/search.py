"""Search: how a term is looked up, and the postings of terms too short for three letters.

Postings are kept for a hundred sessions at a time: a hundred texts share most of their one- and
two-letter terms, so this costs a tenth of writing them with each session. The row of the empty
term says up to which session they are kept; the few newer sessions are looked at one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import TextClause, bindparam, select, text

from ..db.engine import Db
from .rows import SESSIONS, TERMS

# A term in more sessions than this is common: looking newest first finds it soon enough.
COMMON: Final = 2000
BATCH: Final = 100
# The term whose number is not a count but the last session whose terms are kept.
UP_TO: Final = ""
_MOST_PIECES: Final = 12
_SESSIONS_WITH: Final = select(TERMS.c.sessions).where(TERMS.c.term == bindparam("term"))


def short_terms(search: str) -> frozenset[str]:
    """Return the distinct one- and two-letter pieces of a searched text, line by line."""
    found: set[str] = set()
    for line in search.split("\n"):
        found.update(line)
        found.update(line[at : at + 2] for at in range(len(line) - 1))
    return frozenset(found)


def note_inserted(db: Db, seq: int) -> None:
    """Keep the terms of the newest sessions if there are enough of them; `seq` is the last one."""
    last = kept_up_to(db)
    if seq - last < BATCH:
        return
    newer = select(SESSIONS.c.seq, SESSIONS.c.search).where(SESSIONS.c.seq > last)
    rows = db.execute(newer.order_by(SESSIONS.c.seq).limit(2 * BATCH)).all()
    pairs = [(term, row.seq) for row in rows for term in short_terms(row.search)]
    _keep(db, pairs)
    _set_up_to(db, rows[-1].seq)


def note_changed(db: Db, seq: int, terms: Iterable[str]) -> None:
    """Keep terms that a session's text has got since its row was made."""
    if seq <= kept_up_to(db):
        _keep(db, [(term, seq) for term in terms])


def kept_up_to(db: Db) -> int:
    """Return the number of the last session whose terms are kept."""
    return db.execute(_SESSIONS_WITH, {"term": UP_TO}).scalar() or 0


def is_common(db: Db, term: str) -> bool:
    """Tell whether a short term has no postings because too many sessions hold it."""
    return (db.execute(_SESSIONS_WITH, {"term": term}).scalar() or 0) > COMMON


def make_match(term: str) -> str:
    """Return FTS5's query for the three-letter pieces of a term, all of which have to occur."""
    pieces = list(dict.fromkeys(term[at : at + 3] for at in range(len(term) - 2)))
    step = -(-len(pieces) // _MOST_PIECES)
    return " AND ".join('"' + piece.replace('"', '""') + '"' for piece in pieces[::step])


def make_pattern(term: str) -> str:
    r"""Return the LIKE pattern for a term anywhere in a text, with `\` for escaping."""
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


# A list of (term, number) as one parameter, and as a table; the same for what is asked first.
_TABLES: Final = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS term, json_extract(value, '$[1]') AS n "
    "FROM json_each(:pairs)",
    "postgresql": "SELECT unnest(CAST(:terms AS text[])) AS term, "
    "unnest(CAST(:numbers AS bigint[])) AS n",
}


def _pack_sqlite(pairs: list[tuple[str, int]]) -> dict[str, Any]:
    return {"pairs": orjson.dumps(pairs).decode()}


def _pack_postgresql(pairs: list[tuple[str, int]]) -> dict[str, Any]:
    return {"terms": [term for term, _n in pairs], "numbers": [n for _term, n in pairs]}


_PACK: Final[dict[str, Callable[[list[tuple[str, int]]], dict[str, Any]]]] = {
    "sqlite": _pack_sqlite,
    "postgresql": _pack_postgresql,
}


def _keep(db: Db, pairs: list[tuple[str, int]]) -> None:
    """Write the postings of terms that are not common, and count the sessions that hold them."""
    dialect = db.dialect.name
    given, pack = _TABLES[dialect], _PACK[dialect]
    counts = sorted(Counter(term for term, _seq in pairs).items())
    known = db.execute(_select_common(given), {**pack(counts), "common": COMMON})
    common = set(known.scalars())
    rare = sorted(pair for pair in pairs if pair[0] not in common)
    if rare:
        new = [(term, count) for term, count in counts if term not in common]
        db.execute(_count_up(given), pack(new))
        db.execute(_post(given), pack(rare))


def _set_up_to(db: Db, seq: int) -> None:
    last = kept_up_to(db)
    dialect = db.dialect.name
    db.execute(_count_up(_TABLES[dialect]), _PACK[dialect]([(UP_TO, seq - last)]))


@cache
def _select_common(given: str) -> TextClause:
    return text(
        "SELECT search_terms.term FROM search_terms "  # noqa: S608
        f"JOIN ({given}) AS given ON given.term = search_terms.term WHERE sessions > :common"
    )


@cache
def _count_up(given: str) -> TextClause:
    return text(
        f"INSERT INTO search_terms (term, sessions) SELECT term, n FROM ({given}) AS given "  # noqa: S608
        "WHERE true ON CONFLICT (term) DO UPDATE SET sessions = search_terms.sessions "
        "+ excluded.sessions"
    )


@cache
def _post(given: str) -> TextClause:
    return text(
        f"INSERT INTO search_postings (term, seq) SELECT term, n FROM ({given}) AS given "  # noqa: S608
        "WHERE true ON CONFLICT DO NOTHING"
    )
