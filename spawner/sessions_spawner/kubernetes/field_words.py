"""What Kubernetes says about a pod's fields: the first sentence of its client's documentation."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from kubernetes_asyncio.client import models

_LONGEST: Final = 240
_SENTENCE_END: Final = re.compile(r"(?<=[.])\s")


@cache
def describe_field(kind: str, field: str) -> str:
    """Return a sentence about a field of a type; "" where the client has none."""
    model: Any = getattr(models, f"V1{kind}", None)
    names = {shown: own for own, shown in getattr(model, "attribute_map", {}).items()}
    documented = getattr(getattr(model, names.get(field, ""), None), "__doc__", None) or ""
    paragraphs = [part.strip() for part in documented.replace("# noqa: E501", "").split("\n\n")]
    if len(paragraphs) < 3:
        return ""
    first = _SENTENCE_END.split(" ".join(paragraphs[1].split()))[0]
    return first if len(first) <= _LONGEST else f"{first[:_LONGEST]}…"
