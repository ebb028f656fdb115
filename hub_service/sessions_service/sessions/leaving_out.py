"""What a clone cannot take along: the entries that are refused, and nothing beside them; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sessions_spawner.request import LaunchRequest, to_stored
from sessions_spawner.request.environments import Environment, default_of

# List of a request → what an entry is called, and the key of its name.
_ENTRIES: Final[Mapping[str, tuple[str, str]]] = {
    "extra_drives": ("Drive", "drive"),
    "secrets": ("Secret", "name"),
    "cloud_sql": ("Cloud SQL instance", "instance"),
    "ports": ("Port", "number"),
}

# Mapping of a request → what an entry is called.
MAPPINGS: Final[Mapping[str, str]] = {"choices": "Option", "env": "Variable", "resources": "Size"}


def make_change(field: str, reason: str, was: object = None, now: object = None) -> dict[str, Any]:
    """Return one change of a request, and why it has to be."""
    return {"field": field, "was": was, "now": now, "reason": reason}


def retired(request: LaunchRequest, offered: Iterable[Environment]) -> list[dict[str, Any]]:
    """Return the changes of a request whose environment is gone: another, and none of its options.

    The first is the environment's; its `now` is None where none can be chosen.
    """
    default = default_of(offered)
    reason = f"Environment ‘{request.environment}’ is retired"
    reason += f": ‘{default.title}’ is chosen." if default else "."
    now = default.name if default else None
    changes = [make_change("environment", reason, request.environment, now)]
    if request.choices:
        sentence = "Options belong to the environment: left out."
        changes.append(make_change("choices", sentence, to_stored(request)["choices"]))
    return changes


def left_out(request: LaunchRequest, refused: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a change a refusal, as `{field, was, now, reason}`.

    `refused` maps fields (`secrets.0.name`) to sentences. Of a list only the refused entries go,
    and `now` is the rest; of a mapping the entry that the field names, and no value of it is said.
    Another field goes as a whole, and `now` is None.
    """
    stored = to_stored(request)
    kept = {
        top: [
            one
            for place, one in enumerate(stored.get(top, []))
            if place not in _places(top, refused)
        ]
        for top in _ENTRIES
    }
    changes: list[dict[str, Any]] = []
    for field, sentence in refused.items():
        top, _, rest = field.partition(".")
        place = rest.partition(".")[0]
        if top in MAPPINGS and rest in stored.get(top, {}):
            reason = f"{MAPPINGS[top]} ‘{rest}’ is left out: {sentence}"
            changes.append(make_change(field, reason))
            continue
        if top not in _ENTRIES or not place.isdigit():
            changes.append(make_change(field, sentence))
            continue
        entry = stored[top][int(place)]
        reason = _reason(top, entry, rest.partition(".")[2], sentence)
        changes.append(make_change(field, reason, entry, kept[top] or None))
    return changes


def _places(top: str, refused: Mapping[str, str]) -> set[int]:
    parts = [field.split(".") for field in refused]
    return {int(one[1]) for one in parts if one[0] == top and len(one) > 1 and one[1].isdigit()}


def _reason(top: str, entry: Mapping[str, Any], key: str, sentence: str) -> str:
    kind, name = _ENTRIES[top]
    if top == "ports":
        return f"Port {entry[name]} is left out: {sentence}"
    if key != name:
        return f"{kind} ‘{entry[name]}’ is left out: {sentence}"
    if top == "extra_drives":
        return f"Drive ‘{entry[name]}’ is gone: left out."
    return f"{kind} ‘{entry[name]}’ is no longer shared with you: left out."
