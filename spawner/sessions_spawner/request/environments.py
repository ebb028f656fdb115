"""Environments: what a session can run, written as a KubeSpawner `profile_list`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .fields import ENVIRONMENT_NAME
from .options import (
    BadProfile,
    Choice,
    Override,
    choice_from_wire,
    names_in,
    read_mapping,
    read_option,
    read_override,
    size_of,
)

__all__ = ["BadProfile", "Choice", "Environment", "default_of", "from_wire", "read_profiles"]


@dataclass(frozen=True)
class Environment:
    """One entry of the administrator's `profile_list`.

    `variables` says which variables it sets (true) or removes (false). `override` holds the
    entry's own settings (`kubespawner_override` or `local_override`), and stays in the hub
    process. Sizes are Kubernetes quantities.
    """

    name: str
    title: str
    description: str = ""
    is_default: bool = False
    image: str | None = None
    cpu: str | None = None
    memory: str | None = None
    choices: tuple[Choice, ...] = ()
    variables: Mapping[str, bool] = field(default_factory=dict)
    override: Override = field(default_factory=dict, compare=False, repr=False)

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
            "choices": [choice.to_json() for choice in self.choices],
        }

    def to_wire(self) -> dict[str, Any]:
        """Return what the service has to know of it: names of variables, but no values."""
        return {
            **self.to_json(),
            "choices": [choice.to_wire() for choice in self.choices],
            "variables": dict(self.variables),
        }


def from_wire(data: Mapping[str, Any]) -> Environment:
    """Return the environment of `Environment.to_wire`, as the service keeps it."""
    choices = tuple(choice_from_wire(choice) for choice in data["choices"])
    return Environment(**{**data, "choices": choices})


def slug_of(title: str) -> str:
    """Return an environment's name from its title, as KubeSpawner does for entries without one."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:100].strip("-")


def read_profiles(profiles: Iterable[Mapping[str, Any]]) -> tuple[Environment, ...]:
    """Return the environments of a `profile_list`; the first is the default if none says so.

    Raises `BadProfile` for an entry without title, with a name twice, with sizes that are none, or
    of another shape than KubeSpawner reads.
    """
    if isinstance(profiles, str | Mapping) or not isinstance(profiles, Iterable):
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
    override = read_override(title, profile)
    image = override.get("image")
    return Environment(
        name=name,
        title=title,
        description=str(profile.get("description", "")),
        is_default=bool(profile.get("default")),
        image=image if isinstance(image, str) else None,
        cpu=size_of(title, "cpu_limit", override.get("cpu_limit")),
        memory=size_of(title, "mem_limit", override.get("mem_limit")),
        choices=tuple(
            read_option(title, str(option), read_mapping(title, str(option), values))
            for option, values in read_mapping(
                title, "profile_options", profile.get("profile_options")
            ).items()
        ),
        variables=names_in(override),
        override=override,
    )
