"""Small edits of YAML that somebody wrote, for the fixes that a check offers.

An edit is only offered where the text says afterwards exactly what it should: every other value,
comment and line stays as it was.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final, NamedTuple

import yaml

from .field_path import Path
from .pod_yaml import LOADER, PodYaml, YamlRefused, read_pod_yaml

_BLOCK_SCALARS: Final = ("|", ">")


class _Place(NamedTuple):
    """A value in the text: where its key or dash begins, the value, and the list it is in, if any.

    `line` and `column` count from 0.
    """

    line: int
    column: int
    node: Any
    is_entry: bool


def leave_out(text: str, place: str) -> str | None:
    """Return the text without what it writes at a place; None where that cannot be done plainly.

    What would be left empty goes too, so the text may become empty.
    """
    read = _read(text)
    path = read.path_of(place) if read else None
    if read is None or path is None:
        return None
    while len(path) > 1 and len(_at(read.value, path[:-1])) == 1:
        path = path[:-1]
    wanted = deepcopy(read.value)
    if len(path) == 1 and len(wanted) == 1:
        return ""
    del _at(wanted, path[:-1])[path[-1]]
    return _checked(_cut(text, path), wanted)


def put_instead(text: str, place: str, value: str | int | bool) -> str | None:
    """Return the text with another plain value at a place; None where it has no such value."""
    read = _read(text)
    path = read.path_of(place) if read else None
    if read is None or not path or isinstance(_at(read.value, path), dict | list):
        return None
    node = _find(text, path).node
    if node.style in _BLOCK_SCALARS or node.start_mark.line != node.end_mark.line:
        return None
    lines = text.splitlines(keepends=True)
    line = lines[node.start_mark.line]
    shown = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else str(value)
    if isinstance(value, str) and _reads_otherwise(value):
        shown = f'"{value}"'
    space = "" if line[: node.start_mark.column].endswith(" ") else " "
    changed = f"{line[: node.start_mark.column]}{space}{shown}{line[node.end_mark.column :]}"
    lines[node.start_mark.line] = changed
    wanted = deepcopy(read.value)
    _at(wanted, path[:-1])[path[-1]] = value
    return _checked("".join(lines), wanted)


def _read(text: str) -> PodYaml | None:
    try:
        return read_pod_yaml(text)
    except YamlRefused:
        return None


def _checked(text: str | None, wanted: Any) -> str | None:
    """Return the text if it says what is wanted."""
    read = _read(text) if text is not None else None
    return text if read is not None and read.value == wanted else None


def _reads_otherwise(value: str) -> bool:
    read = _read(f"a: {value}\n")
    return read is None or read.value != {"a": value}


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _find(text: str, path: Path) -> _Place:
    """Return where a text that was read writes a value."""
    node: Any = yaml.compose(text, Loader=LOADER)
    place = _Place(0, 0, node, is_entry=False)
    for step in path:
        if isinstance(step, int):
            node = node.value[step]
            mark = node.start_mark
        else:
            key, node = next(pair for pair in node.value if pair[0].value == step)
            mark = key.start_mark
        place = _Place(mark.line, mark.column, node, isinstance(step, int))
    return place


def _cut(text: str, path: Path) -> str | None:
    """Return the text without the lines of a value; of a first field in an entry the dash stays."""
    lines = text.splitlines(keepends=True)
    place = _find(text, path)
    end = _end_of(place.node, len(lines))
    before = lines[place.line][: place.column]
    if before.strip() == "" or (place.is_entry and before.strip() == "-"):
        return "".join([*lines[: place.line], *lines[end:]])
    if before.strip(" -") or end >= len(lines):
        return None
    joined = before + lines[end][place.column :]
    return "".join([*lines[: place.line], joined, *lines[end + 1 :]])


def _end_of(node: Any, most: int) -> int:
    """Return the line after a value: block values end where the next thing begins."""
    mark = node.end_mark
    style = node.style if isinstance(node, yaml.ScalarNode) else node.flow_style
    is_block = style is False or style in _BLOCK_SCALARS
    line = mark.line if (is_block and mark.index > node.start_mark.index) else mark.line + 1
    return most if mark.line >= most else line
