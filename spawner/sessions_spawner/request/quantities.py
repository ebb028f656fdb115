"""Kubernetes quantities: `500m`, `2`, `4Gi`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_QUANTITY: Final = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?")
_FACTORS: Final = {
    "": Decimal(1),
    "m": Decimal("0.001"),
    **{unit: Decimal(1000) ** (n + 1) for n, unit in enumerate("kMGTP")},
    **{f"{unit}i": Decimal(1024) ** (n + 1) for n, unit in enumerate("KMGTP")},
}


def check_quantity(text: str) -> str:
    """Return the text if it is a Kubernetes quantity above zero; raise `ValueError` otherwise."""
    if parse_quantity(text) <= 0:
        raise ValueError("Use a quantity above 0.")
    return text


def parse_quantity(text: str) -> Decimal:
    """Return the quantity as a number (bytes, or CPUs); raise `ValueError` for other text."""
    match = _QUANTITY.fullmatch(text)
    if not match:
        raise ValueError("Use a Kubernetes quantity such as 500m, 2 or 4Gi.")
    return Decimal(match[1]) * _FACTORS[match[2] or ""]


def say_quantity(quantity: str) -> str:
    """Return a quantity of bytes in words: `4Gi` as `4 GiB`."""
    return quantity.replace("Gi", " GiB").replace("Mi", " MiB")
