"""Starts that the hub refuses: the sentence, whether or not the hub's answer has it already."""

from __future__ import annotations

import json
from typing import Any

from .product import Product


def refusal_of(product: Product, path: str, options: Any = None, *, token: str) -> str:
    """Return why the hub refuses `POST` to a server; fail if it starts.

    The hub of a busy machine answers before it knows, and tells its progress page.
    """
    answer = product.hub("POST", path, options, token=token, expect=(201, 202, 400))
    if answer.status_code == 400:
        return str(answer.json()["message"])
    lines = product.hub("GET", f"{path}/progress", token=token).text.splitlines()
    events = [json.loads(line.partition(":")[2]) for line in lines if line.startswith("data:")]
    assert events[-1]["failed"], events
    return str(events[-1]["message"])
