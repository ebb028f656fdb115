"""Durations as people say them."""

from __future__ import annotations

from math import isfinite


def say_duration(seconds: float) -> str:
    """Return a duration as people say it: `45 s`, `30 min`, `2 h 15 min`, `2 days 2 h`."""
    if not isfinite(seconds):
        return "an unknown time"
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} days {hours} h" if hours else f"{days} days"


def say_limit(seconds: int) -> str:
    """Return a bound exactly, in one unit: `90 s`, `100 min`, `36 h`."""
    for unit, word in ((3600, "h"), (60, "min")):
        if seconds % unit == 0:
            return f"{seconds // unit} {word}"
    return f"{seconds} s"
