"""Read what a form sends: lists of texts, into the fields of a launch request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

FIELDS: Final = (
    "name",
    "environment",
    "idle_timeout",
    "idle_minutes",
    "drive",
    "cpu",
    "memory",
    "variables",
)
# Options of environments: `choice:ENVIRONMENT:OPTION` is picked, `own:ENVIRONMENT:OPTION` typed.
_OPTIONS: Final = ("choice", "own")
# What the hub's own page adds.
_HUBS_OWN: Final = frozenset({"_xsrf", "next", "display_name"})


class FormError(ValueError):
    """What was typed cannot be read; the sentence says what to change."""


def typed_values(data: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """Return the form's own fields as they were typed. Raises `FormError` for others."""
    known = [name for name in data if name in FIELDS or _is_option(name)]
    unknown = sorted(set(data) - set(known) - _HUBS_OWN)
    if unknown:
        raise FormError(f"There is no field ‘{unknown[0][:40]}’; leave it out.")
    return {name: str(data[name][0]) for name in known if data[name]}


def _is_option(name: str) -> bool:
    return name.count(":") >= 2 and name.partition(":")[0] in _OPTIONS


def read_form(data: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """Return the launch request's fields; what was left empty is left out. Raises `FormError`."""
    typed = {name: text.strip() for name, text in typed_values(data).items() if text.strip()}
    body: dict[str, Any] = {
        name: typed[name] for name in ("name", "environment", "drive") if name in typed
    }
    minutes = typed.get("idle_minutes")
    if minutes is not None:
        body["idle_timeout"] = 60 * _number(minutes, "Idle timeout, in minutes")
    elif "idle_timeout" in typed:
        body["idle_timeout"] = _number(typed["idle_timeout"], "Idle timeout")
    size = {name: typed[name] for name in ("cpu", "memory") if name in typed}
    if size:
        body["resources"] = size
    if "variables" in typed:
        body["env"] = _read_variables(typed["variables"])
    choices = _read_choices(typed)
    if choices:
        body["choices"] = choices
    return body


def _read_choices(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the options of the environment that was chosen; a form sends those of all."""
    chosen = typed.get("environment")
    found: dict[str, Any] = {}
    for kind in _OPTIONS:  # what was typed goes before what was picked
        for name, text in typed.items():
            if not name.startswith(f"{kind}:"):
                continue
            _kind, environment, option = name.split(":", 2)
            if environment == chosen:
                found[option] = text if kind == "choice" else {"unlisted": text}
            elif kind == "own":
                raise FormError("An option of another environment is filled in; clear it.")
    return found


def _number(text: str, what: str) -> int:
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise FormError(f"{what}: use a whole number.")
    return int(text)


def _read_variables(text: str) -> dict[str, str]:
    env: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise FormError("Variables: write one NAME=value a line.")
        env[name.strip()] = value
    return env
