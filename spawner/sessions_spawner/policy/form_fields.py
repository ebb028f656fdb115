"""Which choices of a launch request somebody's YAML overrides: for the form, which says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .overrides.changes import Change, Entry, changes_between

_SIZES = ("cpu", "memory")


def overridden_fields(default: Mapping[str, Any], made: Mapping[str, Any]) -> tuple[str, ...]:
    """Return paths of a launch request, such as `resources.cpu` and `env.MODE`.

    What the YAML only adds, such as a further variable, overrides nothing.
    """
    found: dict[str, None] = {}
    for change in changes_between(default, made):
        found |= dict.fromkeys(_fields_of(change, default))
    return tuple(sorted(found))


def _fields_of(change: Change, default: Mapping[str, Any]) -> Iterator[str]:
    match change.steps:
        case ("spec", "serviceAccountName" | "serviceAccount", *_):
            yield "service_account"
        case ("spec", "initContainers", Entry(key=str() as name), *_):
            if any(one.get("name") == name for one in default["spec"].get("initContainers") or ()):
                yield "cloud_sql"
        case ("spec", "volumes", Entry(key=str() as name), *_):
            if any(one.get("name") == name for one in default["spec"].get("volumes") or ()):
                yield from _of_volume(name)
        case ("spec", "containers", Entry(key="notebook"), *rest):
            yield from _of_notebook(rest, default)


def _of_notebook(rest: list[Any], default: Mapping[str, Any]) -> Iterator[str]:
    containers = default["spec"]["containers"]
    notebook: Mapping[str, Any] = next(
        (one for one in containers if one.get("name") == "notebook"), {}
    )
    match rest:
        case ["image", *_]:
            yield "image"
        case ["resources", "limits" | "requests", str() as name, *_]:
            yield f"resources.{name if name in _SIZES else 'gpu'}"
        case ["env", Entry(key=str() as name), *_]:
            if any(one.get("name") == name for one in notebook.get("env") or ()):
                yield f"env.{name}"
        case ["ports", Entry(key=str() as number), *_]:
            if any(str(one.get("containerPort")) == number for one in notebook.get("ports") or ()):
                yield "ports"
        case ["volumeMounts", Entry(key=str() as path), *_]:
            for one in notebook.get("volumeMounts") or ():
                if one.get("mountPath") == path:
                    yield from _of_volume(str(one.get("name")))


def _of_volume(name: str) -> Iterator[str]:
    """Give the choice behind a volume, by the names that sessions give them."""
    if name == "drive-0":
        yield "drive"
    elif name.startswith("drive-"):
        yield "extra_drives"
    elif name.startswith("secret-"):
        yield "secrets"
