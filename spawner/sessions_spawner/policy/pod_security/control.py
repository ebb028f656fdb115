"""What a control is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..field_path import format_path
from .node import Node
from .pod import Pod

Level = Literal["privileged", "baseline", "restricted"]

# A place that breaks a control, and the sentence that says what to change there.
Finding = tuple[Node, str]


@dataclass(frozen=True)
class Violation:
    """A control by its official id, the path that breaks it, and what to change there."""

    control: str
    path: str
    message: str


@dataclass(frozen=True)
class Control:
    """One control of a level.

    `find` is given the pod and the minor version of the policy, and gives every place that
    breaks the control. `since` is the first minor version that has it. A restricted control may
    override one of baseline, which is then not asked at restricted.
    """

    id: str
    level: Literal["baseline", "restricted"]
    find: Callable[[Pod, int], Iterator[Finding]]
    since: int = 0
    overrides: str = ""

    def violations(self, pod: Pod, minor: int) -> Iterator[Violation]:
        """Give what breaks this control; a value of a wrong type has a sentence of its own."""
        for node, sentence in self.find(pod, minor):
            yield Violation(self.id, format_path(node.path), node.wrong or sentence)
