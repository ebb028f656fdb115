"""PostgreSQL's times: some, such as `infinity`, are none for Python."""

from __future__ import annotations

from typing import Any

from psycopg import DataError, adapters
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from .unreadable import EARLY, LATE


class TimeLoader(Loader):
    """Reads times as psycopg does; what is no time for Python comes out as unreadable."""

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        psycopgs = adapters.get_loader(oid, Format.TEXT)
        self._load = psycopgs(oid, context).load if psycopgs else bytes

    def load(self, data: Buffer) -> Any:
        """Return the time that PostgreSQL sent as text."""
        try:
            return self._load(data)
        except DataError:
            text = bytes(data)
            return EARLY if text.startswith(b"-") or text.endswith(b"BC") else LATE
