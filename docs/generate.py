"""Writes the generated parts of these pages anew (`make docs`); tests/unit/docs compares them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from docs.page_types import PAGE_TYPES, make_page_types
from sessions_service.cli.settings import make_reference
from sessions_service.identity.may import NEEDS, Action
from sessions_service.lifecycle.causes import CAUSES
from sessions_service.lifecycle.table import State, make_diagram
from sessions_service.web.metrics import Metrics
from sessions_service.web.tornado_app import ROUTES
from sessions_spawner.wire.cluster import ClusterLook
from sessions_spawner.wire.messages import (
    Admit,
    Admitted,
    DriveFigures,
    DriveRecord,
    GoingRun,
    LiveServer,
    LogLines,
    LogQuestion,
    Owner,
    PlacedDrive,
    Report,
    Seen,
    SeenContainer,
    SeenEvent,
    Stage,
)
from sessions_spawner.wire.snapshot import Snapshot

DOCS: Final = Path(__file__).parent
SETTINGS_PAGE: Final = Path("administrators/settings.md")
MESSAGES: Final[tuple[type[BaseModel], ...]] = (
    Admit,
    Admitted,
    Report,
    Stage,
    Seen,
    SeenContainer,
    SeenEvent,
    LogQuestion,
    LogLines,
    Owner,
    LiveServer,
    GoingRun,
    DriveRecord,
    PlacedDrive,
    DriveFigures,
    ClusterLook,
    Snapshot,
)
_MOVE: Final = re.compile(r"\s*(\w+) --> (\w+): (\w+)")
_ORDER: Final = [str(state) for state in State]


def make_pages() -> dict[Path, str]:
    """Return every page with generated parts as it should be, by its path below `docs/`."""
    pages = {SETTINGS_PAGE: make_reference()}
    for page, blocks in BLOCKS.items():
        text = (DOCS / page).read_text(encoding="utf-8")
        for name, make in blocks.items():
            text = fill(text, name, make())
        pages[page] = text
    return pages


def fill(text: str, name: str, content: str) -> str:
    """Return a page's text with new content between a block's two marks. Raises `ValueError`."""
    head, begin, rest = text.partition(f"<!-- begin {name}: written by make docs -->\n")
    _old, end, tail = rest.partition(f"<!-- end {name} -->\n")
    if not begin or not end:
        raise ValueError(f"The page has no block called ‘{name}’.")
    return f"{head}{begin}\n{content}\n\n{end}{tail}"


def make_moves() -> str:
    """Return the diagram of the lifecycle's table."""
    head: list[str] = []
    moves: list[tuple[int, int, str]] = []
    for line in make_diagram().splitlines():
        if found := _MOVE.fullmatch(line):
            moves.append((_ORDER.index(found[1]), _ORDER.index(found[2]), line))
        else:
            head.append(line)
    # The table is made of sets in places: the order of the states makes the page's lasting.
    return "\n".join(["```mermaid", *head, *(line for _from, _to, line in sorted(moves)), "```"])


def make_causes() -> str:
    """Return the table of causes."""
    rows = (
        (f"`{cause}`", ending.status, " · ".join((*ending.fuller, ending.sentence)), ending.label)
        for cause, ending in CAUSES.items()
    )
    return make_table(("cause", "seen as", "sentence", "next step"), rows)


def make_actions() -> str:
    """Return the table of routes with the scope that each needs."""
    rows = []
    for route in ROUTES:
        operations = route.operations()
        if not operations:
            rows.append((f"`GET {route.template}`", "Whether the service works", "nothing"))
        for method, operation in operations.items():
            call = f"`{method} {route.template}`"
            rows.append((call, operation.summary, _say_need(operation.needs)))
    return make_table(("call", "what it does", "needs"), rows)


def _say_need(action: Action) -> str:
    if action is Action.REPORT_ACTIVITY:
        return "the session's own token"
    if action is Action.READ_METRICS:
        return f"`{NEEDS[action]}`, or an administrator"
    scope = NEEDS[action]
    return f"`{scope}`" if scope else "access to the service"


def make_metrics() -> str:
    """Return the table of metrics."""
    rows = []
    for metric in Metrics().registry.collect():
        name = f"{metric.name}_total" if metric.type == "counter" else metric.name
        rows.append((f"`{name}`", metric.type, metric.documentation))
    return make_table(("metric", "kind", "what it counts"), rows)


def make_messages() -> str:
    """Return the table of the link's messages."""
    rows = (
        (
            f"`{model.__name__}`",
            "refused" if model.model_config.get("extra") == "forbid" else "ignored",
            ", ".join(f"`{name}`" for name in model.model_fields),
        )
        for model in MESSAGES
    )
    return make_table(("message", "unknown keys", "fields"), rows)


def make_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


BLOCKS: Final[Mapping[Path, Mapping[str, Callable[[], str]]]] = {
    Path("developers/lifecycle.md"): {"moves": make_moves, "causes": make_causes},
    Path("developers/link.md"): {"messages": make_messages},
    Path("administrators/scopes.md"): {"actions": make_actions},
    Path("administrators/operation.md"): {"metrics": make_metrics},
}


def main() -> None:
    """Write every page that has changed, and the page's types; name what was written."""
    for page, text in make_pages().items():
        path = DOCS / page
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"docs/{page}")
    types = make_page_types()
    if not PAGE_TYPES.exists() or PAGE_TYPES.read_text(encoding="utf-8") != types:
        PAGE_TYPES.write_text(types, encoding="utf-8")
        print(PAGE_TYPES.name)


if __name__ == "__main__":
    main()
