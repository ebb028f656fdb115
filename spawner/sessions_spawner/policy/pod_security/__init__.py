"""The Pod Security Standards, judged as Kubernetes' own admission judges them."""

from .control import Level, Violation
from .evaluate import CONTROLS, LATEST_MINOR, NEWEST_MINOR, evaluate, parse_minor

__all__ = [
    "CONTROLS",
    "LATEST_MINOR",
    "NEWEST_MINOR",
    "Level",
    "Violation",
    "evaluate",
    "parse_minor",
]
