"""What a start costs the hub: its calls and its database's statements and commits, counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.product import Product, running_product
from tests.support.waiting import wait_for

# A session that is ready at once, so that nothing but hub and service is counted; that of one user
# takes longer than the hub lets a call for a start wait.
_NULL = """
import asyncio, sys
sys.path.insert(0, {checkout!r})
from benchmarks.null_spawners import NullSessionSpawner

class Spawner(NullSessionSpawner):
    async def realise(self, run, plan):
        if self.user.name == "slow":
            await asyncio.sleep(1.5)
        return await super().realise(run, plan)

c.JupyterHub.spawner_class = Spawner

from sqlalchemy import event
from sqlalchemy.engine import Engine

_counted = open({path!r}, "a", buffering=1)
event.listen(Engine, "before_cursor_execute",
             lambda _connection, _cursor, text, *_: print(" ".join(text.split()), file=_counted))
event.listen(Engine, "commit", lambda _connection: print("COMMIT", file=_counted))
"""
_CALL = re.compile(r" \d{3} ([A-Z]+) (/hub/api/\S*) \((\S+)@")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Give a product whose hub writes down what it sends to its database."""
    folder = tmp_path_factory.mktemp("cost")
    path = str(folder / "statements")
    checkout = str(Path(__file__).parents[3])
    with running_product(folder, extra=_NULL.format(path=path, checkout=checkout)) as product:
        product.running(user="before")  # what a hub reads once only
        yield product


def calls_after(hub: Product, said: int, last: str, *callers: str) -> list[tuple[str, ...]]:
    """Return method, path and caller of these callers' calls after a place in the hub's log.

    A call is printed after its answer: one with the method `last` is waited for.
    """

    def look() -> list[tuple[str, ...]]:
        found = [match.groups() for match in _CALL.finditer(hub.log()[said:])]
        calls = [call for call in found if call[2] in callers]
        return calls if any(call[0] == last for call in calls) else []

    return wait_for(look, what=f"the hub to print a {last}")


def test_a_start_costs_the_hub_one_look_at_the_visitor_one_call_and_few_statements(
    hub: Product,
) -> None:
    hub.token("anna")
    path = hub.folder / "statements"
    known, said = len(path.read_text()), len(hub.log())

    session = hub.running(user="anna")

    sent = path.read_text()[known:].splitlines()
    assert calls_after(hub, said, "POST", "anna", "sessions") == [
        ("GET", "/hub/api/user", "anna"),
        ("POST", f"/hub/api/users/anna/servers/{session['id']}", "sessions"),
    ]
    statements = [one for one in sent if one != "COMMIT"]
    assert "SELECT 1" not in statements
    # JupyterHub's own start has 9 of these commits and 24 of these statements.
    assert sent.count("COMMIT") <= 10, sent
    assert len(statements) <= 29, sent


def test_a_start_that_takes_longer_costs_the_hub_no_further_call(hub: Product) -> None:
    hub.token("slow")
    said = len(hub.log())

    session = hub.running(user="slow")

    assert calls_after(hub, said, "POST", "sessions") == [
        ("POST", f"/hub/api/users/slow/servers/{session['id']}", "sessions")
    ]


def test_requests_of_one_visitor_at_once_cost_the_hub_one_look(hub: Product) -> None:
    token = hub.token("bert")
    said = len(hub.log())

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _n: hub.api("GET", "sessions", token=token), range(6)))

    assert [answer.status_code for answer in answers] == [200] * 6
    assert calls_after(hub, said, "GET", "bert") == [("GET", "/hub/api/user", "bert")]
