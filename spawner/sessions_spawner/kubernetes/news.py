"""What happens to a pod while its session goes on, told once: helpers and the machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from .diagnosis import Finding
from .pods import NOTEBOOK

# A helper that crashes again and again is not told each time.
_MOST_TIMES = 3
_MACHINE = ""


@dataclass(frozen=True)
class Item:
    """One piece of news: `container` is empty for the machine, `why` for what is well again."""

    container: str
    why: str

    @property
    def words(self) -> dict[str, str | int]:
        """What the story's line is made from."""
        return {"container": self.container, "why": self.why}


@dataclass
class News:
    """What was told of one run."""

    _ill: dict[str, str] = field(default_factory=dict)
    _times: Counter[str] = field(default_factory=Counter)

    def take(self, finding: Finding) -> Iterator[Item]:
        """Yield what is new in a look at a pod that goes on."""
        now = dict(_ills_of(finding))
        for name, why in now.items():
            if name not in self._ill and self._times[name] < _MOST_TIMES:
                self._times[name] += 1
                self._ill[name] = why
                yield Item(name, why)
        for name in self._ill.keys() - now.keys():
            # Of a machine that is away, nobody knows how its containers are.
            if name == _MACHINE or _MACHINE not in now:
                del self._ill[name]
                yield Item(name, "")


def _ills_of(finding: Finding) -> Iterator[tuple[str, str]]:
    verdict = finding.verdict
    if verdict is not None and verdict.cause == "node-lost":
        yield _MACHINE, verdict.detail or "it does not answer"
        return
    for one in finding.unready:
        if one.name != NOTEBOOK:
            yield one.name, one.why
