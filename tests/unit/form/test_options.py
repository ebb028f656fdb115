"""The spawn page's form offers the options of each environment, and takes those of the chosen."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from sessions_spawner.form import (
    FormError,
    FormTerms,
    keep_typed,
    make_form,
    read_form,
    read_typed,
)
from sessions_spawner.policy.facts import Facts
from sessions_spawner.request import parse_request
from sessions_spawner.request.environments import read_profiles

ENVIRONMENTS = read_profiles(
    [
        {
            "display_name": "A",
            "profile_options": {
                "size": {
                    "display_name": "<Size>",
                    "choices": {"s": {}, "l": {"display_name": "Large", "default": True}},
                    "unlisted_choice": {"enabled": True},
                }
            },
        },
        {"display_name": "B", "profile_options": {"tag": {"unlisted_choice": {"enabled": True}}}},
        {"display_name": "C"},
    ]
)
FACTS = Facts({one.name: one for one in ENVIRONMENTS})


class Fields(HTMLParser):
    """The names that a form sends, with what they hold at first."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note fields, and what is selected."""
        values = dict(attributes)
        if tag == "select":
            self._select = values["name"] or ""
        elif tag == "option" and "selected" in values:
            self.found[self._select] = values["value"] or ""
        elif tag == "input" and values.get("type") != "radio":
            self.found[values["name"] or ""] = values["value"] or ""


def fields() -> dict[str, str]:
    """Return the form's fields that are options."""
    text = make_form(FACTS, FormTerms())
    assert "<Size>" not in text
    return {name: value for name, value in Fields(text).found.items() if ":" in name}


def test_every_option_is_there_with_its_default() -> None:
    assert fields() == {"choice:a:size": "l", "own:a:size": "", "own:b:tag": ""}


def test_what_was_chosen_stays() -> None:
    keep_typed(read_typed({"choice:a:size": ["s"], "own:b:tag": ["7"]}))
    assert fields() == {"choice:a:size": "s", "own:a:size": "", "own:b:tag": "7"}
    assert fields()["choice:a:size"] == "l"


@pytest.mark.parametrize(
    ("typed", "choices"),
    [
        ({"environment": "a", "choice:a:size": "s"}, {"size": "s"}),
        (
            {"environment": "a", "choice:a:size": "s", "own:a:size": " x "},
            {"size": {"unlisted": "x"}},
        ),
        (
            {"environment": "a", "own:a:size": "x", "choice:a:size": "s"},
            {"size": {"unlisted": "x"}},
        ),
        ({"environment": "b", "choice:a:size": "s", "own:b:tag": ""}, {}),
        ({"environment": "a", "choice:a:a:b": "s"}, {"a:b": "s"}),
    ],
)
def test_the_options_of_the_chosen_environment_are_taken(
    typed: dict[str, str], choices: dict[str, object]
) -> None:
    body = read_form(read_typed({name: [text] for name, text in typed.items()}))
    assert body.get("choices", {}) == choices


def test_what_the_form_sends_is_a_request() -> None:
    sent = {name: [value] for name, value in {**fields(), "environment": "a"}.items()}
    request = parse_request({"idle_timeout": 900, **read_form(read_typed(sent))})
    assert request.choices == {"size": "l"}


def test_text_for_an_environment_that_was_not_chosen_is_not_dropped_silently() -> None:
    with pytest.raises(FormError, match="another environment"):
        read_form(read_typed({"environment": ["a"], "own:b:tag": ["7"]}))


@pytest.mark.parametrize("name", ["choice", "choice:a", "own:", "other:a:size"])
def test_other_names_are_no_fields(name: str) -> None:
    with pytest.raises(FormError, match="There is no field"):
        read_form(read_typed({name: ["x"]}))


@pytest.mark.parametrize(
    ("typed", "is_open"),
    [({"memory": "4"}, False), ({"lifetime": "2"}, True), ({"port_name_2": "api"}, True)],
)
def test_what_is_folded_away_is_open_where_something_was_typed(
    typed: dict[str, str], is_open: bool
) -> None:
    keep_typed(read_typed({name: [text] for name, text in typed.items()}))
    text = make_form(FACTS, FormTerms())
    assert ('<details class="mb-3" open>' in text) is is_open
