"""The hub's own database in a running product."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.support.product import Product


def test_the_hub_s_own_sqlite_file_is_written_ahead(product: Product) -> None:
    with closing(sqlite3.connect(product.folder / "hub.sqlite")) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]

    assert mode == "wal"
    assert "sessions.hub_database journal=wal" in product.log()
