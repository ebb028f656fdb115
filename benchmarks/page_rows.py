"""A long history of one person for the page's benchmark: ended sessions beside a real one."""

from __future__ import annotations

import random
from itertools import islice
from typing import Final

from sqlalchemy import func, select

from benchmarks.data import Size, make_rows
from sessions_service.db.engine import Db
from sessions_service.sessions.rows import SESSIONS
from sessions_service.sessions.search import BATCH, kept_up_to, note_inserted
from tests.support.product import Product

_BATCH: Final = 2000


def fill(product: Product, rows: int) -> None:
    """Give the product's person so many ended sessions; one of them was real."""
    pattern = product.running(name="the-real-one")["id"]
    product.stop_all()
    with product.database() as engine, engine.begin() as db:
        owner = db.execute(
            select(
                SESSIONS.c.owner, SESSIONS.c.owner_key, SESSIONS.c.email, SESSIONS.c.drive_id
            ).where(SESSIONS.c.id == pattern)
        ).one()
        made = (row for row in make_rows(Size(2 * rows), random.Random(1)) if row["cause"])
        ended = ({**row, **owner._mapping, "revision": 1} for row in made)
        wanted = islice(ended, rows)
        while batch := list(islice(wanted, _BATCH)):
            db.execute(SESSIONS.insert(), batch)
        _note_terms(db)


def _note_terms(db: Db) -> None:
    """Keep the short terms of all rows, as the service does while they come one by one."""
    last = db.execute(select(func.max(SESSIONS.c.seq))).scalar_one()
    while last - kept_up_to(db) >= BATCH:
        note_inserted(db, last)
