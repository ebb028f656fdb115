"""Something stands in the way: a lock, missing settings, a forger, a second service."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import httpx
from sqlalchemy import text

from sessions_spawner.wire.channel import Channel, LinkDown, NotProven, Refused, meet_as_hub
from sessions_spawner.wire.messages import Report
from sessions_spawner.wire.secret import read_secret
from tests.support.inside import processes_of, server_process_of
from tests.support.product import Product, free_port
from tests.support.waiting import wait_for

from .world import (
    WORKER,
    ended,
    is_alive,
    is_ready,
    is_served,
    kill,
    lab_opens,
    stop,
    the_one,
    wait_gone,
)

LOCKED_SECONDS = 3.0


@contextlib.contextmanager
def locked_database(product: Product, released: threading.Event) -> Iterator[None]:
    """Hold the database's write lock as another program would, until `released` is set."""
    has_lock = threading.Event()

    def hold() -> None:
        with product.database() as engine, engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("LOCK TABLE sessions, lease IN EXCLUSIVE MODE"))
            has_lock.set()
            released.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert has_lock.wait(10)
        yield
    finally:
        released.set()
        holder.join()


def test_a_create_waits_for_a_database_that_another_program_has_locked(product: Product) -> None:
    product.token("anna")
    released = threading.Event()
    with locked_database(product, released):
        threading.Timer(LOCKED_SECONDS, released.set).start()
        session = product.create(name="patient")
        assert released.is_set()
    found = product.wait_state(session["id"], "running")
    assert found["name"] == "patient"
    assert processes_of(product, session["id"])


def test_without_the_hubs_settings_the_service_reads_and_says_why_it_starts_nothing(
    product: Product,
) -> None:
    session = product.running()
    secret = product.state / "link" / "link.secret"
    hidden = secret.with_name("hidden")
    secret.rename(hidden)
    try:
        worker = the_one(product, WORKER)
        kill(worker)
        wait_gone(worker)
        wait_for(lambda: is_served(product), what="the service to answer again")
        assert product.get(session["id"])["state"] == "running"
        body = {"environment": "python", "idle_timeout": 900, "drive": "default"}
        answer = product.api("POST", "sessions", body, expect=503)
        assert "has not sent its settings yet" in answer.json()["error"]["message"]
        assert answer.headers["Retry-After"]
        assert not is_ready(product)
    finally:
        hidden.rename(secret)
    wait_for(lambda: is_ready(product), what="the settings")
    assert product.running(name="after all")["state"] == "running"
    assert "Unhandled exception" not in product.log()


async def tell_as_hub(product: Product, report: Report) -> None:
    """Send a report over link connections of one's own, with the right secret, until it is heard.

    The hub's own end is back after a moment, and the forger's is closed then.
    """
    async with asyncio.timeout(40):
        while not await try_tell_as_hub(product, report):
            pass


async def try_tell_as_hub(product: Product, report: Report) -> bool:
    """Send a report over one connection; tell whether it was answered."""
    folder = product.state / "link"
    reader, writer = await asyncio.open_unix_connection(str(folder / "link.sock"))
    try:
        await meet_as_hub(reader, writer, read_secret(folder / "link.secret"))
        channel = Channel(reader, writer, {})
        serving = asyncio.create_task(channel.serve())
        try:
            await channel.ask("reports", {"reports": [report.model_dump(mode="json")]})
        except Refused:
            return True
        except LinkDown:
            return False
        finally:
            serving.cancel()
        return True
    finally:
        writer.close()


def wait_said(product: Product, line: str, times: int) -> None:
    wait_for(lambda: product.log().count(line) >= times, what=f"{times} times ‘{line}’")


def test_a_forged_end_of_a_running_session_changes_nothing(product: Product) -> None:
    session = product.running()
    for times, cause in enumerate((None, "out-of-memory"), start=1):
        report = Report(id=session["id"], generation=1, kind="ended", cause=cause, exit_code=0)
        asyncio.run(tell_as_hub(product, report))
        wait_said(product, f"report.doubted session={session['id']} kind=ended", times)
    assert product.get(session["id"])["state"] == "running"
    wait_for(lambda: is_ready(product), what="the real link")
    assert lab_opens(product, session)
    assert product.running(name="the next one")["state"] == "running"
    stop(product, session)
    assert ended(product, session)["cause"] == "user"


@contextlib.contextmanager
def hub_api_away(product: Product) -> Iterator[None]:
    """Have the hub's API answer 503 about users meanwhile; its process and the link are there."""
    away = product.folder / "api-away"
    away.touch()
    try:
        yield
    finally:
        away.unlink()


def column_of(product: Product, session: dict[str, Any], name: str) -> str:
    """Return a session's column as the database has it, whoever may be asked about it."""
    with product.database() as engine, engine.connect() as connection:
        row = connection.execute(
            text("SELECT * FROM sessions WHERE id = :id"), {"id": session["id"]}
        )
        return str(row.mappings().one()[name])


def test_ends_wait_while_the_hub_cannot_be_asked_and_only_the_true_one_counts(
    product: Product,
) -> None:
    lives, dies = product.running(), product.running(environment="other")
    outbox = product.state / "link" / "outbox.jsonl"
    with hub_api_away(product):
        kill(server_process_of(product, dies["id"]))
        wait_for(lambda: outbox.stat().st_size, what="the report")
        wait_for(lambda: "link.reports_wait" in product.log(), what="the report to wait")
        forged = Report(id=lives["id"], generation=1, kind="ended", cause="crashed", exit_code=1)
        asyncio.run(tell_as_hub(product, forged))
        wait_for(lambda: product.log().count("link.up") >= 2, what="the real link")
        assert [column_of(product, one, "state") for one in (lives, dies)] == ["running"] * 2
    found = ended(product, dies)
    assert (found["state"], found["cause"], found["ended_by"]) == ("failed", "crashed", "session")
    assert "exit_code" in column_of(product, dies, "evidence")
    assert product.get(lives["id"])["state"] == "running"
    assert lab_opens(product, lives)
    wait_for(lambda: not outbox.stat().st_size, what="the report to be confirmed")


def test_a_caller_without_the_links_secret_is_not_heard(product: Product) -> None:
    session = product.running()
    link = product.state / "link" / "link.sock"

    async def try_to_meet() -> None:
        reader, writer = await asyncio.open_unix_connection(str(link))
        try:
            await meet_as_hub(reader, writer, b"0" * 32)
        finally:
            writer.close()

    with contextlib.suppress(NotProven):
        asyncio.run(try_to_meet())
        raise AssertionError("A wrong secret was taken.")
    assert is_ready(product)
    assert product.get(session["id"])["state"] == "running"


@contextlib.contextmanager
def second_service(product: Product) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run another supervisor on the product's state folder; give its address."""
    address = f"http://127.0.0.1:{free_port()}"
    env = {
        **os.environ,
        "JUPYTERHUB_SERVICE_URL": address,
        "JUPYTERHUB_SERVICE_PREFIX": "/services/sessions/",
        "JUPYTERHUB_BASE_URL": "/",
        "JUPYTERHUB_API_URL": f"{product.url}/hub/api",
        "JUPYTERHUB_API_TOKEN": "not-the-hubs",
        "JUPYTERHUB_CLIENT_ID": "service-sessions",
    }
    command = [sys.executable, "-m", "sessions_service", "serve", "--state", str(product.state)]
    with (product.folder / "second.log").open("ab") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        yield address, process
    finally:
        process.kill()
        process.wait()


def test_a_second_service_on_the_same_state_folder_waits_and_acts_on_nothing(
    product: Product,
) -> None:
    session = product.running()
    first = the_one(product, WORKER)
    with second_service(product) as (address, _supervisor):
        answer = wait_for(lambda: try_get(f"{address}/services/sessions/health"), what="an answer")
        assert answer is not None
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "away"
        assert answer.headers["Retry-After"]
        other = next(pid for pid in product.pids(WORKER) if pid != first)
        # Everything is served by the first one, and with it alone the hub is linked.
        assert product.running(name="meanwhile")["state"] == "running"
        assert is_ready(product)
        stop(product, session)
        assert ended(product, session)["cause"] == "user"
        said = product.folder / "second.log"
        wait_for(lambda: "lease.held" in said.read_text(), what="the second one to wait")
    # Its supervisor was killed: the worker that waited goes too.
    wait_gone(other)
    assert is_alive(first)
    assert "lease.lost" not in product.log()


def try_get(address: str) -> httpx.Response | None:
    try:
        return httpx.get(address, timeout=2)
    except httpx.TransportError:
        return None
