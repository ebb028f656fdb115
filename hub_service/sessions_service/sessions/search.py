"""Search: what a term is looked up by, and the postings of terms too short for three letters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session as Db

from .rows import TERMS

# A term in more sessions than this is common: looking newest first finds it soon enough.
COMMON: Final = 2000
_MOST_PIECES: Final = 12


def short_terms(search: str) -> frozenset[str]:
    """Return the distinct one- and two-letter pieces of a searched text, line by line."""
    found: set[str] = set()
    for line in search.split("\n"):
        found.update(line)
        found.update(line[at : at + 2] for at in range(len(line) - 1))
    return frozenset(found)


def note_terms(db: Db, seq: int, terms: Iterable[str]) -> None:
    """Keep which short terms a session's text holds, as long as they are not common."""
    given = sorted(terms)
    if not given:
        return
    dialect = db.get_bind().dialect.name
    each, pack = _EACH[dialect], _PACK[dialect]
    known = db.execute(_select_common(each), {"terms": pack(given), "common": COMMON})
    common = set(known.scalars())
    rare = [term for term in given if term not in common]
    if rare:
        db.execute(_count_up(each), {"terms": pack(rare)})
        db.execute(_post(each), {"terms": pack(rare), "seq": seq})


# A list of texts as one parameter, and as a table with the column `term`.
_EACH: Final = {
    "sqlite": "SELECT value AS term FROM json_each(:terms)",
    "postgresql": "SELECT unnest(CAST(:terms AS text[])) AS term",
}
_PACK: Final[dict[str, Callable[[list[str]], object]]] = {"sqlite": json.dumps, "postgresql": list}


@cache
def _select_common(each: str) -> TextClause:
    return text(f"SELECT term FROM search_terms WHERE term IN ({each}) AND sessions > :common")  # noqa: S608


@cache
def _count_up(each: str) -> TextClause:
    return text(
        f"INSERT INTO search_terms (term, sessions) SELECT term, 1 FROM ({each}) AS given "  # noqa: S608
        "WHERE true ON CONFLICT (term) DO UPDATE SET sessions = search_terms.sessions + 1"
    )


@cache
def _post(each: str) -> TextClause:
    return text(
        "INSERT INTO search_postings (term, seq) SELECT term, :seq "  # noqa: S608
        f"FROM ({each}) AS given WHERE true ON CONFLICT DO NOTHING"
    )


def is_common(db: Db, term: str) -> bool:
    """Tell whether a short term has no postings because too many sessions hold it."""
    count = db.execute(select(TERMS.c.sessions).where(TERMS.c.term == term)).scalar()
    return (count or 0) > COMMON


def make_match(term: str) -> str:
    """Return FTS5's query for the three-letter pieces of a term, all of which have to occur."""
    pieces = list(dict.fromkeys(term[at : at + 3] for at in range(len(term) - 2)))
    step = -(-len(pieces) // _MOST_PIECES)
    return " AND ".join('"' + piece.replace('"', '""') + '"' for piece in pieces[::step])


def make_pattern(term: str) -> str:
    r"""Return the LIKE pattern for a term anywhere in a text, with `\` for escaping."""
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
