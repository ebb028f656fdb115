"""The fields of a pod, with their types and merge rules, as Kubernetes 1.34 has them.

`pod_types.json` is made from the struct tags of Kubernetes' own `types.go` by
`python -m tests.support.go_types`, and a test holds it to them. A field that it does not have is
unknown here, also on a newer cluster: it stays refused until somebody adds and judges it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

TABLE: Final = Path(__file__).with_name("pod_types.json")
POD: Final = "Pod"
SCALARS: Final = frozenset(
    {
        *("string", "integer", "integer32", "boolean", "quantity", "int-or-string"),
        *("time", "bytes"),
    }
)


@dataclass(frozen=True)
class Field:
    """What a field holds: one `kind`, a list or a map of it, and how a patch is merged into it.

    `merges` is true for a list whose elements are merged one by one, with `merge_key` for lists of
    mappings; other lists are replaced whole.
    """

    kind: str
    shape: Literal["one", "list", "map"]
    merges: bool = False
    merge_key: str | None = None


@cache
def pod_types() -> Mapping[str, Mapping[str, Field]]:
    """Return type → field → what the field holds."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    return {
        name: {field: _parse_field(text) for field, text in fields.items()}
        for name, fields in table.items()
    }


def _parse_field(text: str) -> Field:
    """Read a description such as `[Container] merge=name`."""
    kind, *rules = text.split()
    shape: Literal["one", "list", "map"] = "one"
    if kind[0] in "[{":
        shape = "list" if kind[0] == "[" else "map"
    keys = [rule.partition("=")[2] for rule in rules if rule.startswith("merge")]
    return Field(kind.strip("[]{}"), shape, bool(keys), keys[0] or None if keys else None)


def fields_of(kind: str) -> Mapping[str, Field]:
    """Return the fields of a type; none for a scalar."""
    return pod_types().get(kind, {})
