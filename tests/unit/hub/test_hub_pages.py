"""What the hub's own pages may make keeps to the limits of the Sessions page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sessions_service.db.engine import make_engine
from sessions_service.db.migrations import upgrade
from sessions_service.drives import store as drives
from sessions_service.events.fanout import Fanout
from sessions_service.hub.hub_pages import MakeDrive
from sessions_spawner.wire.channel import Refused
from sessions_spawner.wire.snapshot import DriveTerms, Snapshot
from tests.support.records import NOON, scratch

TERMS = DriveTerms(size="10Gi", total_max="10Gi")


@dataclass
class Parts:
    """The service as far as a new drive needs it."""

    db: Any
    link: Any
    fanout: Fanout = field(default_factory=Fanout)

    def now(self) -> datetime:
        return NOON


class Transaction:
    """A database whose reads and writes are one transaction."""

    def __init__(self, db: Any) -> None:
        self._db = db

    async def read(self, fn: Callable[..., Any], *args: Any, **more: Any) -> Any:
        return fn(self._db, *args, **more)

    write = read


async def test_a_drive_that_leaves_no_room_is_refused_with_what_is_left(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'sessions.sqlite'}")
    upgrade(engine)
    with scratch(engine) as db:
        drives.create(db, "anna@2026", "anna", "first", at=NOON, limit=20)
        link = SimpleNamespace(snapshot=Snapshot(drive_terms=TERMS))
        make = MakeDrive(cast("Any", Parts(Transaction(db), link)))
        question = {"owner_key": "anna@2026", "owner": "anna", "name": "second"}
        with pytest.raises(Refused, match="10 of 10 GiB"):
            await make(question)
        assert await make({**question, "owner_key": "ben@2026", "owner": "ben"}) == {}
    engine.dispose()
