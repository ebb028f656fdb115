"""Every invariant that is broken is found and said; nothing is said of what is right."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from sessions_service.cli import main
from sessions_service.cli.doctor import AGREES, CANNOT_LOOK, DIFFERS
from sessions_service.db.engine import Db, make_engine
from sessions_service.db.migrations import upgrade
from sessions_service.hub.client import HubClient, UsersServer
from sessions_service.idempotency import store as keys
from sessions_service.lifecycle.causes import Cause
from sessions_service.lifecycle.table import State
from sessions_service.reconcile.records import check_records, check_steps
from sessions_service.reconcile.world import check_files, check_hub, check_processes
from sessions_service.sessions.models import Session
from tests.support.records import NOON, add, after, begin_next, run

LATER = after(60)
KEY = keys.Key("anna", "/services/sessions/api/v1/sessions", "k")


def broken(db: Db, session: Session, *statements: str) -> list[str]:
    """Break a record behind the code's back; return what is found, `X` for the session."""
    for statement in statements:
        db.execute(text(statement), {"id": session.id})
    found = check_records(db, LATER)
    return [f"{one.invariant} {one.sentence.replace(session.id, 'X')}" for one in found]


def test_whole_records_agree(db: Db, running: Session, ended: Session) -> None:
    keys.begin(db, KEY, "d", at=NOON)
    answer = json.dumps({"id": running.id})
    keys.finish(db, KEY, 201, answer, at=NOON)
    assert broken(db, running) == []
    assert ended.state is State.STOPPED


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE sessions SET wanted = 'stop' WHERE id = :id",
         "I8 X is running although it was stopped."),
        ("DELETE FROM chronicle WHERE session_id = :id AND n = 2", "I5 The story of X has a gap."),
        ("UPDATE sessions SET state = 'provisioning' WHERE id = :id",
         "I6 The story of X ends with running, and its record says provisioning."),
        ("UPDATE chronicle SET event = 'ready' WHERE session_id = :id AND n = 3",
         "I6 The story of X has the move ‘ready’ from starting to provisioning, which is none."),
    ],
)  # fmt: skip
def test_a_broken_live_record_is_found(
    db: Db, running: Session, statement: str, sentence: str
) -> None:
    assert broken(db, running, statement) == [sentence]


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE sessions SET cause = NULL WHERE id = :id",
         "I4 X has ended without time, cause or actor."),
        ("UPDATE sessions SET cause = 'crashed' WHERE id = :id",
         "I4 X is stopped with the cause crashed."),
        ("UPDATE sessions SET ended_at = '2001-01-01 00:00:00.000000' WHERE id = :id",
         "I7 X ended before it was asked for, or in the future."),
        ("UPDATE chronicle SET event = 'ready' WHERE session_id = :id AND event = 'ended'",
         "I8 The story of X has the move ‘ready’ from stopping to stopped, which is none."),
    ],
)  # fmt: skip
def test_a_broken_end_is_found(db: Db, ended: Session, statement: str, sentence: str) -> None:
    assert broken(db, ended, statement) == [sentence]


def test_two_live_sessions_on_one_server_are_found(db: Db, running: Session) -> None:
    begin_next(db)
    other = run(db, add(db, server="other"))
    statement = "UPDATE sessions SET server = 'mine' WHERE id = :id"
    if found := _refused(db, other, statement):
        assert "unique" in found.lower()  # the database holds it by itself
        return
    assert broken(db, running) == ["I5 2 live sessions have the server ‘mine’ of anna@2026-01-01."]


def _refused(db: Db, session: Session, statement: str) -> str:
    try:
        db.execute(text(statement), {"id": session.id})
    except IntegrityError as error:
        return str(error)
    return ""


def test_a_start_that_never_comes_to_an_end_is_found(db: Db) -> None:
    session = add(db)
    assert check_records(db, after(3600)) == []
    (found,) = check_records(db, after(3601))
    assert found.sentence == f"{session.id} has been created for more than an hour."


def test_a_kept_answer_about_no_session_is_found(db: Db, running: Session) -> None:
    keys.begin(db, KEY, "d", at=NOON)
    keys.finish(db, KEY, 201, '{"id": "s0"}', at=NOON)
    found = broken(db, running)
    assert found == ["I12 A kept answer names the session s0, which there is not."]


@pytest.mark.parametrize("cause", sorted(Cause))
def test_every_cause_ends_a_story_well(cause: Cause) -> None:
    for state in (State.STOPPED, State.FAILED):
        steps: list[Any] = [("admitted", {"state": "provisioning"}), ("ended", {"state": state})]
        assert check_steps([*steps, ("archive", {"state": "archived"})], State.ARCHIVED) is None
        restored = ("restore", {"state": state, "cause": cause})
        assert check_steps([*steps, ("archive", {"state": "archived"}), restored], state) is None


def test_the_hub_and_the_records_are_compared_both_ways(db: Db, running: Session) -> None:
    mine = UsersServer("anna", "mine", is_ready=True)
    assert check_hub(db, [mine]) == []
    assert check_hub(db, [mine, UsersServer("bob", "", is_ready=False)]) == []
    found = check_hub(db, [UsersServer("bob", "", is_ready=True), UsersServer("bob", "x", True)])
    assert [(one.invariant, one.sentence) for one in found] == [
        ("I1", "The hub runs the default server of bob, which is no live session's server."),
        ("I1", "The hub runs bob/x, which is no live session's server."),
        ("I2", f"{running.id} is running, and the hub has no server for it."),
    ]


def test_a_running_session_without_a_process_is_found(
    db: Db, running: Session, tmp_path: Path
) -> None:
    (found,) = check_processes(db, tmp_path)
    assert found.sentence == f"{running.id} is running without a process."


def test_what_is_open_to_others_is_found(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    secret = tmp_path / "cookie.secret"
    secret.touch(0o600)
    assert list(check_files(tmp_path)) == []
    secret.chmod(0o640)
    (found,) = check_files(tmp_path)
    assert found.sentence == f"{secret} is open to others: run chmod go= {secret}."


# The command


class Users(RequestHandler):
    """Three users with a server each, two a page."""

    async def get(self) -> None:
        """Answer one page."""
        begin = int(self.get_query_argument("offset"))
        assert self.get_query_argument("state") == "active"
        more = begin + 2 < 3
        names = [f"user{number}" for number in range(begin, min(begin + 2, 3))]
        servers = {"": {"ready": True, "pending": None}, "off": {"ready": False, "pending": None}}
        items = [{"name": name, "servers": servers} for name in names]
        self.write({
            "items": items,
            "_pagination": {"next": {"offset": begin + 2} if more else None},
        })  # fmt: skip


@pytest.fixture
async def hub_url() -> AsyncIterator[str]:
    """Give the address of a hub's API with three users."""
    listener, port = bind_unused_port()
    server = HTTPServer(Application([(r"/users", Users)]))
    server.add_socket(listener)
    yield f"http://127.0.0.1:{port}"
    server.stop()
    await server.close_all_connections()


async def test_the_hubs_servers_are_read_page_by_page(hub_url: str) -> None:
    found = await HubClient(hub_url, "token").servers()
    assert found == [UsersServer(f"user{number}", "", is_ready=True) for number in range(3)]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Give a state folder with an empty database."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    engine = make_engine(f"sqlite:///{state / 'sessions.sqlite'}")
    upgrade(engine)
    engine.dispose()
    return state


def test_the_doctor_says_that_everything_agrees(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--state", str(state)]) == AGREES
    said = capsys.readouterr().out
    assert "Everything agrees." in said
    assert "Nobody was asked about pods: The service does not run here." in said


def test_the_doctor_names_what_does_not_agree(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state.chmod(0o755)
    assert main(["doctor", "--state", str(state)]) == DIFFERS
    assert f"I9: {state} is open to others" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--hub", "http://127.0.0.1:9/hub/api"], "Name a file with a token"),
        (["--hub", "http://127.0.0.1:9/hub/api", "--token-file", "TOKEN"], "cannot be asked"),
        (["--token-file", "MISSING"], "cannot be read"),
        (["--token-file", "OPEN"], "is open to others"),
    ],
)
def test_the_doctor_says_why_it_cannot_look(
    state: Path, capsys: pytest.CaptureFixture[str], more: list[str], sentence: str
) -> None:
    for name, mode in (("TOKEN", 0o600), ("OPEN", 0o644)):
        (state / name).write_text("token\n")
        (state / name).chmod(mode)
    given = [str(state / one) if one.isupper() else one for one in more]
    assert main(["doctor", "--state", str(state), *given]) == CANNOT_LOOK
    assert sentence in capsys.readouterr().err


def test_the_doctor_makes_no_database_where_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--state", str(tmp_path)]) == CANNOT_LOOK
    assert main(["doctor", "--state", str(tmp_path / "nowhere")]) == CANNOT_LOOK
    assert "There is no database" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
