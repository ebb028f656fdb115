"""The lines of a story are sentences for whoever reads them."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_service.lifecycle.actors import OtherService, Part
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.chronicle import Line
from sessions_service.lifecycle.story import say_line, times_of
from sessions_service.lifecycle.table import Event
from tests.support.records import NOON


def say(event: str, actor: str = "anna", viewer: str = "kim", **data: Any) -> str:
    """Return the sentence of a line."""
    return say_line(Line(1, NOON, actor, None, event, data), viewer)


@pytest.mark.parametrize(
    ("event", "data", "sentence"),
    [
        ("created", {}, "anna asked for this session."),
        ("asked", {}, "The hub was asked to start it."),
        ("admitted", {}, "The hub began to start it."),
        ("ready", {}, "It was ready."),
        ("stop", {"cause": "user"}, "anna stopped it."),
        ("stop", {"cause": "admin", "reason": "class over"}, "anna stopped it: ‘class over’."),
        ("stop", {"cause": "idle"}, "Nobody used it, so it was stopped."),
        ("stop", {"cause": "shutdown"}, "The hub was stopped and took it along."),
        ("ended", {"cause": "user"}, "It ended."),
        ("ended", {"cause": "idle"}, "It ended."),
        ("ended", {"cause": "exited"}, "The program inside ended by itself."),
        ("broke", {"cause": "crashed"}, "The program inside crashed."),
        ("broke", {"cause": "out-of-memory"}, "It ended: out of memory."),
        ("ended", {"cause": "unheard-of"}, "It ended."),
        ("ended", {}, "It ended."),
        ("edited", {"name": "new {name}"}, "anna renamed it to ‘new {name}’."),
        ("edited", {"idle_timeout": -1}, "anna set the idle timeout to never."),
        ("edited", {"name": "x", "idle_timeout": 60},
         "anna renamed it to ‘x’ and set the idle timeout to 1 min."),
        ("edited", {"max_lifetime": 5400, "lifetime_ends_at": None},
         "anna set the longest life to 90 min."),
        ("edited", {"max_lifetime": None}, "anna took away its longest life."),
        ("edited", {"idle_timeout": 5400}, "anna set the idle timeout to 90 min."),
        ("extended", {"until": None}, "anna took back that it is kept running longer."),
        ("edited", {}, "anna changed it."),
        ("extended", {"until": "18:00"}, "anna kept it running until 18:00."),
        ("archive", {}, "anna archived it."),
        ("something-new", {}, "anna: something-new."),
    ],
)  # fmt: skip
def test_a_line_is_a_sentence(event: str, data: dict[str, Any], sentence: str) -> None:
    assert say(event, **data) == sentence


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"kills": 1, "kernels": ["a.ipynb"]}, "The kernel of a.ipynb was ended because"),
        ({"kills": 2, "kernels": ["a", "{b}"]}, "The kernels of a, {b} were ended because"),
        ({"kills": 3, "kernels": ["a"]}, "3 programs, the kernel of a among them, were ended"),
        ({"kills": 2, "kernels": []}, "2 programs were ended because the session's memory was"),
        ({"kills": 1, "memory": "2Gi"}, "A program was ended because the session's memory (2Gi)"),
        ({"kills": "x", "kernels": 7}, "A program was ended because"),
        ({}, "A program was ended because the session's memory was used up. Use less, or start"),
        ({"is_last": True}, "more memory. If it happens again, it is not told here any more."),
    ],
)
def test_an_end_for_want_of_memory_says_what_ended_and_what_to_do(
    data: dict[str, Any], said: str
) -> None:
    assert said in say("memory-used-up", **data)


def test_the_reader_is_you() -> None:
    assert say("created", viewer="anna") == "You asked for this session."


@pytest.mark.parametrize("name", ["annaB", "ANNA", "o'brien@Example.org", "éva", "{who}"])
def test_a_persons_name_is_said_as_it_is_written(name: str) -> None:
    assert say("archive", actor=name) == f"{name} archived it."


@pytest.mark.parametrize(
    ("actor", "who"),
    [(Part.HUB, "The hub"), (Part.CLOCK, "The idle clock"), (Part.SERVICE, "The service")],
)
def test_a_part_of_the_product_is_called_by_what_it_is(actor: Part, who: str) -> None:
    assert say("stop", actor=actor, cause="user") == f"{who} stopped it."
    assert say("stop", actor=actor, viewer=str(actor), cause="user") == f"{who} stopped it."


@pytest.mark.parametrize("name", sorted(Part))
def test_a_person_may_be_called_like_a_part_of_the_product(name: Part) -> None:
    person = str(name)
    assert say("stop", actor=person, cause="user") == f"{person} stopped it."
    assert say("stop", actor=person, viewer=person, cause="user") == "You stopped it."


def test_another_service_of_the_hub_is_not_the_person_of_its_name() -> None:
    service = OtherService("anna")
    assert say("archive", actor=service, viewer="anna") == "anna archived it."
    assert say("archive", actor=service, viewer=service) == "You archived it."


def test_the_time_in_a_line_is_data_beside_it() -> None:
    data = {"until": "2026-11-21T19:00:00+01:00"}
    assert say("extended", **data) == "anna kept it running until 2026-11-21 18:00 UTC."
    line = Line(1, NOON, "anna", None, "extended", data)
    assert times_of(line) == [{"text": "2026-11-21 18:00 UTC", "at": "2026-11-21T18:00:00.000Z"}]
    assert times_of(Line(1, NOON, "anna", None, "extended", {"until": "soon"})) == []
    assert times_of(Line(1, NOON, "anna", None, "created", data)) == []


@pytest.mark.parametrize("event", [*Event, "edited", "extended"])
@pytest.mark.parametrize("cause", [None, *Cause, "unheard-of"])
def test_every_line_can_be_said(event: str, cause: str | None) -> None:
    sentence = say(event, **({"cause": cause} if cause else {}))
    assert sentence.endswith(".")
    assert "None" not in sentence


@pytest.mark.parametrize("cause", list(Cause))
def test_an_end_is_said_in_words_whatever_its_cause(cause: Cause) -> None:
    sentence = say("ended", cause=cause.value)
    assert sentence.startswith(("It ended", "The program inside"))
    assert not {"{", "}", "(", "-"} & set(sentence)
