"""An environment's options and what each choice brings, read as KubeSpawner reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .quantities import parse_quantity

# What `local_override` may hold: a name that is none of these would change nothing.
LOCAL_KEYS: Final = ("executable", "python", "environment", "cpu_limit", "mem_limit")
SIZES: Final = ("cpu_limit", "mem_limit")

Override = Mapping[str, Any]


class BadProfile(ValueError):
    """An entry of `profile_list` that cannot be read; the sentence names the entry and the key."""


@dataclass(frozen=True)
class Choice:
    """One option of an environment: its values, and whether text of one's own is allowed.

    `variables` says by value which variables it sets (true) or removes (false); `own_variables`
    says so for text of one's own. `overrides` and `own_override` hold the administrator's
    settings, and stay in the hub process.
    """

    name: str
    title: str
    values: Mapping[str, str]
    default: str | None
    unlisted: re.Pattern[str] | None = None
    variables: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    own_variables: Mapping[str, bool] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict, compare=False, repr=False)
    own_override: Override = field(default_factory=dict, compare=False, repr=False)

    @property
    def needs_text(self) -> bool:
        """Whether nothing can be chosen but text of one's own, so that there is no default."""
        return not self.values and self.unlisted is not None

    def to_json(self) -> dict[str, Any]:
        """Return what people may know of it."""
        return {
            "name": self.name,
            "title": self.title,
            "values": dict(self.values),
            "default": self.default,
            "unlisted": self.unlisted.pattern if self.unlisted else None,
        }

    def to_wire(self) -> dict[str, Any]:
        """Return what the service has to know of it: no values of the administrator's settings."""
        variables = {value: dict(names) for value, names in self.variables.items()}
        return {
            **self.to_json(),
            "variables": variables,
            "own_variables": dict(self.own_variables),
        }


def choice_from_wire(data: Mapping[str, Any]) -> Choice:
    """Return the option of `Choice.to_wire`."""
    unlisted = data["unlisted"]
    return Choice(**{**data, "unlisted": re.compile(unlisted) if unlisted else None})


def read_option(title: str, key: str, option: Mapping[str, Any]) -> Choice:
    """Return one option of the entry `title`. Raises `BadProfile`."""
    listed = {
        str(name): read_mapping(title, f"{key}.{name}", value)
        for name, value in read_mapping(title, key, option.get("choices")).items()
    }
    default = next((name for name, value in listed.items() if value.get("default")), None)
    overrides = {
        name: read_override(title, value, f"{key}.{name}.") for name, value in listed.items()
    }
    unlisted = read_mapping(title, f"{key}.unlisted_choice", option.get("unlisted_choice"))
    own = read_override(title, unlisted, f"{key}.unlisted_choice.", has_placeholders=True)
    return Choice(
        name=key,
        title=str(option.get("display_name", key)),
        values={name: str(value.get("display_name", name)) for name, value in listed.items()},
        default=default or next(iter(listed), None),
        unlisted=_read_pattern(title, key, unlisted),
        variables={name: names_in(override) for name, override in overrides.items()},
        own_variables=names_in(own),
        overrides=overrides,
        own_override=own,
    )


def read_override(
    title: str, holder: Mapping[str, Any], where: str = "", *, has_placeholders: bool = False
) -> dict[str, Any]:
    """Return the settings of an entry or a choice: ours if there are any, else a cluster's.

    Raises `BadProfile` for a setting of ours that does not exist, or a value that is none.
    """
    key = "local_override" if holder.get("local_override") else "kubespawner_override"
    override = read_mapping(title, where + key, holder.get(key))
    if key == "local_override":
        for name in override:
            if name not in LOCAL_KEYS:
                raise BadProfile(
                    f"profile_list entry ‘{title}’, {where}{key}: there is no setting ‘{name}’; "
                    f"use {', '.join(LOCAL_KEYS)}."
                )
    if not has_placeholders:
        check_override(title, override, where)
    return dict(override)


def check_override(title: str, override: Override, where: str = "") -> None:
    """Refuse values of the wrong kind, as far as they are known. Raises `BadProfile`."""
    for key in SIZES:
        size_of(title, key, override.get(key), where)
    given = override.get("environment")
    if not callable(given):
        read_mapping(title, f"{where}environment", given)
    _check_program(title, f"{where}executable", override.get("executable"), may_be_list=True)
    _check_program(title, f"{where}python", override.get("python"), may_be_list=False)


def size_of(title: str, key: str, value: object, where: str = "") -> str | None:
    """Return a size as a Kubernetes quantity, None for no limit. Raises `BadProfile`."""
    # 0 is no limit, as in KubeSpawner; what a function returns is known only to the spawner.
    if not value or callable(value):
        return None
    text = str(value)
    # KubeSpawner and LocalProcessSpawner write 4G for 4 GiB.
    if key == "mem_limit" and text[-1:] in "KMGT":
        text += "i"
    try:
        parse_quantity(text)
    except ValueError as error:
        raise BadProfile(f"profile_list entry ‘{title}’, {where}{key}: {error}") from None
    return text


def names_in(override: Override) -> dict[str, bool]:
    """Return which variables an override sets (true) or removes (false), as far as is known."""
    given = override.get("environment")
    if not isinstance(given, Mapping):
        return {}
    return {str(name): value is not None for name, value in given.items()}


def read_mapping(title: str, key: str, value: object) -> Mapping[str, Any]:
    """Return a dictionary, empty for None. Raises `BadProfile` for anything else."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadProfile(f"profile_list entry ‘{title}’, {key}: has to be a dictionary.")
    return value


def _check_program(title: str, key: str, value: object, *, may_be_list: bool) -> None:
    if value is None or callable(value) or (isinstance(value, str) and value):
        return
    parts = value if may_be_list and isinstance(value, list | tuple) else ()
    if parts and all(isinstance(part, str) for part in parts):
        return
    shape = "a path or a list of texts" if may_be_list else "a path"
    raise BadProfile(f"profile_list entry ‘{title}’, {key}: has to be {shape}.")


def _read_pattern(title: str, key: str, unlisted: Mapping[str, Any]) -> re.Pattern[str] | None:
    if not unlisted.get("enabled"):
        return None
    try:
        return re.compile(unlisted.get("validation_regex") or r".{1,256}")
    except (re.error, TypeError) as error:
        where = f"profile_list entry ‘{title}’, {key}.unlisted_choice.validation_regex"
        raise BadProfile(f"{where}: {error}.") from None
