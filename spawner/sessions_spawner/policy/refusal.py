"""A refusal, and the shape of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..request import LaunchRequest
from .facts import Facts


@dataclass(frozen=True)
class Refusal:
    """A field, and a sentence that says what to change.

    Of places in pods also whose `rule` it is, in words, and the values that would do `instead`.
    """

    field: str
    message: str
    rule: str = ""
    instead: tuple[str | int | bool, ...] = ()


Rule = Callable[[LaunchRequest, Facts], Iterator[Refusal]]
