"""Environments: what a session can run, written as a KubeSpawner `profile_list`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .fields import ENVIRONMENT_NAME
from .quantities import parse_quantity


class BadProfile(ValueError):
    """An entry of `profile_list` that cannot be read; the sentence names the entry and the key."""


@dataclass(frozen=True)
class Choice:
    """One option of an environment: its values, and whether text of one's own is allowed."""

    name: str
    title: str
    values: Mapping[str, str]
    default: str | None
    unlisted: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Environment:
    """One entry of the administrator's `profile_list`.

    `override` holds the entry's own settings (`kubespawner_override` or `local_override`);
    sizes are Kubernetes quantities.
    """

    name: str
    title: str
    description: str = ""
    is_default: bool = False
    image: str | None = None
    cpu: str | None = None
    memory: str | None = None
    choices: tuple[Choice, ...] = ()
    override: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return what people may know of it: no settings of the administrator's own."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "is_default": self.is_default,
            "image": self.image,
            "cpu": self.cpu,
            "memory": self.memory,
            "choices": [_choice_to_json(choice) for choice in self.choices],
        }


def slug_of(title: str) -> str:
    """Return an environment's name from its title, as KubeSpawner does for entries without one."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:100].strip("-")


def read_profiles(profiles: Iterable[Mapping[str, Any]]) -> tuple[Environment, ...]:
    """Return the environments of a `profile_list`; the first is the default if none says so.

    Raises `BadProfile` for an entry without title, with a name twice, with sizes that are none, or
    of another shape than KubeSpawner reads.
    """
    if isinstance(profiles, str | Mapping):
        raise BadProfile("profile_list has to be a list of entries.")
    found: dict[str, Environment] = {}
    for number, profile in enumerate(profiles):
        if not isinstance(profile, Mapping):
            raise BadProfile(f"profile_list entry {number + 1} has to be a dictionary.")
        environment = _read_profile(number, profile)
        if environment.name in found:
            raise BadProfile(f"profile_list has the name ‘{environment.name}’ twice.")
        found[environment.name] = environment
    return tuple(found.values())


def default_of(environments: Iterable[Environment]) -> Environment | None:
    """Return the environment that a request without one gets."""
    listed = list(environments)
    return next((e for e in listed if e.is_default), listed[0] if listed else None)


def _read_profile(number: int, profile: Mapping[str, Any]) -> Environment:
    title = profile.get("display_name")
    if not isinstance(title, str) or not title.strip():
        raise BadProfile(f"profile_list entry {number + 1} needs a ‘display_name’.")
    name = str(profile.get("slug") or slug_of(title))
    if not ENVIRONMENT_NAME.fullmatch(name):
        raise BadProfile(f"profile_list entry ‘{title}’ needs a ‘slug’ of letters and digits.")
    key = "local_override" if profile.get("local_override") else "kubespawner_override"
    override = _mapping(title, key, profile.get(key))
    return Environment(
        name=name,
        title=title,
        description=str(profile.get("description", "")),
        is_default=bool(profile.get("default")),
        image=_text(override.get("image")),
        cpu=_size(title, "cpu_limit", override.get("cpu_limit")),
        memory=_size(title, "mem_limit", override.get("mem_limit")),
        choices=tuple(
            _read_option(title, str(option), _mapping(title, str(option), values))
            for option, values in _mapping(
                title, "profile_options", profile.get("profile_options")
            ).items()
        ),
        override=dict(override),
    )


def _mapping(title: str, key: str, value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadProfile(f"profile_list entry ‘{title}’, {key}: has to be a dictionary.")
    return value


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _size(title: str, key: str, value: object) -> str | None:
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
        raise BadProfile(f"profile_list entry ‘{title}’, {key}: {error}") from None
    return text


def _read_option(title: str, key: str, option: Mapping[str, Any]) -> Choice:
    listed = {
        str(name): _mapping(title, f"{key}.{name}", value)
        for name, value in _mapping(title, key, option.get("choices")).items()
    }
    default = next((name for name, value in listed.items() if value.get("default")), None)
    return Choice(
        name=key,
        title=str(option.get("display_name", key)),
        values={name: str(value.get("display_name", name)) for name, value in listed.items()},
        default=default or next(iter(listed), None),
        unlisted=_read_unlisted(title, key, option),
    )


def _read_unlisted(title: str, key: str, option: Mapping[str, Any]) -> re.Pattern[str] | None:
    unlisted = _mapping(title, f"{key}.unlisted_choice", option.get("unlisted_choice"))
    if not unlisted.get("enabled"):
        return None
    try:
        return re.compile(unlisted.get("validation_regex") or r".{1,256}")
    except (re.error, TypeError) as error:
        where = f"profile_list entry ‘{title}’, {key}.unlisted_choice.validation_regex"
        raise BadProfile(f"{where}: {error}.") from None


def _choice_to_json(choice: Choice) -> dict[str, Any]:
    return {
        "name": choice.name,
        "title": choice.title,
        "values": dict(choice.values),
        "default": choice.default,
        "unlisted": choice.unlisted.pattern if choice.unlisted else None,
    }


def from_json(data: Mapping[str, Any]) -> Environment:
    """Return the environment of `Environment.to_json`, as the service keeps it."""
    choices = tuple(
        Choice(
            name=choice["name"],
            title=choice["title"],
            values=choice["values"],
            default=choice["default"],
            unlisted=re.compile(choice["unlisted"]) if choice["unlisted"] else None,
        )
        for choice in data["choices"]
    )
    return Environment(**{**data, "choices": choices})
