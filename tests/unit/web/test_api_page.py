"""The API's page for people says what the OpenAPI document says."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

import sessions_service.web
from sessions_service.web.openapi import make_document
from sessions_service.web.page import Pages
from sessions_service.web.tornado_app import ROUTES

WEB = Path(sessions_service.web.__file__).parent


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """Give the document of all routes."""
    documented = [route for route in ROUTES if route.operations()]
    return make_document(documented, "/services/sessions/", "0.1")


@pytest.fixture(scope="module")
def page(document: dict[str, Any]) -> str:
    """Give the page."""
    return Pages(WEB / "templates", WEB / "static").api(document)


def words_of(page: str) -> str:
    """Return the page's text as a reader sees it, with single blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split())


def test_every_call_is_there_with_its_parameters(page: str, document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        (section,) = re.findall(
            rf"<h2><code>{re.escape(html.escape(path))}</code></h2>(.*?)</section>", page, re.DOTALL
        )
        for method, described in methods.items():
            assert f"{method.upper()}: {described['summary']}" in words_of(section)
            for parameter in described["parameters"]:
                named = f"<code>{parameter['name']}</code> in the {parameter['in']}: "
                assert named in section, (path, parameter["name"])


def test_every_schema_is_there_with_its_fields(page: str, document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        (section,) = re.findall(rf'<section id="{name}">(.*?)</section>', page, re.DOTALL)
        for field in schema.get("properties", {}):
            assert f"<code>{field}</code>" in section, (name, field)


def test_every_link_of_it_leads_to_a_schema(page: str) -> None:
    ids = set(re.findall(r'<section id="(\w+)">', page))
    assert set(re.findall(r'href="#(\w+)"', page)) <= ids


@pytest.mark.parametrize(
    "said",
    [
        "limit in the query: integer, from 0, up to 100; without it 20",
        "q in the query: string, at most 256 characters",
        'tab in the query: active | history; without it "active"',
        "Idempotency-Key in the header: string. With the same key and body",
        "Last-Event-ID in the header: string. The id of the last event",
        "POST: Start a session Parameters:",
        "Body: StopBody, may be left out",
        "Answers: 201 with SessionOut; an error with Error",
        "Answers: 202 with SessionOut; 200 with SessionOut; an error with Error",
        "Answers: 200 with text/event-stream; an error with Error",
    ],
)
def test_types_bounds_defaults_and_answers_are_said(page: str, said: str) -> None:
    assert said in words_of(page)


def test_what_makes_something_takes_a_key(document: dict[str, Any]) -> None:
    keyed = {
        (method, path)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
        if any(one["name"] == "Idempotency-Key" for one in described["parameters"])
    }
    made = {
        (method, path)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
        if "201" in described["responses"]
    }
    assert keyed == made
