"""What the documentation takes from the code is what the code says now."""

from __future__ import annotations

import subprocess
import sys
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from kubespawner.spawner import KubeSpawner
from traitlets import TraitType
from traitlets.config import Config, Configurable

from docs.generate import BLOCKS, SETTINGS_PAGE, fill, make_moves, make_pages
from docs.page_types import PAGE_TYPES, make_page_types, type_of
from sessions_service.cli.settings import all_settings, example_of, make_reference
from sessions_service.hub import configure
from sessions_service.hub.configure import CUSTOM_SCOPES, SERVICE_SCOPES, VISITOR_SCOPES
from sessions_service.lifecycle.table import MOVES
from tests.unit.docs.pages import CHECKOUT, DOCS, code_of, text_of

SETTINGS = [
    pytest.param(owner, name, trait, id=f"{owner.__name__}.{name}")
    for owner, settings in all_settings()
    for name, trait in settings.items()
]


@pytest.mark.parametrize("page", [SETTINGS_PAGE, *BLOCKS], ids=str)
def test_generated_parts_are_up_to_date(page: Path) -> None:
    assert text_of(DOCS / page) == make_pages()[page], "run make docs"


def test_the_pages_types_are_those_of_the_api() -> None:
    assert text_of(PAGE_TYPES) == make_page_types(), "run make docs"


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"type": "string", "format": "date-time"}, "string"),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}, {"type": "null"}]}, "number | null"),
        ({"enum": ["a", "b"], "type": "string"}, '"a" | "b"'),
        ({"const": 1}, "1"),
        ({"items": {"$ref": "#/components/schemas/Room"}, "type": "array"}, "(Room)[]"),
        ({"additionalProperties": {"type": "string"}, "type": "object"}, "Record<string, string>"),
        ({"additionalProperties": True, "type": "object"}, "Record<string, unknown>"),
        ({"properties": {"a": {}}, "type": "object"}, "{\n  a?: unknown;\n}"),
    ],
)
def test_a_schema_is_a_type(schema: dict[str, Any], written: str) -> None:
    assert type_of(schema) == written


def test_the_diagram_has_every_move_in_an_order_that_lasts() -> None:
    drawn = make_moves().splitlines()
    assert all(f"    {state} --> {to}: {event}" in drawn for (state, event), to in MOVES.items())
    assert text_of(DOCS / "developers/lifecycle.md").count("```mermaid") == 1
    again = subprocess.run(
        [sys.executable, "-c", "from docs.generate import make_moves; print(make_moves())"],
        cwd=CHECKOUT,
        env={"PYTHONHASHSEED": "1", "PYTHONPATH": ":".join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout.splitlines() == drawn


def test_a_block_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="no block called ‘moves’"):
        fill("# A page\n", "moves", "text")


@pytest.mark.parametrize(("owner", "name", "trait"), SETTINGS)
def test_every_setting_has_help_with_an_example(
    owner: type[Configurable], name: str, trait: TraitType[Any, Any]
) -> None:
    assert (trait.help or "").strip()
    assert example_of(trait).startswith(f"c.{owner.__name__}.{name} = ")
    assert f"### `c.{owner.__name__}.{name}`" in make_reference()


@pytest.mark.parametrize(("owner", "name", "trait"), SETTINGS)
def test_every_example_is_a_value_that_the_setting_takes(
    owner: type[Configurable], name: str, trait: TraitType[Any, Any]
) -> None:
    given = Config()
    exec(example_of(trait), {"c": given})  # noqa: S102 (the examples are our own)
    if issubclass(owner, KubeSpawner):  # made by a hub with a cluster only
        owner = type(owner.__name__, (Configurable,), {name: copy(trait)})
    assert getattr(owner(config=given), name) == given[owner.__name__][name]


def test_the_settings_command_prints_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    from sessions_service.cli import main

    assert main(["settings"]) == 0
    assert capsys.readouterr().out == text_of(DOCS / SETTINGS_PAGE)


def test_written_by_hand_it_is_what_configure_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SESSIONS_STATE", raising=False)
    by_hand, by_us = Config(), Config()
    lines = code_of(DOCS / "administrators/configure.md", "python")[0]
    exec(lines, {"c": by_hand})  # noqa: S102 (the page's own lines)
    configure(by_us, port=10101)
    assert by_hand == by_us


def test_every_scope_that_is_given_is_explained() -> None:
    page = text_of(DOCS / "administrators/scopes.md")
    given = {*SERVICE_SCOPES, *VISITOR_SCOPES, *CUSTOM_SCOPES, "users:activity!user"}
    assert [scope for scope in sorted(given) if f"`{scope}`" not in page] == []
