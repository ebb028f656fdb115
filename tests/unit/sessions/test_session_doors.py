"""Which doors a session has: its own word, told to who looks, and the hub's before there is one."""

from __future__ import annotations

from sessions_service.events.fanout import Fanout, Stream
from sessions_service.sessions.doors import SessionDoors
from sessions_spawner.wire.snapshot import Door

ID = "saaaaaaaaaaa"
HUBS_WORD = "VS Code is not installed on this hub."
OFFERED = {"lab": Door(), "code": Door(), "shell": Door()}
WITHOUT = {**OFFERED, "code": Door(is_on=False, reason=HUBS_WORD)}


def doors() -> SessionDoors:
    return SessionDoors(Fanout(), {ID: "anna"}.get)


def test_a_session_without_vs_code_says_so_whatever_the_hub_offers() -> None:
    known = doors()
    assert known.of(ID, OFFERED) == OFFERED
    known.take(ID, {"lab": True, "code": False, "shell": True})
    shown = known.of(ID, OFFERED)
    assert shown["lab"].is_on
    assert shown["shell"].is_on
    assert not shown["code"].is_on
    assert shown["code"].reason == "VS Code is not installed in this session."
    assert known.of("another", OFFERED) == OFFERED


def test_a_session_that_has_it_shows_it_though_the_hubs_machine_has_not() -> None:
    known = doors()
    known.take(ID, {"lab": True, "code": True, "shell": True})
    assert known.of(ID, WITHOUT)["code"].is_on


def test_where_both_have_it_not_the_hubs_sentence_stays() -> None:
    known = doors()
    known.take(ID, {"code": False})
    assert known.of(ID, WITHOUT)["code"].reason == HUBS_WORD


def test_what_is_not_known_inside_is_as_the_hub_says() -> None:
    known = doors()
    known.take(ID, {"lab": None, "code": None, "shell": False})
    shown = known.of(ID, WITHOUT)
    assert (shown["lab"], shown["code"]) == (WITHOUT["lab"], WITHOUT["code"])
    assert not shown["shell"].is_on


def test_who_looks_is_told_once_of_what_is_new() -> None:
    fanout = Fanout()
    known = SessionDoors(fanout, {ID: "anna"}.get)
    stream = Stream(visitor="anna", owner="anna")
    fanout.add(stream)
    for _ in range(3):
        known.take(ID, {"code": False})
    assert fanout.changes_of("anna") == 1
    assert list(stream.waiting) == [("session", ID)]
    known.take("not-running-yet", {"code": False})
    assert list(stream.waiting) == [("session", ID)]


def test_an_end_is_forgotten() -> None:
    known = doors()
    known.take(ID, {"code": False})
    known.forget(ID)
    assert known.of(ID, OFFERED) == OFFERED
