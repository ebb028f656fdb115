"""Kubernetes' Go types, read for the table of a pod's fields; run, it writes the table anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sessions_spawner.policy.overrides.pod_fields import TABLE
from tests.support.parts import find_go_module

MODULES: Final = ("k8s.io/apimachinery@v0.34.4", "k8s.io/api@v0.34.4")
ROOT: Final = ("apiVersion", "kind", "metadata", "spec")

_FILES: Final = ("pkg/apis/meta/v1/types.go", "core/v1/types.go")
_STRUCT: Final = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_NAMED: Final = re.compile(r"^type (\w+) ([\w.\[\]]+)$", re.MULTILINE)
_FIELD: Final = re.compile(r"^\t(?:\w+[ \t]+)?([*\[\]\w.]+)[ \t]+`(json:.*)`", re.MULTILINE)
_TAG: Final = re.compile(r'(\w+):"([^"]*)"')
_SCALARS: Final = {
    **dict.fromkeys(("string", "types.UID"), "string"),
    **dict.fromkeys(("int", "int64"), "integer"),
    "int32": "integer32",
    "bool": "boolean",
    "[]byte": "bytes",
    "resource.Quantity": "quantity",
    "intstr.IntOrString": "int-or-string",
    "metav1.Time": "time",
    "Time": "time",
    "FieldsV1": "object",
}

Table = dict[str, dict[str, str]]


def find_sources() -> tuple[Path, ...] | None:
    """Return Kubernetes' files of types in Go's module cache; None if they are not there."""
    folders = [find_go_module(module) for module in MODULES]
    if None in folders:
        return None
    return tuple(Path(str(folder)) / file for folder, file in zip(folders, _FILES, strict=True))


def read_pod_types(sources: tuple[Path, ...]) -> Table:
    """Return type → field → its type and merge rules, for all that a pod consists of."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    structs = dict(_STRUCT.findall(text))
    named = {**dict(_NAMED.findall(text)), **_SCALARS}
    fields = dict(_fields("Pod", structs, named))
    table: Table = {"Pod": {field: fields[field] for field in ROOT}}
    waiting = _types_in(table["Pod"])
    while waiting:
        name = waiting.pop()
        if name not in table and name in structs and name not in _SCALARS:
            table[name] = dict(_fields(name, structs, named))
            waiting += _types_in(table[name])
    return dict(sorted(table.items()))


def _types_in(fields: dict[str, str]) -> list[str]:
    return [description.split()[0].strip("[]{}") for description in fields.values()]


def _fields(name: str, structs: dict[str, str], named: dict[str, str]) -> Iterator[tuple[str, str]]:
    for go_type, tags in _FIELD.findall(structs[name]):
        tag = dict(_TAG.findall(tags))
        field = tag["json"].split(",")[0]
        if field:
            yield field, _shape(go_type, named) + _merge_rules(tag)
        else:
            yield from _fields(go_type.removeprefix("metav1."), structs, named)


def _shape(go_type: str, named: dict[str, str]) -> str:
    go_type = go_type.lstrip("*").removeprefix("metav1.") if go_type != "metav1.Time" else "Time"
    if go_type in _SCALARS:
        return _SCALARS[go_type]
    if go_type.startswith("[]"):
        return f"[{_shape(go_type[2:], named)}]"
    if go_type.startswith("map["):
        return f"{{{_shape(go_type.split(']', 1)[1], named)}}}"
    return _shape(named[go_type], named) if go_type in named else go_type


def _merge_rules(tag: dict[str, str]) -> str:
    strategies = [one for one in tag.get("patchStrategy", "").split(",") if one]
    key = tag.get("patchMergeKey")
    words = [f"merge={key}" if one == "merge" and key else one for one in strategies]
    return "".join(f" {word}" for word in words)


def format_table(table: Table) -> str:
    """Return the table as JSON, one type a line."""
    lines = [f"{json.dumps(name)}: {json.dumps(fields)}" for name, fields in table.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    there = find_sources()
    if there is None:
        raise SystemExit(f"Fetch {' and '.join(MODULES)} into Go's module cache first.")
    TABLE.write_text(format_table(read_pod_types(there)), encoding="utf-8")
