"""The statements of lists, made once for each shape of a list and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import BigInteger

from ..db import search_index
from .models import FIELDS
from .rows import COVERING_INDEX, FILTER_COLUMNS, MOUNTS, POSTINGS, SESSIONS, Key

# Filters beside those over columns of their own.
STATES: Final = "states"
DRIVES: Final = "drives"
PERSONS: Final = "owner_key"
TERM: Final = "search"


Rows: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Shape:
    """What decides a list's statements; the values are parameters.

    `filters` are names of filters, `one_person` says that all rows are one person's, `single`
    names a filter of one value over an indexed column.
    """

    dialect: str
    is_active: bool
    one_person: bool
    filters: tuple[str, ...]
    single: str | None
    sort: str
    descending: bool

    @property
    def tab(self) -> ColumnElement[bool]:
        """The condition that a row is in this tab."""
        return SESSIONS.c.is_live if self.is_active else SESSIONS.c.in_history

    def index(self, column: str) -> str:
        """Return the name of the index over a column of this tab and person."""
        tab = "active" if self.is_active else "history"
        return f"ix_{tab}_owner_{column}" if self.one_person else f"ix_{tab}_{column}"

    @property
    def covers(self) -> bool:
        """Tell whether an index holds all that filters look at: a person's history on SQLite."""
        return self.dialect == "sqlite" and self.one_person and not self.is_active

    @property
    def scanned_index(self) -> str:
        """The name of the index by which rows are looked through in the list's order."""
        if self.covers and self.sort == "created_at":
            return COVERING_INDEX
        return self.index(self.sort)

    def has_index(self, name: str) -> bool:
        """Tell whether a filter has an index in this list; one person's live rows are few."""
        return name in FILTER_COLUMNS and not (self.is_active and self.one_person)


_COLUMNS: Final = [SESSIONS.c[name] for name in FIELDS]


def of_scope(shape: Shape) -> ColumnElement[bool]:
    """Return the condition that a row is in the tab, and the one person's if it is one's list."""
    if not shape.one_person:
        return shape.tab
    return and_(shape.tab, SESSIONS.c.owner_key == bindparam("person"))


@lru_cache(maxsize=512)
def page_by_index(shape: Shape, has_position: bool, back: bool) -> Rows:
    """Return the rows of a page whose order an index has: no filter, or one of one value."""
    name = shape.single or shape.sort
    query = select(*_COLUMNS, SESSIONS.c[shape.sort].label("key"))
    query = _hinted(query, shape, shape.index(name)).where(of_scope(shape))
    if shape.single:
        query = query.where(SESSIONS.c[shape.single] == bindparam("single"))
    return _ordered(query, shape, has_position, back).limit(bindparam("wanted"))


@lru_cache(maxsize=512)
def count_by_index(shape: Shape, name: str | None) -> Rows:
    """Return how many rows there are, of one indexed filter's if `name`; up to `most`."""
    query = _hinted(select(text("1")).select_from(SESSIONS), shape, shape.index(name or shape.sort))
    query = query.where(of_scope(shape))
    if name:
        query = query.where(_condition(SESSIONS.c, shape, name))
    return select(func.count()).select_from(query.limit(bindparam("most")).subquery())


@lru_cache(maxsize=512)
def scan(shape: Shape, has_position: bool, back: bool, bounded: bool) -> Rows:
    """Return (seq, key, id) of the fitting rows among the next `budget` ones of the order."""
    inner = select(*_columns_of(shape))
    inner = _hinted(inner, shape, shape.scanned_index).where(of_scope(shape))
    inner = _ordered(inner, shape, has_position, back)
    if not bounded:
        fitting = inner.where(*(_condition(SESSIONS.c, shape, name) for name in shape.filters))
        return fitting.limit(bindparam("wanted"))
    rows = inner.limit(bindparam("budget")).subquery()
    # Both databases hand a subquery's rows on in its order; ordering again would read all of them.
    fitting = select(rows.c.seq, rows.c.key, rows.c.id)
    fitting = fitting.where(*(_condition(rows.c, shape, name) for name in shape.filters))
    return fitting.limit(bindparam("wanted"))


@lru_cache(maxsize=512)
def scanned(shape: Shape, has_position: bool, back: bool) -> Rows:
    """Return how many rows of the order there are from a position on, up to `budget`."""
    inner = select(text("1")).select_from(SESSIONS)
    inner = _hinted(inner, shape, shape.index(shape.sort)).where(of_scope(shape))
    if has_position:
        inner = inner.where(_beyond(shape, back))
    return select(func.count()).select_from(inner.limit(bindparam("budget")).subquery())


@lru_cache(maxsize=512)
def count_by_scan(shape: Shape) -> Rows:
    """Return how many of the first `budget` rows of the order fit, up to `most`."""
    inner = select(*_columns_of(shape))
    inner = _hinted(inner, shape, shape.scanned_index).where(of_scope(shape))
    inner = _ordered(inner, shape, has_position=False, back=False)
    rows = inner.limit(bindparam("budget")).subquery()
    fitting: Rows = select(literal_column("1").label("one")).select_from(rows)
    fitting = fitting.where(*(_condition(rows.c, shape, name) for name in shape.filters))
    return select(func.count()).select_from(fitting.limit(bindparam("most")).subquery())


@lru_cache(maxsize=512)
def candidates(shape: Shape, name: str) -> Rows | None:
    """Return the numbers of the rows that an index names for one filter, up to `most`.

    None if no index is about it.
    """
    query: Rows
    if name == DRIVES:
        return None if shape.one_person and shape.is_active else _candidates_of_drives(shape)
    if name == PERSONS:
        index = "ix_active_owner_created_at" if shape.is_active else "ix_history_owner_created_at"
        query = _hinted(select(SESSIONS.c.seq), shape, index)
        query = query.where(shape.tab, _condition(SESSIONS.c, shape, name))
    elif shape.has_index(name):
        query = _hinted(select(SESSIONS.c.seq), shape, shape.index(name))
        query = query.where(of_scope(shape), _condition(SESSIONS.c, shape, name))
    else:
        return None
    return query.limit(bindparam("most"))


@cache
def candidates_of_short_term() -> Rows:
    """Return the numbers of the rows that hold a term of one or two letters, up to `most`.

    Those whose terms are not kept yet are among them.
    """
    posted = select(POSTINGS.c.seq).where(POSTINGS.c.term == bindparam("term"))
    newer = select(SESSIONS.c.seq).where(SESSIONS.c.seq > bindparam("kept_up_to"))
    either = posted.union_all(newer).subquery()
    return select(either.c.seq).limit(bindparam("most"))


@cache
def candidates_of_match() -> Rows:
    """Return the numbers of the rows that hold all pieces of a term, by FTS5, up to `most`."""
    table: ColumnElement[Any] = literal_column(search_index.SQLITE_TABLE)
    query: Rows = select(literal_column("rowid").label("seq"))
    query = query.select_from(text(search_index.SQLITE_TABLE))
    query = query.where(table.op("MATCH")(bindparam("match", type_=String())))
    return query.limit(bindparam("most"))


@lru_cache(maxsize=8)
def candidates_of_pattern(shape: Shape) -> Rows:
    """Return the numbers of the ended rows that hold a term, by pg_trgm, up to `most`."""
    query = select(SESSIONS.c.seq).where(SESSIONS.c.in_history, _condition(SESSIONS.c, shape, TERM))
    return query.limit(bindparam("most"))


@lru_cache(maxsize=64)
def candidates_of_person(shape: Shape) -> Rows:
    """Return the numbers of one person's ended rows that hold a term, up to `most`."""
    query = _hinted(select(SESSIONS.c.seq), shape, COVERING_INDEX)
    query = query.where(of_scope(shape), _condition(SESSIONS.c, shape, TERM))
    return query.limit(bindparam("most"))


@lru_cache(maxsize=512)
def fitting(shape: Shape) -> Rows:
    """Return (seq, key, id) of the rows among `numbers` that fit the whole list, unordered."""
    columns = (SESSIONS.c.seq, SESSIONS.c[shape.sort].label("key"), SESSIONS.c.id)
    query = _by_number(select(*columns), shape.dialect).where(of_scope(shape))
    return query.where(*(_condition(SESSIONS.c, shape, name) for name in shape.filters))


@lru_cache(maxsize=8)
def rows_of(dialect: str, sort: str) -> Rows:
    """Return the rows with the given numbers, unordered."""
    return _by_number(select(*_COLUMNS, SESSIONS.c[sort].label("key")), dialect)


def _by_number(query: Rows, dialect: str) -> Rows:
    """Restrict to the rows whose numbers are `numbers`, as `make_numbers` gives them."""
    if dialect == "sqlite":
        numbers = text("SELECT value FROM json_each(:numbers)")
        # Any other index would read more: the numbers are rows.
        return query.with_hint(SESSIONS, "NOT INDEXED", "sqlite").where(SESSIONS.c.seq.in_(numbers))
    array = bindparam("numbers", type_=postgresql.ARRAY(BigInteger))
    return query.where(SESSIONS.c.seq == func.any(array))


def _candidates_of_drives(shape: Shape) -> Rows:
    ids: BindParameter[str] = bindparam("drive_ids", expanding=True)
    mounted = select(MOUNTS.c.session_id).where(MOUNTS.c.drive_id.in_(ids))
    by_id = select(SESSIONS.c.seq).where(SESSIONS.c.id.in_(mounted))
    by_name = _hinted(select(SESSIONS.c.seq), shape, shape.index("drive_name"))
    by_name = by_name.where(of_scope(shape), _is_named(SESSIONS.c))
    either = by_id.union(by_name).subquery()
    return select(either.c.seq).limit(bindparam("most"))


def _columns_of(shape: Shape) -> list[ColumnElement[Any]]:
    """Return what a scan reads of a row: its key, and what its filters look at."""
    names = {
        column
        for name in shape.filters
        for column in {STATES: ("status", "state"), DRIVES: ("drive_name",)}.get(name, (name,))
    }
    columns = [SESSIONS.c[name] for name in sorted(names)]
    return [SESSIONS.c.seq, SESSIONS.c[shape.sort].label("key"), SESSIONS.c.id, *columns]


def _condition(columns: Any, shape: Shape, name: str) -> ColumnElement[bool]:
    """Return one filter's condition over a table's or subquery's columns."""
    if name == TERM:
        if shape.dialect == "sqlite":
            return func.instr(columns.search, bindparam("term", type_=String())) > 0
        like: ColumnElement[bool] = columns.search.like(
            bindparam("pattern", type_=String()), escape="\\"
        )
        return like
    if name == STATES:
        states = columns.state.in_(bindparam("states", expanding=True))
        return or_(columns.status.in_(bindparam("statuses", expanding=True)), states)
    if name == DRIVES:
        ids: BindParameter[str] = bindparam("drive_ids", expanding=True)
        mounted = select(MOUNTS.c.session_id).where(MOUNTS.c.drive_id.in_(ids))
        return or_(_is_named(columns), columns.id.in_(mounted))
    return columns[name].in_(bindparam(name, expanding=True))  # type: ignore[no-any-return]


def _is_named(columns: Any) -> ColumnElement[bool]:
    named: ColumnElement[bool] = columns.drive_name.in_(bindparam("drive_names", expanding=True))
    return named


def _hinted(query: Rows, shape: Shape, index: str) -> Rows:
    """Name the index on SQLite, whose planner keeps no figures about ours."""
    if shape.dialect != "sqlite":
        return query
    return query.with_hint(SESSIONS, f"INDEXED BY {index}", "sqlite")


def _ordered(query: Rows, shape: Shape, has_position: bool, back: bool) -> Rows:
    """Order by key and id, from a position on if there is one."""
    if has_position:
        query = query.where(_beyond(shape, back))
    by = (SESSIONS.c[shape.sort], SESSIONS.c.id)
    if shape.descending is back:
        return query.order_by(*by)
    return query.order_by(*(column.desc() for column in by))


def _beyond(shape: Shape, back: bool) -> ColumnElement[bool]:
    """Return the condition that a row comes after the position in the direction of reading."""
    column = SESSIONS.c[shape.sort]
    row = tuple_(column, SESSIONS.c.id)
    at = tuple_(bindparam("at_key", type_=column.type), bindparam("at_id", type_=Key))
    return row > at if shape.descending is back else row < at


def make_numbers(numbers: list[int], dialect: str) -> Any:
    """Return row numbers as the one parameter that they are."""
    if dialect == "sqlite":
        return f"[{','.join(map(str, numbers))}]"
    return numbers
