"""Search: what a term is looked up by, and the postings of terms too short for three letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session as Db

from .rows import POSTINGS, TERMS

# A term in more sessions than this is common: looking newest first finds it soon enough.
COMMON: Final = 5000
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
    given = set(terms)
    rows = db.execute(select(TERMS.c.term, TERMS.c.sessions).where(TERMS.c.term.in_(given)))
    counts = {row.term: row.sessions for row in rows}
    rare = sorted(term for term in given if counts.get(term, 0) <= COMMON)
    if not rare:
        return
    new = [{"term": term, "sessions": 1} for term in rare if term not in counts]
    if new:
        db.execute(insert(TERMS), new)
    known = [term for term in rare if term in counts]
    if known:
        grown = update(TERMS).where(TERMS.c.term.in_(known))
        db.execute(grown.values(sessions=TERMS.c.sessions + 1))
    db.execute(insert(POSTINGS), [{"term": term, "seq": seq} for term in rare])


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
