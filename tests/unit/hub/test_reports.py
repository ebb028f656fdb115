"""A report counts when the hub agrees, and an end waits until the hub can be asked."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import pytest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from sessions_service.db.work import Database
from sessions_service.hub.admission import admit
from sessions_service.hub.client import HubClient
from sessions_service.hub.ready_words import ReadyWords
from sessions_service.hub.reports import Reports
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.table import State
from sessions_service.sessions import store
from sessions_service.sessions.ends import stop_row
from sessions_service.sessions.models import Session
from sessions_spawner.wire.channel import Refused
from sessions_spawner.wire.messages import Admit, Owner, Report
from sessions_spawner.wire.snapshot import Snapshot
from tests.support.records import NOON, add, after, run

Servers = dict[str, dict[str, Any]]


class User(RequestHandler):
    """The hub's answer about a user: his servers, or the status that is set instead."""

    async def get(self) -> None:
        """Answer."""
        hub: Hub = self.settings["hub"]
        hub.asked += 1
        if hub.status != 200:
            self.set_status(hub.status)
        self.write(json.dumps({"name": "anna", "servers": hub.servers}))


@dataclass
class Hub:
    """A hub's API as far as reports need it, on a port of its own."""

    servers: Servers = field(default_factory=dict)
    status: int = 200
    asked: int = 0
    url: str = ""


@dataclass
class Parts:
    """The service as far as reports ask for it."""

    db: Database
    hub: HubClient
    ready_words: ReadyWords = field(default_factory=ReadyWords)
    stopping: bool = False
    ready: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        return after(3600)

    def hub_was_stopping(self, _session_id: str, _generation: int) -> bool:
        return self.stopping

    async def mark_ready(self, session: Session, *_given: Any) -> None:
        self.ready.append(session.id)


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    """Give a hub whose user has one running server, and stop it afterwards."""
    hub = Hub()
    listener, port = bind_unused_port()
    server = HTTPServer(Application([(r"/.*", User)], hub=hub))
    server.add_socket(listener)
    hub.url = f"http://127.0.0.1:{port}"
    yield hub
    server.stop()
    await server.close_all_connections()


@pytest.fixture
async def parts(database: Database, hub: Hub) -> Parts:
    """Give a database with a lease, and a client of the hub."""
    return Parts(database, HubClient(hub.url, "token"))


@pytest.fixture
async def session(parts: Parts, hub: Hub) -> Session:
    """Give a running session, which the hub has too."""
    session = await parts.db.write(lambda db: run(db, add(db)))
    hub.servers[session.server] = {"ready": True, "pending": None}
    return session


def end_of(session: Session, **different: Any) -> Report:
    """Return the report that a session has crashed."""
    base = Report(
        id=session.id,
        generation=session.generation,
        kind="ended",
        at=after(60),
        exit_code=137,
        lines=("out of luck",),
    )
    return base.model_copy(update=different)


async def tell(reports: Reports, *told: Report) -> None:
    await reports({"reports": [one.model_dump(mode="json") for one in told]})


async def now_of(parts: Parts, session: Session) -> Session:
    found = await parts.db.read(store.get, session.id)
    assert found is not None
    return found


def make_reports(parts: Parts) -> Reports:
    return Reports(cast("Any", parts))


@pytest.mark.parametrize("status", [500, 503, 429, 403])
async def test_an_end_waits_until_the_hub_can_be_asked(
    parts: Parts, hub: Hub, session: Session, status: int
) -> None:
    reports = make_reports(parts)
    hub.status = status
    with pytest.raises(Refused) as refusal:
        await tell(reports, end_of(session))
    assert refusal.value.code == "wait"
    assert (await now_of(parts, session)).state is State.RUNNING
    # The hub process sends it again, and by now the hub has the server no more.
    hub.status = 200
    del hub.servers[session.server]
    await tell(reports, end_of(session))
    ended = await now_of(parts, session)
    assert (ended.state, ended.cause, ended.ended_at) == ("failed", "crashed", after(60))
    assert ended.evidence == {"exit_code": 137, "lines": ["out of luck"]}


async def test_the_words_of_an_end_are_kept_for_its_sentence(
    parts: Parts, hub: Hub, session: Session
) -> None:
    hub.servers.clear()
    words: dict[str, str | int] = {"image": "r:4", "exit_code": 1}
    told = end_of(session, cause="image-pull", detail="it is not there", lines=(), words=words)
    await tell(make_reports(parts), told)
    ended = await now_of(parts, session)
    assert (ended.cause, ended.evidence["image"]) == ("image-pull", "r:4")
    assert ended.evidence["exit_code"] == 137


async def test_a_forged_end_changes_nothing_while_the_hub_is_away_nor_later(
    parts: Parts, hub: Hub, session: Session
) -> None:
    reports = make_reports(parts)
    hub.status = 503
    with pytest.raises(Refused):
        await tell(reports, end_of(session))
    assert await now_of(parts, session) == session
    hub.status = 200
    await tell(reports, end_of(session))
    assert await now_of(parts, session) == session
    assert reports.ends == {}


async def test_late_repeated_and_foreign_reports_change_nothing(
    parts: Parts, hub: Hub, session: Session
) -> None:
    reports = make_reports(parts)
    del hub.servers[session.server]
    foreign = [end_of(session, generation=session.generation + more) for more in (1, -1)]
    await tell(reports, *foreign, end_of(session, id="snobody"))
    assert await now_of(parts, session) == session
    await tell(reports, end_of(session), end_of(session, cause="out-of-memory"))
    ended = await now_of(parts, session)
    assert ended.cause == "crashed"
    await tell(reports, end_of(session, cause="evicted"), end_of(session, kind="ready"))
    assert await now_of(parts, session) == ended


@pytest.mark.parametrize("agreed", [True, False])
async def test_the_hub_is_asked_about_a_start_unless_its_word_came_along(
    parts: Parts, hub: Hub, *, agreed: bool
) -> None:
    session = await parts.db.write(add)
    hub.servers[session.server] = {"ready": True, "pending": None}
    await tell(make_reports(parts), end_of(session, kind="ready", agreed=agreed))
    assert (parts.ready, hub.asked) == ([session.id], 0 if agreed else 1)


async def test_no_word_that_came_along_ends_a_session(
    parts: Parts, hub: Hub, session: Session
) -> None:
    await tell(make_reports(parts), end_of(session, agreed=True))
    assert (await now_of(parts, session), hub.asked) == (session, 1)


async def test_a_hub_that_is_busy_with_the_server_is_asked_again_later(
    parts: Parts, hub: Hub, session: Session
) -> None:
    hub.servers[session.server]["pending"] = "stop"
    reports = make_reports(parts)
    with pytest.raises(Refused):
        await tell(reports, end_of(session))
    assert hub.asked <= 10, "a busy hub is not asked all the time"
    assert (await now_of(parts, session)).state is State.RUNNING


async def test_what_waits_for_the_hub_holds_up_no_other_session(
    parts: Parts, hub: Hub, session: Session
) -> None:
    stopping = await parts.db.write(lambda db: run(db, add(db)))
    await parts.db.write(
        stop_row, stopping.id, Cause.USER, actor="anna", on_behalf_of=None, reason=None, at=NOON
    )
    hub.status = 503
    with pytest.raises(Refused):
        await tell(make_reports(parts), end_of(session), end_of(stopping))
    ended = await now_of(parts, stopping)
    assert (ended.state, ended.cause) == ("stopped", "user")


async def test_a_new_run_of_the_server_ends_the_former_one_as_its_report_says(
    parts: Parts, session: Session
) -> None:
    question = Admit(
        owner=Owner(name="anna", created="2026-01-01"),
        server=session.server,
        request=dict(session.request) | {"idle_timeout": 900, "drive": "default"},
        request_digest=session.request_digest,
        environment_title="Python",
        settings_digest="",
        token_sha256="another",
    )
    named = question.model_copy(update={"server": "mine"})
    former = await parts.db.write(lambda db: run(db, add(db, server="mine")))
    known = {(former.id, former.generation): end_of(former)}
    new, _ = await parts.db.write(
        admit, named, Snapshot(), after(90), known, parts.hub_was_stopping
    )
    ended = await now_of(parts, former)
    assert (ended.cause, ended.ended_at, new.state) == ("crashed", after(60), State.PROVISIONING)
    # Without a report nobody knows how that one ended.
    again = named.model_copy(update={"token_sha256": "third"})
    await parts.db.write(admit, again, Snapshot(), after(99), {}, parts.hub_was_stopping)
    assert (await now_of(parts, new)).cause == "lost"
