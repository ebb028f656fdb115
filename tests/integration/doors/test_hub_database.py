"""The hub's own database in a running product."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

from tests.support.product import Product


def test_the_hub_s_own_sqlite_file_is_written_ahead(product: Product) -> None:
    with closing(sqlite3.connect(product.folder / "hub.sqlite")) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]

    assert mode == "wal"
    assert "sessions.hub_database journal=wal" in product.log()


def test_the_garbage_collector_leaves_alone_what_the_hub_has_loaded(product: Product) -> None:
    told = re.search(r"sessions\.hub_memory settled=(\d+)", product.log())

    assert told is not None
    assert int(told[1]) > 100_000
