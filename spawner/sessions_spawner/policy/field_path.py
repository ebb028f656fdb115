"""Places in a pod, as people read them: `spec.containers[1].image`."""

from __future__ import annotations

import json
import re
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LONGEST_STEP: Final = 120


def format_path(path: Path) -> str:
    """Return a path as text; keys that are no plain word are quoted: `labels["a/b"]`."""
    steps = "".join(_format_step(step) for step in path)
    return steps.removeprefix(".")


def _format_step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if len(step) > _LONGEST_STEP:
        step = f"{step[:_LONGEST_STEP]}…"
    elif _PLAIN.fullmatch(step):
        return f".{step}"
    return f"[{json.dumps(step, ensure_ascii=False)}]"
