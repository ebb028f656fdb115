"""Lists answer what looking at every row would, whatever way they take to it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from sessions_service.db import search_index
from sessions_service.db.engine import Db
from sessions_service.lifecycle.causes import Cause, status_of
from sessions_service.lifecycle.move import move
from sessions_service.lifecycle.table import LIVE, Event, State
from sessions_service.sessions import listing, search, store
from sessions_service.sessions.columns import derive, fold, make_search
from sessions_service.sessions.listing import list_page
from sessions_service.sessions.models import FIELDS, Mount, Session
from sessions_service.sessions.query import SORTS, Page, Query, WrongCursor
from sessions_spawner.request.ids import is_drive_id
from tests.support.records import NOON, add, after, end, run, scratch

OWNERS = ("anna", "ben", "émile", "a%b", "kim")
ENVIRONMENTS = ("python", "pytorch", "r")
DRIVES = ("default", "data", "daten", "d_ta")
PROJECTS = (None, "ml-q4", "ops")
NAMES = ("churn-model", "Größe", "100%", "a_b", "É", "straße", "x" * 40, "churn")
TERMS = (
    "churn", "CHURN", "gröSSe", "É", "é", "%", "_", "a", "an", "ann", "absent", "q7", "xxxx",
    "example", "straße", "-m", " churn ", "a%b", '"', "n\\", "default", "éMI",
)  # fmt: skip
EVERYTHING = Query(visible_to=None, tab="history", limit=20)


class Records:
    """A database with some hundred sessions in it, and the sessions."""

    def __init__(self, db: Db, made: dict[str, set[str]]) -> None:
        self.db = db
        self.mounts = made
        self.sessions = store.get_many(db, made)


@pytest.fixture(scope="module")
def records(engine: Engine) -> Iterator[Records]:
    """Give a database with sessions of many kinds, few of whose keys differ."""
    with pytest.MonkeyPatch.context() as patch, scratch(engine) as db:
        patch.setattr(search, "COMMON", 30)
        patch.setattr(search, "BATCH", 40)
        chance = random.Random(7)
        yield Records(db, dict(_make(db, chance) for _ in range(260)))


def _make(db: Db, chance: random.Random) -> tuple[str, set[str]]:
    """Make a session; return its id and the drives that it mounts."""
    owner = OWNERS[0] if chance.random() < 0.5 else chance.choice(OWNERS)
    drive = chance.choice(DRIVES)
    extra = {f"dextradrive{chance.choice('ab')}"} if chance.random() < 0.2 else set[str]()
    environment = chance.choice(ENVIRONMENTS)
    session = add(
        db,
        owner,
        at=after(chance.randrange(6)),
        name=chance.choice(NAMES),
        environment=environment,
        environment_title=environment.upper(),
        drive_id=f"ddrive{drive[:3]}aaa",
        drive_name=drive,
        email=None if owner == "kim" else f"{owner}@Example.org",
        request={"version": 1, "billing_project": chance.choice(PROJECTS)},
        mounts=tuple(Mount(one, "x") for one in extra),
    )
    return _age(db, chance, session).id, {session.drive_id, *extra}


def _age(db: Db, chance: random.Random, session: Session) -> Session:
    """Take a session to some state of its life."""
    fate = chance.choice(("created", "running", "stopping", "ended", "ended", "ended", "archived"))
    if fate == "created":
        return session
    session = run(db, session)
    if fate == "running":
        due = after(chance.randrange(5)) if chance.random() < 0.7 else None
        return store.save(db, session, {"expires_at": due})
    cause = chance.choice((Cause.USER, Cause.IDLE, Cause.CRASHED))
    if fate == "stopping":
        changes = {"cause": cause}
        return move(db, session.id, Event.STOP, at=NOON, actor="anna", changes=changes)
    session = end(db, session, cause, at=after(chance.randrange(4)))
    if fate == "archived":
        session = move(db, session.id, Event.ARCHIVE, at=NOON, actor="anna")
    return session


def expect(records: Records, query: Query) -> list[str]:
    """Return the ids that a list has, by looking at every session."""
    found = [one for one in records.sessions if _fits(records, query, one)]
    column = SORTS[query.sort]
    if len(query.environments) == 1 and query.sort == "environment":
        column = "created_at"  # all are alike
    if len(query.drives) == 1 and query.sort == "drive" and not is_drive_id(query.drives[0]):
        column = "created_at"
    found.sort(key=lambda one: (_columns(one)[column], one.id), reverse=query.descending)
    return [one.id for one in found]


def _columns(session: Session) -> dict[str, Any]:
    values = {name: getattr(session, name) for name in FIELDS}
    return {**values, **derive(values)}


def _fits(records: Records, query: Query, one: Session) -> bool:
    in_active = one.state in LIVE
    in_history = one.state not in LIVE or one.state is State.STOPPING
    status = status_of(one.state, one.cause)
    drives = {one.drive_name, *records.mounts[one.id]}
    return all(
        (
            in_active if query.tab == "active" else in_history,
            query.visible_to is None or one.owner in query.visible_to,
            query.owner_key in (None, one.owner_key),
            query.owner_key is not None or _is_owned(query.owners, one),
            not query.states or {str(one.state), str(status)} & _state_words(query.states),
            not query.environments or one.environment in query.environments,
            not query.drives or not drives.isdisjoint(query.drives),
            not query.billing_projects or one.billing_project in query.billing_projects,
            fold(query.q.strip()) in make_search(_columns(one)),
        )
    )


def _is_owned(words: tuple[str, ...], one: Session) -> bool:
    if not words or "*" in words:
        return True
    names = {word for word in words if word in OWNERS}
    parts = set(words) - names
    return one.owner in names or any(fold(part) in fold(one.email or "") for part in parts)


def _state_words(words: tuple[str, ...]) -> set[str]:
    """The word `failed` is a status: archived sessions that failed have it too."""
    return set(words)


def read_all(records: Records, query: Query) -> tuple[list[str], Page]:
    """Return the ids of all pages from the first to the last, and the first page."""
    page = first = list_page(records.db, query)
    found = [one.id for one in page.items]
    while page.next is not None:
        page = list_page(records.db, replace(query, cursor=page.next))
        assert page.items, "a page that was announced is there"
        found += [one.id for one in page.items]
    return found, first


def read_back(records: Records, query: Query) -> list[str]:
    """Return the ids of all pages but the last, read from the last page to the first."""
    page = list_page(records.db, query)
    while page.next is not None:
        page = list_page(records.db, replace(query, cursor=page.next))
    found: list[str] = []
    while page.prev is not None:
        page = list_page(records.db, replace(query, cursor=page.prev))
        found = [one.id for one in page.items] + found
    return found


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """Draw what a list may be asked for."""
    few = {"max_size": 2, "unique": True}

    def some(*values: str) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(values), **few)))  # type: ignore[arg-type]

    return Query(
        tab=draw(st.sampled_from(("active", "history"))),
        visible_to=draw(st.sampled_from((None, frozenset({"anna"}), frozenset(OWNERS[:3])))),
        owner_key=draw(st.sampled_from((None, None, "anna@2026-01-01"))),
        owners=some(*OWNERS, "*", "@EXAMPLE", "n@", "nobody"),
        states=some("pending", "done", "cancelled", "failed", "failing", "stopped", "archived"),
        environments=some(*ENVIRONMENTS, "none"),
        drives=some(*DRIVES, "ddrivedefaaa", "dextradrivea", "none"),
        billing_projects=some("ml-q4", "ops", "none"),
        q=draw(st.sampled_from(("", "", *TERMS))),
        sort=draw(st.sampled_from(list(SORTS))),
        descending=draw(st.booleans()),
        limit=draw(st.sampled_from((5, 20, 100))),
    )


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    query=queries(),
    few=st.sampled_from((0, 20, 1000)),
    looked_through=st.sampled_from((1, 10, 4000)),
    many=st.sampled_from((0, 20, 5000)),
)
def test_every_list_has_each_row_once_in_order(
    records: Records, query: Query, few: int, looked_through: int, many: int
) -> None:
    expected = expect(records, query)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "FEW", few)
        patch.setattr(listing, "LOOKED_THROUGH", looked_through)
        patch.setattr(listing, "GLANCE", max(looked_through // 5, 1))
        patch.setattr(listing, "MANY", many)
        patch.setattr(search, "COMMON", 30)
        found, first = read_all(records, query)
        assert found == expected
        last_page = (len(expected) - 1) // query.limit * query.limit
        assert read_back(records, query) == expected[: max(last_page, 0)]
    assert first.total == len(expected) or (first.total_is_capped and first.total < len(expected))


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", list(SORTS))
@pytest.mark.parametrize("tab", ["active", "history"])
def test_paging_visits_every_row_once_in_each_sort(
    records: Records, tab: Any, sort: Any, descending: bool
) -> None:
    query = replace(EVERYTHING, tab=tab, sort=sort, descending=descending, limit=7)
    found, first = read_all(records, query)
    assert found == expect(records, query)
    assert (first.total, first.total_is_capped) == (len(found), False)


def test_a_count_alone_reads_no_rows(records: Records) -> None:
    page = list_page(records.db, replace(EVERYTHING, limit=0))
    everything = expect(records, EVERYTHING)
    assert (page.items, page.total, page.next, page.prev) == ([], len(everything), None, None)
    some = replace(EVERYTHING, limit=0, q="churn", environments=("r", "python"))
    assert list_page(records.db, some).total == len(expect(records, some))


def test_a_total_stops_at_its_cap(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_COUNTED", 20)
    for query in (EVERYTHING, replace(EVERYTHING, environments=("r",)), replace(EVERYTHING, q="a")):
        page = list_page(records.db, query)
        assert (page.total, page.total_is_capped) == (20, True)
        assert page.next is not None
        later = list_page(records.db, replace(query, cursor=page.next))
        assert (later.total, later.total_is_capped) == (20, True)


def test_a_stopping_session_is_in_both_tabs(records: Records) -> None:
    stopping = {one.id for one in records.sessions if one.state is State.STOPPING}
    for tab in ("active", "history"):
        found, _ = read_all(records, replace(EVERYTHING, tab=tab))
        assert stopping <= set(found)


def test_nobody_sees_what_is_not_visible(records: Records) -> None:
    for owners in ((), ("*",), ("anna",), ("@example",)):
        query = replace(EVERYTHING, visible_to=frozenset({"ben"}), owners=owners)
        found, _ = read_all(records, query)
        assert {one.owner for one in store.get_many(records.db, found)} <= {"ben"}


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("owner", [None, "anna@2026-01-01"])
def test_a_search_finds_what_the_text_holds(records: Records, term: str, owner: str | None) -> None:
    query = replace(EVERYTHING, q=term, owner_key=owner)
    assert read_all(records, query)[0] == expect(records, query)


def test_without_its_index_a_search_is_the_same(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "exists", lambda _connection: False)
    monkeypatch.setattr(listing, "GLANCE", 5)
    for term in TERMS:
        query = replace(EVERYTHING, q=term)
        assert read_all(records, query)[0] == expect(records, query)


def forge(change: Callable[[list[Any]], Any]) -> Callable[[str], str]:
    """Return a maker of cursors that no list made."""
    import base64
    import json

    def make(cursor: str) -> str:
        body = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        raw = json.dumps(change(body)).encode()
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    return make


@pytest.mark.parametrize(
    "make",
    [
        lambda _cursor: "",
        lambda _cursor: "garbage",
        lambda _cursor: "é",
        lambda cursor: cursor[:-3],
        forge(lambda _body: None),
        forge(lambda _body: {}),
        forge(lambda body: body[:-1]),
        forge(lambda body: [*body, 1]),
        forge(lambda body: [body[0], "not a time", *body[2:]]),
        forge(lambda body: [body[0], "0001-01-01T00:00:00+23:00", *body[2:]]),
        forge(lambda body: [body[0], 5, *body[2:]]),
        forge(lambda body: [*body[:2], None, *body[3:]]),
        forge(lambda body: [*body[:2], "\0", *body[3:]]),
        forge(lambda body: [*body[:2], "\ud800", *body[3:]]),
        forge(lambda body: [*body[:3], 2.5, *body[4:]]),
        forge(lambda body: [*body[:4], "many", *body[5:]]),
    ],
)
def test_a_cursor_that_no_list_made_is_refused(
    records: Records, make: Callable[[str], str]
) -> None:
    cursor = list_page(records.db, EVERYTHING).next
    assert cursor is not None
    with pytest.raises(WrongCursor, match="Leave the cursor out"):
        list_page(records.db, replace(EVERYTHING, cursor=make(cursor)))


@pytest.mark.parametrize("change", [{"sort": "name"}, {"descending": False}, {"tab": "active"}])
def test_a_cursor_of_another_order_is_refused(records: Records, change: dict[str, Any]) -> None:
    cursor = list_page(records.db, EVERYTHING).next
    with pytest.raises(WrongCursor):
        list_page(records.db, replace(EVERYTHING, cursor=cursor, **change))
