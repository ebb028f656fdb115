"""Lists: which sessions a page has, in time that does not grow with history.

The way is chosen by what it reads. An index that has the list's own order answers at once. Else
the next rows in that order are looked through: a few, and if they do not fill the page, the rows
that an index names for the rarest filter; if those are many, more rows of the order. Only if every
filter is common and the page still not full, all rows are looked through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sessions_spawner.request.ids import is_drive_id

from ..db import search_index
from ..db.engine import Db
from . import statements
from .columns import fold
from .people import persons_of
from .query import (
    MOST_COUNTED,
    Page,
    Position,
    Query,
    order_of,
    read_cursor,
    split_states,
    statuses_of,
    write_cursor,
)
from .reading import make_session
from .search import is_common, kept_up_to, make_match, make_pattern
from .statements import DRIVES, PERSONS, STATES, TERM, Shape

# How many rows of the list's order are looked through before an index is asked, and before one
# that names many; how many rows an index may name to be answered from them. What fits fewer than
# SELDOM of the rows that are PROBED is in few rows at all: an index finds them sooner.
GLANCE: Final = 200
PROBED: Final = 1000
SELDOM: Final = 3
LOOKED_THROUGH: Final = 4000
FEW: Final = 1000
MANY: Final = 5000


@dataclass(frozen=True)
class Look:
    """One list: the shape of its statements, their values, where it begins, how much is wanted."""

    db: Db
    shape: Shape
    values: dict[str, Any]
    position: Position | None
    wanted: int

    @property
    def back(self) -> bool:
        """Tell whether the list is read towards its beginning."""
        return self.position is not None and self.position.back

    @property
    def parameters(self) -> dict[str, Any]:
        """The values with the position's."""
        if self.position is None:
            return self.values
        return {**self.values, "at_key": self.position.key, "at_id": self.position.id}


@dataclass(frozen=True)
class Total:
    """How many rows a list has, at least."""

    count: int
    is_capped: bool


def list_page(db: Db, query: Query) -> Page:
    """Return a page of a list. Raises `WrongCursor`."""
    begin = read_cursor(query)
    look = _make_look(db, query, begin[0] if begin else None)
    if look is None:
        return Page()
    known = Total(begin[1], begin[2]) if begin and query.limit else None
    rows, total = _find(look, known)
    return _make_page(query, look, rows[: query.limit], len(rows) > query.limit, total)


def _make_look(db: Db, query: Query, position: Position | None) -> Look | None:
    """Return what a query looks for; None if nobody's sessions can be meant."""
    persons = persons_of(db, query)
    if persons is not None and not persons:
        return None
    values = _values_of(query, persons)
    filters = tuple(name for name in _NAMES if name in values)
    one_person = "person" in values
    shape = Shape(
        dialect=db.dialect.name,
        is_active=query.tab == "active",
        one_person=one_person,
        filters=filters,
        single=None,
        sort=order_of(query),
        descending=query.descending,
    )
    if len(filters) == 1 and shape.sort == "created_at" and shape.has_index(filters[0]):
        of_one = values[filters[0]]
        if len(of_one) == 1:
            shape = replace(shape, single=filters[0])
            values["single"] = of_one[0]
    return Look(db, shape, values, position if query.limit else None, query.limit + 1)


_NAMES: Final = (
    "status", "environment", "drive_name", "billing_project", STATES, DRIVES, PERSONS, TERM,
)  # fmt: skip


def _values_of(query: Query, persons: frozenset[str] | None) -> dict[str, Any]:
    """Return filters' names with their values, and what the statements' conditions need beside."""
    values: dict[str, Any] = {}
    if persons is not None:
        values |= {"person": next(iter(persons))} if len(persons) == 1 else {PERSONS: list(persons)}
    if query.states:
        statuses, states = split_states(query.states)
        values["status"] = sorted(statuses | statuses_of(states))
        if states:
            values |= {STATES: True, "statuses": sorted(statuses), "states": sorted(states)}
    if query.environments:
        values["environment"] = list(query.environments)
    if query.billing_projects:
        values["billing_project"] = list(query.billing_projects)
    values |= _drive_values(query.drives)
    term = fold(query.q.strip())
    if term:
        values |= {TERM: True, "term": term, "pattern": make_pattern(term)}
    return values


def _drive_values(drives: Sequence[str]) -> dict[str, Any]:
    if not drives:
        return {}
    ids = [drive for drive in drives if is_drive_id(drive)]
    if not ids:
        return {"drive_name": list(drives)}
    return {DRIVES: True, "drive_ids": ids, "drive_names": list(drives)}


def _find(look: Look, known: Total | None) -> tuple[Sequence[Any], Total]:
    """Return the rows of the page, one more if there are more, and the total."""
    shape, db = look.shape, look.db
    if shape.single or not shape.filters:
        rows: Sequence[Any] = ()
        if look.wanted > 1:
            page = statements.page_by_index(shape, look.position is not None, look.back)
            rows = db.execute(page, {**look.parameters, "wanted": look.wanted}).all()
        return rows, known or _count(look, shape.single)
    keys, total = _search(look, known)
    return _fetch(look, keys), total


def _search(look: Look, known: Total | None) -> tuple[list[Any], Total]:
    """Return (seq, key, id) of the page's rows in order, and the total."""
    keys, is_all = _scan(look, GLANCE)
    if len(keys) < look.wanted and not is_all:
        few = _candidates(look, FEW, at_once=True)
        if few is not None:
            return _among(look, few, known)
        keys, is_all = _scan(look, PROBED)
    if SELDOM <= len(keys) < look.wanted and not is_all:
        keys, is_all = _scan(look, LOOKED_THROUGH)
    if len(keys) < look.wanted and not is_all:
        many = _candidates(look, MANY, at_once=False)
        if many is not None:
            return _among(look, many, known)
        keys = _run_scan(look, bounded=False)
    return keys, known or _count_searched(look, keys, is_all)


def _scan(look: Look, budget: int) -> tuple[list[Any], bool]:
    """Look through the next rows of the order; return those that fit, and whether that is all."""
    keys = _run_scan(look, bounded=True, budget=budget)
    if len(keys) >= look.wanted:
        return keys, False
    return keys, _has_fewer(look, budget)


def _run_scan(look: Look, *, bounded: bool, budget: int = 0) -> list[Any]:
    statement = statements.scan(look.shape, look.position is not None, look.back, bounded)
    parameters = {**look.parameters, "budget": budget, "wanted": look.wanted}
    return list(look.db.execute(statement, parameters).all())


def _has_fewer(look: Look, budget: int) -> bool:
    """Tell whether fewer rows than the budget come after the position, fitting or not."""
    statement = statements.scanned(look.shape, look.position is not None, look.back)
    seen = look.db.execute(statement, {**look.parameters, "budget": budget}).scalar_one()
    return int(seen) < budget


def _count_searched(look: Look, keys: Sequence[Any], is_all: bool) -> Total:
    """Return the total of a list that no index has in its order."""
    if is_all and look.position is None:
        return _total_of(len(keys))
    filters = look.shape.filters
    if len(filters) == 1 and look.shape.has_index(filters[0]):
        return _count(look, filters[0])
    whole = replace(look, position=None)
    parameters = {**look.values, "budget": LOOKED_THROUGH, "most": MOST_COUNTED + 1}
    found = look.db.execute(statements.count_by_scan(look.shape), parameters).scalar_one()
    is_capped = found > MOST_COUNTED or not _has_fewer(whole, LOOKED_THROUGH)
    return Total(min(found, MOST_COUNTED), is_capped)


def _count(look: Look, name: str | None) -> Total:
    statement = statements.count_by_index(look.shape, name)
    parameters = {**look.values, "most": MOST_COUNTED + 1}
    return _total_of(look.db.execute(statement, parameters).scalar_one())


def _total_of(count: int) -> Total:
    return Total(min(count, MOST_COUNTED), count > MOST_COUNTED)


def _candidates(look: Look, most: int, *, at_once: bool) -> set[int] | None:
    """Return the numbers of all rows that can fit, by the indexes of filters with up to `most`.

    None if every filter has more. `at_once` leaves out indexes that find all rows before one.
    """
    found: set[int] | None = None
    for name in look.shape.filters:
        if name == TERM:
            numbers = _candidates_of_term(look, most, at_once)
        else:
            numbers = _named_by(look, statements.candidates(look.shape, name), most)
        if numbers is not None:
            found = numbers if found is None else found & numbers
    return found


def _candidates_of_term(look: Look, most: int, at_once: bool) -> set[int] | None:
    """Return the rows that hold the term, by the index of its letters or of its person."""
    shape, term = look.shape, look.values["term"]
    if len(term) < 3:
        found = None
        if not is_common(look.db, term):
            look.values["kept_up_to"] = kept_up_to(look.db)
            found = _named_by(look, statements.candidates_of_short_term(), most)
    elif shape.dialect == "sqlite":
        found = None
        if search_index.exists(look.db):
            look.values["match"] = make_match(term)
            found = _named_by(look, statements.candidates_of_match(), most)
    elif at_once or shape.is_active or not search_index.exists(look.db):
        return None  # PostgreSQL's index is over history, and finds all rows before one
    else:
        return _named_by(look, statements.candidates_of_pattern(shape), most)
    if found is None and not at_once and shape.covers:
        return _named_by(look, statements.candidates_of_person(shape), most)
    return found


def _named_by(look: Look, statement: statements.Rows | None, most: int) -> set[int] | None:
    """Return the numbers that a statement names; None if they are more than `most`."""
    if statement is None:
        return None
    numbers = look.db.execute(statement, {**look.values, "most": most + 1}).scalars().all()
    return set(numbers) if len(numbers) <= most else None


def _among(look: Look, numbers: set[int], known: Total | None) -> tuple[list[Any], Total]:
    """Return the page's keys among candidates, in order, and the total."""
    if not numbers:
        return [], known or Total(0, False)
    dialect, descending = look.shape.dialect, look.shape.descending
    given = {**look.values, "numbers": statements.make_numbers(sorted(numbers), dialect)}
    rows = look.db.execute(statements.fitting(look.shape), given).all()
    ordered = sorted(rows, key=_place, reverse=descending is not look.back)
    if look.position is not None:
        at = (look.position.key, look.position.id)
        if descending is look.back:
            ordered = [row for row in ordered if _place(row) > at]
        else:
            ordered = [row for row in ordered if _place(row) < at]
    return ordered[: look.wanted], known or _total_of(len(rows))


def _place(row: Any) -> tuple[Any, str]:
    return row.key, row.id


def _fetch(look: Look, keys: Sequence[Any]) -> list[Any]:
    """Return the whole rows of the page's keys, in their order."""
    if look.wanted <= 1 or not keys:
        return []
    dialect = look.shape.dialect
    numbers = [key.seq for key in keys[: look.wanted]]
    given = {"numbers": statements.make_numbers(numbers, dialect)}
    rows = look.db.execute(statements.rows_of(dialect, look.shape.sort), given).all()
    return sorted(rows, key=_place, reverse=look.shape.descending is not look.back)


def _make_page(query: Query, look: Look, rows: Sequence[Any], has_more: bool, total: Total) -> Page:
    if look.back:
        rows = rows[::-1]
    before, beyond = (has_more, True) if look.back else (look.position is not None, has_more)

    def cursor(row: Any, *, back: bool) -> str:
        position = Position(row.key, row.id, back)
        return write_cursor(query, position, total.count, total.is_capped)

    return Page(
        items=[make_session(row[:-1]) for row in rows],
        total=total.count,
        total_is_capped=total.is_capped,
        next=cursor(rows[-1], back=False) if rows and beyond else None,
        prev=cursor(rows[0], back=True) if rows and before else None,
    )
