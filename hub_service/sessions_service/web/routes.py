"""A route: an address as OpenAPI writes it, and the handler behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .operation import Operation

if TYPE_CHECKING:
    from .handler import ApiHandler

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """An address below the service's own, such as `api/v1/sessions/{id}`."""

    template: str
    handler: type[ApiHandler]

    def pattern(self) -> str:
        """Return the regular expression of the address."""
        return re.sub(r"\\\{\w+\\\}", r"([^/]+)", re.escape(self.template))

    def operations(self) -> dict[str, Operation]:
        """Return method → operation."""
        found = {}
        for method in _METHODS:
            described = getattr(getattr(self.handler, method.lower()), "operation", None)
            if described is not None:
                found[method] = described
        return found
