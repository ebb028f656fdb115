"""Lists follow what changes: people who come back, sessions that are renamed."""

from __future__ import annotations

from dataclasses import replace

from sessions_service.db.engine import Db
from sessions_service.sessions import store
from sessions_service.sessions.listing import list_page
from sessions_service.sessions.query import Query
from tests.support.records import add, end


def test_a_person_who_comes_back_under_a_name_is_another(db: Db) -> None:
    add(db, owner_key="anna@1999")
    mine = add(db, owner_key="anna@2026")
    query = Query(visible_to=frozenset({"anna"}), owner_key="anna@2026", owners=("anna",))
    assert [one.id for one in list_page(db, query).items] == [mine.id]


def test_a_renamed_session_is_found_by_its_new_name_and_no_longer_by_the_old(db: Db) -> None:
    # Ids are searched too; a random one holds any two letters in one of a hundred.
    session = end(db, add(db, name="before", id="saaaaaaaaaaa"))
    store.save(db, session, {"name": "ganz-neu ẞ"})
    for term, hits in (("before", 0), ("ganz-neu", 1), ("SS", 1), ("fo", 0), ("zn", 0), ("z-", 1)):
        assert list_page(db, Query(visible_to=None, tab="history", q=term)).total == hits, term


def test_a_namesake_of_somebody_whose_person_is_known_is_not_among_the_visible(db: Db) -> None:
    for key in ("anna@1999", "ben@1999"):
        add(db, owner=key[:-5], owner_key=key)
    mine = add(db, owner="anna", owner_key="anna@2026")
    members = add(db, owner="ben", owner_key="ben@2026")
    unknown = add(db, owner="cleo", owner_key="cleo@1999")
    add(db, owner="dora", owner_key="dora@2026")
    visible = frozenset({"anna", "ben", "cleo"})
    known = {"anna": "anna@2026", "ben": "ben@2026", "dora": "dora@2026"}
    seen = Query(visible_to=visible, persons=known)
    for owners in ((), ("*",), ("anna", "ben", "cleo", "dora")):
        page = list_page(db, replace(seen, owners=owners))
        assert {one.id for one in page.items} == {mine.id, members.id, unknown.id}
        assert page.total == 3
    assert list_page(db, replace(seen, visible_to=None, persons={})).total == 6
