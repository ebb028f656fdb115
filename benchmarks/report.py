"""One line a goal, and the same as JSON: ratios by round, their median, the noise."""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any


@dataclass
class Result:
    """What one benchmark measured, round by round; `stock` and `ours` in the same unit.

    A ratio is stock divided by ours (`higher_is_better` turns it round).
    """

    goal_id: str
    what: str
    unit: str
    stock: list[float]
    ours: list[float]
    goal: float
    higher_is_better: bool = False
    notes: dict[str, Any] = field(default_factory=dict)

    def ratios(self) -> list[float]:
        """Return the ratio of each round."""
        pairs = zip(self.stock, self.ours, strict=True)
        return [(o / s) if self.higher_is_better else (s / o) for s, o in pairs]

    def line(self) -> str:
        """Return the line that is printed and kept in the README."""
        ratios = self.ratios()
        noisy = " noisy" if max(self.stock) > 2 * min(self.stock) else ""
        return (
            f"{self.goal_id} {self.what} | stock {median(self.stock):.4g} {self.unit} "
            f"| ours {median(self.ours):.4g} {self.unit} "
            f"| ratio {statistics.median(ratios):.3g} (lowest {min(ratios):.3g}) "
            f"| goal {self.goal:g} | rounds {len(ratios)}{noisy} {surroundings()}"
        )

    def to_json(self) -> str:
        """Return the result as JSON."""
        return json.dumps({**self.__dict__, "ratios": self.ratios()})


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return float(statistics.median(values))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def surroundings() -> str:
    """Return cores, load and versions, for every line."""
    load = os.getloadavg()[0]
    return f"cores {os.cpu_count()} load {load:.1f} hub {version('jupyterhub')}"


def show(*results: Result) -> None:
    """Print the lines, then the JSON."""
    for result in results:
        print(result.line(), flush=True)
    for result in results:
        print(result.to_json(), file=sys.stderr)
