"""What unit tests share: a database of one test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from sessions_service.db.work import Database


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Give a database with tables and its lease."""
    database = Database(f"sqlite:///{tmp_path / 'sessions.sqlite'}")
    await database.upgrade()
    await database.acquire("tests")
    yield database
    await database.close()
