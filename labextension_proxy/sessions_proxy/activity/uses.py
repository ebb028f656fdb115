"""A use of the session: what kind, when last, whether now; and which news cannot wait."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["notebook", "lab", "code", "shell", "ssh", "port"]

LONGEST_SENTENCE = 200
MOST_NAMES = 3
PAUSE_SECONDS = 30.0  # a use after as long a pause is told at once

# What the service refuses: control characters, line ends, those that turn the direction of what
# follows, and half characters, which stand in file names that are no text.
HARMFUL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True)
class Use:
    """One kind of use; `at` is in seconds since 1970, and now for what is busy."""

    kind: Kind
    at: float
    busy: bool
    sentence: str

    def as_json(self) -> dict[str, object]:
        """Return the line of a report."""
        at = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds")
        return {
            "kind": self.kind,
            "at": at.replace("+00:00", "Z"),
            "busy": self.busy,
            "sentence": tidy(self.sentence),
        }


def tidy(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """Make text of a program or file name harmless, and as short as a sentence may be."""
    clean = HARMFUL.sub("", text)
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def enumerate_names(names: Iterable[str]) -> str:
    """Join names for a sentence: all of a few, the first of many."""
    distinct = list(dict.fromkeys(names))
    more = len(distinct) - MOST_NAMES
    shown = ", ".join(distinct[:MOST_NAMES])
    return f"{shown} and {more} more" if more > 0 else shown


def is_news(before: Mapping[Kind, Use], now: Mapping[Kind, Use]) -> bool:
    """Tell whether what changed from one look to the next cannot wait for the regular report.

    That is: a kind is used for the first time, becomes busy or stops being so, or is used again
    after a pause. More of the same is no news.
    """
    for kind, use in now.items():
        old = before.get(kind)
        if old is None or old.busy != use.busy or use.at - old.at >= PAUSE_SECONDS:
            return True
    return False
