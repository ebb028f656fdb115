"""A refusal, and the shape of a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..request import LaunchRequest
from .facts import Facts


@dataclass(frozen=True)
class Refusal:
    """A field, and a sentence that says what to change."""

    field: str
    message: str


Rule = Callable[[LaunchRequest, Facts], Iterator[Refusal]]
