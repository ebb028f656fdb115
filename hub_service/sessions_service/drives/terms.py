"""What drives may be asked for: sizes and kinds, by the administrator's settings; pure."""

from __future__ import annotations

from decimal import Decimal

from sessions_spawner.request.quantities import parse_quantity
from sessions_spawner.wire.snapshot import DriveTerms

_NO_SIZE = "Drives of this hub have no size; leave it out."


def wrong_choices(terms: DriveTerms, size: str | None, storage_class: str | None) -> dict[str, str]:
    """Return field → sentence for what a new drive cannot have."""
    found = {}
    if size is not None and (sentence := wrong_size(terms, size)):
        found["size"] = sentence
    offered = {*terms.storage_classes, terms.storage_class} - {None}
    if storage_class is not None and storage_class not in offered:
        listed = ", ".join(sorted(str(one) for one in offered))
        found["storage_class"] = f"Choose one of: {listed}." if listed else "Leave it out."
    return found


def wrong_size(terms: DriveTerms, size: str) -> str:
    """Return why a drive cannot have a size, or an empty text."""
    if terms.size is None:
        return _NO_SIZE
    most = terms.size_max or terms.size
    if parse_quantity(size) > parse_quantity(most):
        return f"Choose {most} or less."
    return ""


def wrong_growth(terms: DriveTerms, now: str | None, size: str) -> str:
    """Return why a drive of a size cannot get another, or an empty text."""
    if sentence := wrong_size(terms, size):
        return sentence
    if now is not None and _is_less(size, now):
        return f"A drive only grows: choose more than {now}."
    return ""


def why_not_grow(terms: DriveTerms, now: str | None) -> str:
    """Return why a drive of a size cannot grow at all, or an empty text."""
    if terms.size is None:
        return "Drives of this hub have no size."
    most = terms.size_max or terms.size
    if now is not None and not _is_less(now, most, if_unread=True):
        return f"It has the largest size that is allowed here, {most}."
    return ""


def wrong_total(terms: DriveTerms, used: Decimal, size: str | None) -> str:
    """Return why drives of so many bytes leave no room for one more, or an empty text."""
    if terms.total_max is None or size is None:
        return ""
    most = parse_quantity(terms.total_max)
    left = most - used
    if parse_quantity(size) <= left:
        return ""
    has = f"Your drives have {_gib(used)} of {_gib(most)} GiB."
    return f"{has} Choose {_gib(left)} GiB or less." if left > 0 else f"{has} Delete one first."


def _gib(size: Decimal) -> str:
    """Return bytes as GiB with one digit behind the point, rounded down: as much as there is."""
    tenths = int(size * 10 / 2**30)
    return f"{tenths / 10:g}"


def _is_less(size: str, other: str, *, if_unread: bool = False) -> bool:
    """Compare sizes; one that is written as none of ours is left to the cluster."""
    try:
        return parse_quantity(size) < parse_quantity(other)
    except ValueError:
        return if_unread
