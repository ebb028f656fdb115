"""The lines of a story are sentences for whoever reads them."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.chronicle import Line
from sessions_service.lifecycle.story import say_line
from sessions_service.lifecycle.table import Event
from tests.support.records import NOON


def say(event: str, actor: str = "anna", viewer: str = "kim", **data: Any) -> str:
    """Return the sentence of a line."""
    return say_line(Line(1, NOON, actor, None, event, data), viewer)


@pytest.mark.parametrize(
    ("event", "data", "sentence"),
    [
        ("created", {}, "anna asked for it."),
        ("asked", {}, "The hub was asked to start it."),
        ("admitted", {}, "The hub began to start it."),
        ("ready", {}, "It was ready."),
        ("stop", {"cause": "user"}, "anna stopped it."),
        ("stop", {"cause": "admin", "reason": "class over"}, "anna stopped it: ‘class over’."),
        ("stop", {"cause": "idle"}, "Nobody used it, so it was stopped."),
        ("stop", {"cause": "shutdown"}, "The hub was stopped and took it along."),
        ("ended", {"cause": "idle"}, "It ended (idle)."),
        ("broke", {"cause": "out-of-memory"}, "It ended (out-of-memory)."),
        ("ended", {}, "It ended."),
        ("edited", {"name": "new {name}"}, "anna renamed it to ‘new {name}’."),
        ("edited", {"idle_timeout": -1}, "anna set the idle timeout to never."),
        ("edited", {"name": "x", "idle_timeout": 60},
         "anna renamed it to ‘x’ and set the idle timeout to 60 s."),
        ("edited", {}, "anna changed it."),
        ("extended", {"until": "18:00"}, "anna kept it running until 18:00."),
        ("archive", {}, "anna archived it."),
        ("something-new", {}, "anna: something-new."),
    ],
)  # fmt: skip
def test_a_line_is_a_sentence(event: str, data: dict[str, Any], sentence: str) -> None:
    assert say(event, **data) == sentence


def test_the_reader_is_you() -> None:
    assert say("created", viewer="anna") == "You asked for it."


@pytest.mark.parametrize("name", ["annaB", "ANNA", "o'brien@Example.org", "éva", "{who}"])
def test_a_persons_name_is_said_as_it_is_written(name: str) -> None:
    assert say("archive", actor=name) == f"{name} archived it."


@pytest.mark.parametrize(
    ("actor", "who"), [("hub", "The hub"), ("clock", "The idle clock"), ("service", "The service")]
)
def test_a_part_of_the_product_is_called_by_what_it_is(actor: str, who: str) -> None:
    assert say("stop", actor=actor, cause="user") == f"{who} stopped it."


@pytest.mark.parametrize("event", [*Event, "edited", "extended"])
@pytest.mark.parametrize("cause", [None, *Cause, "unheard-of"])
def test_every_line_can_be_said(event: str, cause: str | None) -> None:
    sentence = say(event, **({"cause": cause} if cause else {}))
    assert sentence.endswith(".")
    assert "None" not in sentence
