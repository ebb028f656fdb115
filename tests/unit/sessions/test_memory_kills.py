"""A session's word about its memory adds a few lines to its story, and nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import pytest
import pytest_asyncio

from sessions_service.db.engine import Db
from sessions_service.db.work import CommitUnknown, Database
from sessions_service.events.fanout import Fanout, Stream
from sessions_service.lifecycle.chronicle import Line, read_story
from sessions_service.lifecycle.story import MEMORY_USED_UP
from sessions_service.sessions import store
from sessions_service.sessions.living import Living
from sessions_service.sessions.memory_kills import (
    MOST_LINES,
    QUIET_SECONDS,
    MemoryKills,
    Told,
    find_notice,
    is_due,
)
from sessions_service.sessions.models import Session
from tests.support.records import NOON, add, after, counted_commits, end, run


@dataclass
class Surroundings:
    """The service as far as counts of kills ask for it."""

    db: Database
    at: datetime = NOON
    fanout: Fanout = field(default_factory=Fanout)
    living: Living = field(default_factory=Living)

    def now(self) -> datetime:
        return self.at


class World:
    """A running session whose server counts, and the service that takes the counts."""

    def __init__(self, database: Database, session: Session) -> None:
        self.service = Surroundings(database)
        self.session = session
        self.stream = Stream(session.owner, session.owner)
        self.service.fanout.add(self.stream)
        self.service.living.take(session)
        self.kills = self.restarted()

    def restarted(self) -> MemoryKills:
        """Return what a service knows that was just started."""
        return MemoryKills(cast("Any", self.service))

    async def report(self, second: float, count: int, *kernels: str) -> int:
        """Report a count so long after noon; return how many lines the story has by then."""
        self.service.at = after(second)
        await self.kills.take(self.session.id, count, kernels)
        return len(await self.lines())

    async def lines(self) -> list[Line]:
        """Return the story's lines about memory."""
        story = await self.service.db.read(read_story, self.session.id)
        return [line for line in story if line.event == MEMORY_USED_UP]


def add_running_one(db: Db) -> Session:
    return run(db, add(db, memory="2Gi"))


@pytest_asyncio.fixture
async def world(database: Database) -> World:
    return World(database, await database.write(add_running_one))


async def test_a_kernels_end_is_one_line_with_its_name_and_the_limit(world: World) -> None:
    assert await world.report(0, 1, "train.ipynb") == 1
    (line,) = await world.lines()
    assert (line.actor, line.at) == ("session", NOON)
    assert line.data == {
        "generation": 0,
        "counted": 1,
        "kills": 1,
        "kernels": ["train.ipynb"],
        "memory": "2Gi",
        "is_last": False,
    }


async def test_nothing_else_of_the_session_changes(world: World) -> None:
    await world.report(0, 1)
    session = await world.service.db.read(store.need, world.session.id)
    assert (session.version, session.state) == (world.session.version, world.session.state)
    assert session.revision > world.session.revision


async def test_the_same_count_adds_nothing_however_often_it_comes(world: World) -> None:
    with counted_commits(world.service.db.engine) as commits:
        for second in range(0, 600, 60):
            assert await world.report(second, 0) == 0
        assert commits == []
        assert await world.report(600, 2) == 1
        for second in range(660, 1200, 60):
            assert await world.report(second, 2, "other.ipynb") == 1
        assert len(commits) == 1


async def test_a_service_that_was_restarted_goes_on_with_what_the_story_says(world: World) -> None:
    await world.report(0, 3)
    world.kills = world.restarted()
    assert await world.report(120, 3) == 1
    assert await world.report(180, 5) == 2
    assert (await world.lines())[-1].data["kills"] == 2


async def test_what_comes_within_a_minute_is_counted_in_the_next_line(world: World) -> None:
    assert await world.report(0, 1) == 1
    assert await world.report(QUIET_SECONDS - 1, 4, "late.ipynb") == 1
    assert await world.report(QUIET_SECONDS, 4, "late.ipynb") == 2
    assert (await world.lines())[-1].data["kills"] == 3


async def test_a_run_has_twenty_lines_and_the_last_says_so(world: World) -> None:
    for number in range(1, MOST_LINES + 10):
        lines = await world.report(number * QUIET_SECONDS, number)
        assert lines == min(number, MOST_LINES)
    said = [line.data["is_last"] for line in await world.lines()]
    assert said == [False] * (MOST_LINES - 1) + [True]
    world.kills = world.restarted()
    assert await world.report(7200, 999) == MOST_LINES


async def test_counts_that_come_at_the_same_time_are_written_once(world: World) -> None:
    with counted_commits(world.service.db.engine) as commits:
        await asyncio.gather(*(world.kills.take(world.session.id, 1, ()) for _one in range(50)))
    assert len(commits) == 1
    assert len(await world.lines()) == 1


async def test_a_count_that_the_database_did_not_take_can_come_again(world: World) -> None:
    write = world.service.db.write

    async def write_and_fail(*asked: Any, **more: Any) -> Any:
        await write(*asked, **more)
        raise CommitUnknown("The connection was lost.")

    world.service.db.write = write_and_fail  # type: ignore[method-assign]
    with pytest.raises(CommitUnknown):
        await world.report(0, 1)
    world.service.db.write = write  # type: ignore[method-assign]
    assert await world.report(90, 1) == 1
    assert await world.report(180, 2) == 2


async def test_a_container_that_was_started_again_counts_from_zero(world: World) -> None:
    assert await world.report(0, 3) == 1
    assert await world.report(60, 0) == 1
    assert await world.report(120, 1) == 2
    assert (await world.lines())[-1].data["kills"] == 1
    assert await world.report(240, 1) == 2


async def test_another_run_of_the_session_begins_at_zero(world: World) -> None:
    await world.report(0, 3)
    changes = {"generation": 1}
    again = await world.service.db.write(store.save, world.session, changes, is_edit=False)
    world.service.living.take(again)
    assert await world.report(10, 1) == 2
    assert (await world.lines())[-1].data["generation"] == 1


async def test_a_session_that_has_ended_gets_no_line(world: World) -> None:
    await world.service.db.write(lambda db: end(db, store.need(db, world.session.id)))
    assert await world.report(0, 1) == 0
    assert world.stream.waiting == {}


async def test_a_line_is_given_notice_of_once(world: World) -> None:
    await world.report(0, 1, "train.ipynb")
    assert list(world.stream.waiting) == [("notice", world.session.id)]
    world.stream.waiting.clear()
    await world.report(120, 1)
    world.kills = world.restarted()
    await world.report(180, 1)
    assert world.stream.waiting == {}


async def test_a_notice_says_which_session_and_where_to_look(world: World) -> None:
    db = world.service.db
    assert await db.read(find_notice, world.session) is None
    await world.report(0, 1, "old.ipynb")
    await world.report(60, 2, "train.ipynb")
    assert await db.read(find_notice, world.session) == {
        "kind": "memory",
        "session": world.session.id,
        "sentence": "calm-heron-42: The kernel of train.ipynb was ended because the session's "
        "memory (2Gi) was used up. Use less, or start a session with more memory.",
        "action": {"label": "Show its story", "action": "story"},
    }


@pytest.mark.parametrize(
    ("told", "kills", "due"),
    [
        (Told(), 0, False),
        (Told(), 1, True),
        (Told(1, 1, after(-QUIET_SECONDS)), 1, False),
        (Told(1, 1, after(-QUIET_SECONDS)), 2, True),
        (Told(1, 1, after(-QUIET_SECONDS + 1)), 2, False),
        (Told(1, MOST_LINES, after(-9999)), 2, False),
    ],
)
def test_a_line_is_due_for_more_kills_after_a_quiet_minute(
    told: Told, kills: int, due: bool
) -> None:
    assert is_due(told, kills, NOON) is due
