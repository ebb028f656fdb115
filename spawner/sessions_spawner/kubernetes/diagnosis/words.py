"""Puts the cluster's words into a form that people can read and that cannot hurt them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from ...local.evidence import mask
from ...request.quantities import parse_quantity

DETAIL_LENGTH: Final = 200
LINE_LENGTH: Final = 300
# Beyond this nothing is read: no message of the cluster's says more in more.
_READ_LENGTH: Final = 4000
_TERMINAL: Final = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]?")
# Breaks the direction, the width or the line; Cf holds the bidirectional and zero-width ones.
_DROPPED: Final = frozenset({"Cf", "Cs", "Co", "Cn"})
_SPACES: Final = frozenset({"Cc", "Zl", "Zp"})
_LOGIN: Final = re.compile(r"(https?://)[^/\s@\"]+@")
_QUERY: Final = re.compile(r"(https?://[^\s?\"]*)\?[^\s\":,]*")
# Other people's pods, as events name them.
_OTHERS: Final = (
    (re.compile(r"(already used by )pod\(s\) .*"), r"\1another pod"),
    (re.compile(r"([Pp]reempted by )\S+.*?( on node|$)"), r"\1another pod\2"),
)
_UNITS: Final = ("KiB", "MiB", "GiB", "TiB", "PiB")
_BYTES: Final = ("memory", "storage", "disk")


def clean(text: str, length: int = DETAIL_LENGTH) -> str:
    """Return text on one line without control characters, credentials and others' pods."""
    text = _TERMINAL.sub("", text[:_READ_LENGTH])
    text = " ".join("".join(map(_plain, text)).split())
    text = mask(_QUERY.sub(r"\1", _LOGIN.sub(r"\1", text)))
    for pattern, instead in _OTHERS:
        text = pattern.sub(instead, text)
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category in _SPACES:
        return " "
    return "" if category in _DROPPED else char


def clean_lines(text: str, most: int = 20) -> tuple[str, ...]:
    """Return the last lines of a text, each cleaned; empty ones are left out."""
    lines = (clean(line, LINE_LENGTH) for line in text[-_READ_LENGTH:].splitlines())
    return tuple(line for line in lines if line)[-most:]


def say_resource(name: str) -> str:
    """Return the word for a resource as quotas, pods and nodes call it."""
    last = name.rpartition("/")[2].removeprefix("requests.").removeprefix("limits.")
    if "gpu" in last:
        return "GPU"
    known = {
        "cpu": "CPU",
        "ephemeral-storage": "disk",
        "nodefs": "disk",
        "imagefs": "disk",
        "inodes": "disk",
        "persistentvolumeclaims": "drives",
        "pids": "processes",
        "pid": "processes",
    }
    return known.get(last) or clean(last, 40)


def say_amount(resource: str, amount: str | Decimal) -> str:
    """Return an amount of a resource: `4 GiB`, `0.5 CPU`, `1 GPU`; unread ones as they are."""
    try:
        number = parse_quantity(amount) if isinstance(amount, str) else amount
    except ValueError:
        return clean(str(amount), 40)
    if resource not in _BYTES:
        return f"{_say_number(number)} {resource}"
    return _say_bytes(number)


def _say_bytes(number: Decimal) -> str:
    unit = "bytes"
    for larger in _UNITS:
        if number < 1024:
            break
        number, unit = number / 1024, larger
    return f"{_say_number(number)} {unit}"


def _say_number(number: Decimal) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def join_words(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a, b and c`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
