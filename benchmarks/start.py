"""P1 to P4: starting, stopping and memory of local sessions, beside the stock local spawner.

`python -m benchmarks.start [--rounds 5] [--many 20 40] [--full]`. A start counts from asking until
`/lab` answers 200; a stop from asking until no process is left. Both sides wait for the events by
which their own page learns it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.report import Result, median, percentile, show
from benchmarks.stock import StockHub
from tests.support.product import ADMIN_TOKEN, Product
from tests.support.waiting import wait_for

HEADERS = {"Authorization": f"token {ADMIN_TOKEN}"}


class Side:
    """One side of the comparison: start a server for a user, stop it, list its processes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=url, timeout=180)

    def start(self, user: str) -> None:
        """Ask for a start."""
        raise NotImplementedError

    def stop(self, user: str) -> None:
        """Ask for a stop and wait until the processes are gone."""
        raise NotImplementedError

    def lab(self, user: str) -> str:
        """Return the address of the user's Lab."""
        raise NotImplementedError

    def processes(self) -> list[psutil.Process]:
        """Return the processes of all sessions, helpers counted."""
        raise NotImplementedError

    def events(self, user: str) -> str:
        """Return the address of the events by which the page learns that a start has ended."""
        raise NotImplementedError

    def is_ready(self, event: dict[str, Any]) -> bool:
        """Tell whether an event says that the server is ready. Raises when its start failed."""
        raise NotImplementedError

    def wait_usable(self, user: str) -> None:
        """Wait as a page does: for the word that the server is ready, then until Lab answers."""
        self.follow(user, self.is_ready)
        what = f"Lab of {user}, asked of {type(self).__name__}"
        wait_for(lambda: self._answers(user), seconds=180, every=0.01, what=what)

    def follow(self, user: str, is_awaited: Callable[[dict[str, Any]], bool]) -> None:
        """Read events until the awaited one comes."""
        with self.client.stream("GET", self.events(user), headers=self.headers(user)) as answer:
            answer.raise_for_status()
            for line in answer.iter_lines():
                if line.startswith("data: ") and is_awaited(json.loads(line[6:])):
                    return
        raise AssertionError(f"the events of {user} ended too early")

    def _answers(self, user: str) -> bool:
        headers = self.headers(user)
        return self.client.get(self.lab(user), headers=headers).status_code == 200

    def headers(self, _user: str) -> dict[str, str]:
        """Return what opens the user's Lab."""
        return HEADERS


class StockSide(Side):
    """Stock JupyterHub with SimpleLocalProcessSpawner."""

    def __init__(self, hub: StockHub) -> None:
        super().__init__(hub.url)
        self._hub = hub

    def start(self, user: str) -> None:
        """Ask for a start."""
        self._hub.api("POST", f"users/{user}/server")

    def stop(self, user: str) -> None:
        """Ask for a stop and wait."""
        self._hub.api("DELETE", f"users/{user}/server")
        wait_for(lambda: self._is_stopped(user), seconds=120, what="the stop")

    def lab(self, user: str) -> str:
        """Return the address of the user's Lab."""
        return f"/user/{user}/lab"

    def events(self, user: str) -> str:
        """Return the address of the hub's own progress."""
        return f"/hub/api/users/{user}/server/progress"

    def is_ready(self, event: dict[str, Any]) -> bool:
        """Tell whether an event says that the server is ready. Raises when its start failed."""
        assert not event.get("failed"), f"a start failed: {event['message']}"
        return bool(event.get("ready"))

    def processes(self) -> list[psutil.Process]:
        """Return the servers' process trees."""
        roots = self._hub.servers()
        return [one for root in roots for one in (root, *root.children(recursive=True))]

    def _is_stopped(self, user: str) -> bool:
        return not self._hub.api("GET", f"users/{user}").json()["servers"]


class OurSide(Side):
    """Our product, asked through the service as the page does."""

    def __init__(self, product: Product) -> None:
        super().__init__(product.url)
        self._product = product
        self._sessions: dict[str, str] = {}

    def headers(self, user: str) -> dict[str, str]:
        """Return the owner's token."""
        return {"Authorization": f"token {self._product.token(user)}"}

    def start(self, user: str) -> None:
        """Ask for a start."""
        self._sessions[user] = self._product.create(user=user)["id"]

    def stop(self, user: str) -> None:
        """Ask for a stop and wait."""
        session_id = self._sessions[user]
        self._product.api("POST", f"sessions/{session_id}/stop", {}, user=user, expect=202)
        self.follow(user, lambda event: event.get("state") == "stopped")

    def lab(self, user: str) -> str:
        """Return the address of the user's Lab."""
        return f"/user/{user}/{self._sessions[user]}/lab"

    def events(self, user: str) -> str:
        """Return the address of the session's events."""
        return f"/services/sessions/api/v1/sessions/{self._sessions[user]}/events"

    def is_ready(self, event: dict[str, Any]) -> bool:
        """Tell whether an event says that the session runs; a stage has a state too."""
        if "server" not in event:
            return False
        assert not event["ended_at"], f"a start failed: {event['explanation']['sentence']}"
        return bool(event["state"] == "running")

    def processes(self) -> list[psutil.Process]:
        """Return the fork server's process tree."""
        # Forked processes keep the fork server's command line, so each is found by it once.
        forks = self._product.pids("sessions_spawner.local.fork_server")
        trees = [psutil.Process(pid).children(recursive=True) for pid in forks]
        found = {pid: psutil.Process(pid) for pid in forks}
        return list((found | {one.pid: one for tree in trees for one in tree}).values())


def timed(call: Callable[[], object]) -> float:
    """Return how long a call took, in seconds."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def start_all(side: Side, users: list[str]) -> None:
    """Start all at once and wait until every one is usable."""
    with ThreadPoolExecutor(len(users)) as pool:
        list(pool.map(side.start, users))
        list(pool.map(side.wait_usable, users))


def stop_all(side: Side, users: list[str]) -> None:
    """Stop all at once and wait until every one is gone."""
    with ThreadPoolExecutor(len(users)) as pool:
        list(pool.map(side.stop, users))


def memory_per_session(side: Side, sessions: int) -> float:
    """Return PSS in MB a session, helpers counted."""
    total = sum(one.memory_full_info().pss for one in side.processes())
    return total / sessions / 1e6


def one_round(side: Side, users: list[str], many: list[int], figures: dict[str, float]) -> None:
    """Measure one side once."""
    user = users[0]
    figures["one"] = timed(lambda: start_all(side, [user]))
    figures["stop"] = timed(lambda: side.stop(user))
    for count in many:
        group = users[:count]
        figures[f"start {count}"] = timed(lambda: start_all(side, group))  # noqa: B023
        figures[f"memory {count}"] = memory_per_session(side, count)
        figures[f"stop {count}"] = timed(lambda: stop_all(side, group))  # noqa: B023


def main() -> None:
    """Run the benchmark and print its lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--many", type=int, nargs="*", default=[20])
    options = parser.parse_args()
    users = [f"user{number:02d}" for number in range(max([1, *options.many]))]
    rounds: list[tuple[dict[str, float], dict[str, float]]] = []
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        hub = StockHub(Path(one))
        product = Product(Path(other), extra="c.JupyterHub.concurrent_spawn_limit = 0")
        try:
            product.start()
            hub.add_users(users)
            for user in users:
                product.token(user)
            sides = StockSide(hub), OurSide(product)
            for _ in range(options.rounds):
                figures: tuple[dict[str, float], dict[str, float]] = ({}, {})
                for side, into in zip(sides, figures, strict=True):
                    one_round(side, users, options.many, into)
                rounds.append(figures)
        finally:
            product.close()
            hub.stop()
    show(*make_results(rounds, options.many))


def make_results(
    rounds: list[tuple[dict[str, float], dict[str, float]]], many: list[int]
) -> list[Result]:
    """Return the lines of P1 to P4."""

    def result(goal_id: str, what: str, key: str, goal: float, unit: str = "s") -> Result:
        stock, ours = ([side[key] for side in sides] for sides in zip(*rounds, strict=True))
        return Result(goal_id, what, unit, stock, ours, goal)

    results = [result("P1", "start one", "one", 20), result("P3", "stop one", "stop", 20)]
    results[0].notes["p99_over_median"] = percentile(results[0].ours, 0.99) / median(
        results[0].ours
    )
    for count in many:
        results.append(result("P2", f"start {count} at once", f"start {count}", 15))
        results.append(result("P3", f"stop {count} at once", f"stop {count}", 30))
        results.append(result("P4", f"memory a session, {count} up", f"memory {count}", 3, "MB"))
    return results


if __name__ == "__main__":
    main()
