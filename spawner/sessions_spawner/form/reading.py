"""Read what a form sends: lists of texts, into the fields of a launch request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from .fields import DRIVE_ROWS, LIFE_UNIT, LIFE_UNITS, PORT_ROWS
from .typed import OPTIONS, Typed

_SIMPLE: Final = {
    "name": "name",
    "environment": "environment",
    "image": "image",
    "drive": "drive",
    "service_account": "service_account",
    "billing_project": "billing_project",
}
_PLAIN_NUMBER: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,3})?")


class FormError(ValueError):
    """What was typed cannot be read; the sentence says what to change."""


def read_form(typed: Typed) -> dict[str, Any]:
    """Return the launch request's fields; what was left empty is left out. Raises `FormError`."""
    if typed.unknown:
        raise FormError(f"There is no field ‘{typed.unknown[0][:40]}’; leave it out.")
    body: dict[str, Any] = {}
    for name, field in _SIMPLE.items():
        if text := typed.one(name).strip():
            body[field] = text
    found = {
        "choices": _read_choices(typed),
        "resources": _read_size(typed),
        "idle_timeout": _read_idle(typed),
        "extra_drives": list(_read_drives(typed)),
        "secrets": list(_read_secrets(typed)),
        "cloud_sql": [{"instance": one} for one in typed.all("cloud_sql")],
        "ports": list(_read_ports(typed)),
        "max_lifetime": _read_lifetime(typed),
        "env": _read_variables(typed.one("variables")),
        "pod_overrides": _read_yaml(typed),
    }
    # A typed 0 is something: the request's own rules say what is wrong with it.
    filled = {name: value for name, value in found.items() if value or isinstance(value, int)}
    return {**body, **filled}


def new_drive_in(typed: Typed) -> str:
    """Return the name of a drive that is to be made first; empty for none."""
    return typed.one("new_drive").strip()


def _read_choices(typed: Typed) -> dict[str, Any]:
    """Return the options of the environment that was chosen; a form sends those of all."""
    chosen = typed.one("environment").strip()
    found: dict[str, Any] = {}
    for kind in OPTIONS:  # what was typed goes before what was picked
        for name in typed.values:
            text = typed.one(name).strip()
            if not text or not name.startswith(f"{kind}:"):
                continue
            _kind, environment, option = name.split(":", 2)
            if environment == chosen:
                found[option] = text if kind == "choice" else {"unlisted": text}
            elif kind == "own":
                raise FormError("An option of another environment is filled in; clear it.")
    return found


def _read_size(typed: Typed) -> dict[str, Any]:
    size: dict[str, Any] = {}
    if cpu := typed.one("cpu").strip():
        size["cpu"] = cpu
    if memory := typed.one("memory").strip():
        size["memory"] = f"{memory}Gi" if _PLAIN_NUMBER.fullmatch(memory) else memory
    if gpu := typed.one("gpu").strip():
        size["gpu"] = _number(gpu, "GPU")
    return size


def _read_idle(typed: Typed) -> int | None:
    if minutes := typed.one("idle_minutes").strip():
        return 60 * _number(minutes, "Idle timeout, in minutes")
    seconds = typed.one("idle_timeout").strip()
    return _number(seconds, "Idle timeout") if seconds else None


def _read_drives(typed: Typed) -> Iterator[dict[str, Any]]:
    for row in range(1, DRIVE_ROWS + 1):
        drive = typed.one(f"extra_drive_{row}").strip()
        path = typed.one(f"extra_path_{row}").strip()
        if path and not drive:
            raise FormError(f"Extra drives, row {row}: choose a drive, or empty the row.")
        if drive:
            read_only = bool(typed.one(f"extra_read_only_{row}"))
            yield {"drive": drive, "path": path or drive, "read_only": read_only}


def _read_secrets(typed: Typed) -> Iterator[dict[str, Any]]:
    for name in typed.all("secret"):
        way = typed.one(f"as:{name}").strip()
        yield {"name": name, **({"as": way} if way else {})}


def _read_ports(typed: Typed) -> Iterator[dict[str, Any]]:
    for row in range(1, PORT_ROWS + 1):
        number = typed.one(f"port_{row}").strip()
        name = typed.one(f"port_name_{row}").strip()
        if name and not number:
            raise FormError(f"Ports, row {row}: type a port from 1 to 65535, or empty the row.")
        if number:
            protocol = typed.one(f"protocol_{row}", "TCP")
            port = {"number": _number(number, f"Ports, row {row}"), "protocol": protocol}
            yield {**port, **({"name": name} if name else {})}


def _read_lifetime(typed: Typed) -> int | None:
    number = typed.one("lifetime").strip()
    if not number:
        return None
    unit = LIFE_UNITS.get(typed.one("lifetime_unit", LIFE_UNIT))
    if unit is None:
        raise FormError(f"Longest life: choose one of {', '.join(LIFE_UNITS)}.")
    return unit * _number(number, "Longest life")


def _read_yaml(typed: Typed) -> str | None:
    # Browsers send line ends as CR LF.
    text = typed.one("yaml").replace("\r\n", "\n")
    return text if text.strip() else None


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


def _number(text: str, what: str) -> int:
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise FormError(f"{what}: use a whole number.")
    return int(text)
