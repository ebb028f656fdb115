"""The whole story of a session, with a failure at every named place: nothing lost, nothing left."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sessions_service.failpoints import ACTIONS, NAMES, VARIABLE
from tests.conftest import CHECKOUT
from tests.support.inside import processes_of
from tests.support.parts import require
from tests.support.product import Product, running_product
from tests.support.streams import EventStream
from tests.support.waiting import wait_for

from .world import WORKER, end_what_is_left, ended, is_ready, kill, lab_opens, the_one

SETTINGS = """
c.SessionsLink.reconcile_seconds = 1
c.LocalSessionSpawner.stop_grace_seconds = 2.0
"""
# The worker knows the file by a variable that only this test sets.
ARMED = f"""
for service in c.JupyterHub.services:
    if service["name"] == "sessions":
        service.setdefault("environment", {{}})["{VARIABLE}"] = FILE
"""


@pytest.fixture(scope="module")
def armed_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Give a product whose worker has failpoints."""
    require("configurable-http-proxy")
    folder = tmp_path_factory.mktemp("failpoints")
    after = ARMED.replace("FILE", repr(str(folder / "failpoint")))
    try:
        with running_product(folder, extra=SETTINGS, after=after) as product:
            product.token("anna")
            yield product
    finally:
        end_what_is_left(folder)


@pytest.fixture
def product(armed_product: Product) -> Iterator[Product]:
    """Give the product at rest; afterwards everything agrees again."""
    wait_for(lambda: is_ready(armed_product), what="the service")
    yield armed_product
    (armed_product.folder / "failpoint").unlink(missing_ok=True)
    wait_for(lambda: is_ready(armed_product), what="the service")
    armed_product.stop_all()
    with contextlib.suppress(AssertionError):
        wait_for(lambda: not armed_product.examine(), seconds=20, what="everything to agree")
    assert armed_product.examine() == []


def create(product: Product, name: str) -> None:
    """Ask for a session, whatever becomes of the answer."""
    body = {"environment": "python", "idle_timeout": 900, "drive": "default", "name": name}
    assert product.api("POST", "sessions", body).status_code in (201, 500, 503)


def find(product: Product, name: str) -> dict[str, Any]:
    """Return the one live session of a name, if there is one."""
    answer = product.api("GET", f"sessions?limit=100&q={name}")
    if answer.status_code != 200:
        return {"state": "unknown"}
    items = answer.json()["items"]
    assert len(items) < 2, items
    return dict(items[0]) if items else {}


def is_running(product: Product, name: str) -> bool:
    return find(product, name).get("state") == "running"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "action",
    [one if one == "kill" else pytest.param(one, marks=pytest.mark.slow) for one in ACTIONS],
)
def test_a_session_starts_serves_and_stops_whatever_fails_once(
    product: Product, name: str, action: str
) -> None:
    called = f"{action}-{name.replace('.', '-').replace('_', '-')}"
    failpoint: Path = product.folder / "failpoint"
    with EventStream(f"{product.base}api/v1/events", product.token("anna")):
        failpoint.write_text(f"{name} {action}")
        if name.startswith("migrate"):
            kill(the_one(product, WORKER))
            wait_for(lambda: not failpoint.exists() and is_ready(product), what="a worker")
        create(product, called)
        wait_for(lambda: is_running(product, called), seconds=30, what="it to run")
        wait_for(lambda: is_ready(product), what="the service")
        session = find(product, called)
        assert lab_opens(product, session)
        answer = product.api("POST", f"sessions/{session['id']}/stop")
        assert answer.status_code in (202, 500, 503)
        if answer.status_code != 202:
            # Whoever has no answer asks again.
            wait_for(lambda: is_ready(product), what="the service")
            again = product.api("POST", f"sessions/{session['id']}/stop")
            assert again.status_code in (200, 202)
        wait_for(lambda: not find(product, called), seconds=30, what="it to stop")
    wait_for(lambda: not failpoint.exists(), what="somebody to come by")
    wait_for(lambda: is_ready(product), what="the service")
    found = ended(product, session)
    assert (found["cause"], found["ended_by"]) == ("user", "anna")
    assert processes_of(product, session["id"]) == []


def test_whoever_lost_the_answer_in_a_crash_gets_the_session_with_the_same_key(
    product: Product,
) -> None:
    (product.folder / "failpoint").write_text("create.after_row kill")
    body = {"environment": "python", "idle_timeout": 900, "drive": "default", "name": "lost"}
    headers = {"Idempotency-Key": "lost-answer"}
    assert product.api("POST", "sessions", body, headers=headers).status_code in (500, 503)
    wait_for(lambda: is_ready(product), what="the service")
    again = product.api("POST", "sessions", body, headers=headers, expect=201)
    assert again.headers["Idempotent-Replay"] == "true"
    assert find(product, "lost")["id"] == again.json()["id"]


def test_nothing_but_tests_sets_the_variable() -> None:
    for folder in ("hub_service/sessions_service", "spawner", "deploy", "tools"):
        for path in (CHECKOUT / folder).rglob("*"):
            if path.is_file() and path.name != "failpoints.py" and path.suffix != ".pyc":
                assert VARIABLE.encode() not in path.read_bytes(), path
