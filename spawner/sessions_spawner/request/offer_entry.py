"""One entry of the administrator's offers, read value by value with a sentence for what is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from .fields import ENV_NAME, has_control_characters
from .offers import BadOffer
from .quantities import check_quantity

# What Kubernetes takes for the name of an object, and for a key of a Secret.
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_OBJECT: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_KEY: Final = re.compile(r"(?!\.\.)(?!\.\Z)[A-Za-z0-9._-]{1,253}")


def is_object_name(name: object) -> bool:
    """Tell whether a Kubernetes object can be called that."""
    return isinstance(name, str) and _OBJECT.fullmatch(name) is not None


class Entry:
    """A dictionary of settings under a name; every reader raises `BadOffer`."""

    def __init__(self, where: str, given: object, known: tuple[str, ...]) -> None:
        """Take the settings `given`, of which `known` are those that exist."""
        if not isinstance(given, Mapping):
            raise BadOffer(f"{where}: has to be a dictionary.")
        for key in given:
            if key not in known:
                listed = ", ".join(known)
                raise BadOffer(f"{where}: there is no setting ‘{key}’; use {listed}.")
        self.where = where
        self.given: Mapping[str, Any] = given

    def bad(self, key: str, sentence: str) -> BadOffer:
        """Return the error of one setting."""
        return BadOffer(f"{self.where}, {key}: {sentence}.")

    def text(self, key: str, default: str = "") -> str:
        """Return a text of one line."""
        value = self.given.get(key)
        if value is None:
            return default
        if not isinstance(value, str) or has_control_characters(value):
            raise self.bad(key, "has to be a text of one line")
        return value or default

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self.given.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.bad(key, "has to be True or False")
        return value

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """Return a whole number within bounds."""
        value = self.given.get(key)
        if value is None:
            return default
        if type(value) is not int or not least <= value <= most:
            raise self.bad(key, f"has to be a whole number from {least} to {most}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, each once."""
        value = self.given.get(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple | set | frozenset) or not all(
            isinstance(one, str) and one for one in value
        ):
            raise self.bad(key, "has to be a list of texts")
        return tuple(sorted(value) if isinstance(value, set | frozenset) else dict.fromkeys(value))

    def object_name(self, key: str) -> str | None:
        """Return the name of a Kubernetes object."""
        name = self.text(key) or None
        if name is not None and not is_object_name(name):
            raise self.bad(key, f"‘{name}’ is no name of a Kubernetes object")
        return name

    def secret_key(self, key: str, value: object) -> str:
        """Return a key of a Secret, given in the setting `key`."""
        if not isinstance(value, str) or not _KEY.fullmatch(value):
            raise self.bad(key, f"‘{value}’ is no key of a Secret")
        return value

    def variable(self, key: str, value: object) -> str:
        """Return the name of a variable, given in the setting `key`."""
        if not isinstance(value, str) or not ENV_NAME.fullmatch(value):
            raise self.bad(key, f"‘{value}’ is no name of a variable")
        return value

    def quantity(self, key: str) -> str | None:
        """Return a Kubernetes quantity."""
        value = self.text(key) or None
        if value is not None:
            try:
                check_quantity(value)
            except ValueError as error:
                raise self.bad(key, str(error).removesuffix(".")) from None
        return value
