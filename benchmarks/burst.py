"""P6, P7: what a start costs the hub's process, and a burst of starts that must not deafen it.

`python -m benchmarks.burst [--burst 500] [--singly 20] [--rounds 3] [--pods]`. Without `--pods`
both sides have null spawners (ready at once, no process), so that hub and product alone are
measured: admission, policy, plan and reports are real. With `--pods` stock KubeSpawner and ours
make pods on simulated nodes (kwok), for which one small server answers; what a kubelet, a
scheduler and a server's own start would take is not in it. Each side asks by its own door for
everybody at once; a server is ready when the proxy has its route, which is read from the proxy.
The hub's silence is the longest time that one request to its health page took meanwhile; its
cost in a burst is that of another burst, to which nobody listens.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.create import BODY, EXTRA
from benchmarks.report import Result, show
from benchmarks.stock import StockHub
from tests.support.product import ADMIN_TOKEN, Product
from tests.support.waiting import wait_for

_READY_SECONDS = 600
_SETTLE_SECONDS = 1.0
_GOALS = {"singly": 1 / 0.6, "burst": 1 / 0.85}


class Proxy:
    """The proxy of a hub, asked for its routes."""

    def __init__(self, hub_pid: int) -> None:
        children = psutil.Process(hub_pid).children()
        (found,) = (one for one in children if "configurable-http-proxy" in str(one.cmdline()))
        argv, environment = found.cmdline(), found.environ()
        port = argv[argv.index("--api-port") + 1]
        headers = {"Authorization": f"token {environment['CONFIGPROXY_AUTH_TOKEN']}"}
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers)

    def count(self) -> int:
        """Return how many servers have a route."""
        routes = self._client.get("/api/routes").json()
        return sum(path.startswith("/user/") for path in routes)


@dataclass
class Asked:
    """One side: where and how its users ask for a start."""

    name: str
    url: str
    hub_pid: int
    proxy: Proxy
    tokens: dict[str, str] | None = None

    async def ask(self, client: httpx.AsyncClient, user: str) -> int:
        """Ask for a user's start; return the answer's code."""
        if self.tokens is None:
            headers = {"Authorization": f"token {ADMIN_TOKEN}"}
            answer = await client.post(f"/hub/api/users/{user}/server", headers=headers)
        else:
            headers = {"Authorization": f"token {self.tokens[user]}"}
            answer = await client.post(
                "/services/sessions/api/v1/sessions", json=BODY, headers=headers
            )
        return answer.status_code

    def cpu(self) -> float:
        """Return the seconds of processor time that the hub's own process has had."""
        times = psutil.Process(self.hub_pid).cpu_times()
        return float(times.user + times.system)


async def ask_all(side: Asked, users: list[str]) -> dict[str, int]:
    """Ask for all at once; return how often each code came."""
    limits = httpx.Limits(max_connections=len(users))
    codes: dict[str, int] = {}
    async with httpx.AsyncClient(base_url=side.url, timeout=600, limits=limits) as client:
        for code in await asyncio.gather(*(side.ask(client, user) for user in users)):
            codes[str(code)] = codes.get(str(code), 0) + 1
    return codes


@contextmanager
def listening(url: str) -> Iterator[list[float]]:
    """Give a list that holds the longest silence of the hub once the block is over."""
    argv = [sys.executable, "-m", "benchmarks.burst_listener", url]
    silence: list[float] = []
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as listener:
        assert listener.stdout is not None
        listener.stdout.readline()
        yield silence
        told, _ = listener.communicate()
        silence.append(float(told))


def singly(side: Asked, users: list[str]) -> float:
    """Return the hub's processor time for each of some starts, one after the other."""
    before = side.cpu()
    for user in users:
        there = side.proxy.count()
        asyncio.run(ask_all(side, [user]))
        wait_for(lambda: side.proxy.count() > there, seconds=60, what=f"{user}'s start")  # noqa: B023
    time.sleep(_SETTLE_SECONDS)
    return (side.cpu() - before) / len(users)


def burst(side: Asked, users: list[str], *, listened: bool) -> dict[str, Any]:
    """Ask for all at once; return what it took, and what it did to the hub.

    Whoever listens costs the hub most where it hears most: its cost is taken without.
    """
    before, there = side.cpu(), side.proxy.count()
    half = 0.0
    argv = [sys.executable, "-m", "benchmarks.burst_askers"]
    given = {"side": {**side.__dict__, "proxy": None}, "users": users}
    with (
        listening(side.url) if listened else nullcontext([0.0]) as silence,
        subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as askers,
    ):
        assert askers.stdin is not None
        assert askers.stdout is not None
        askers.stdin.write(json.dumps(given).encode())
        askers.stdin.close()
        askers.stdout.readline()
        began = time.monotonic()
        while (ready := side.proxy.count() - there) < len(users):
            if not half and ready * 2 >= len(users):
                half = time.monotonic() - began
            if time.monotonic() > began + _READY_SECONDS:
                raise RuntimeError(f"{side.name}: {ready} of {len(users)} were ready in time")
            time.sleep(0.05)
        total = time.monotonic() - began
        codes = json.loads(askers.stdout.read())
    time.sleep(_SETTLE_SECONDS)
    cpu = (side.cpu() - before) / len(users)
    half = half or total
    return {"total": total, "half": half, "cpu": cpu, "silence": silence[0], "codes": codes}


Round = dict[str, dict[str, Any]]


def measure(options: argparse.Namespace, sides: tuple[Asked, Asked]) -> list[Round]:
    """Alternate both sides, each round with users of its own: nobody is stopped between."""
    rounds = []
    for number in range(options.rounds):
        figures: Round = {}
        for side in sides:
            users = users_of(options, number)
            alone = singly(side, users[: options.singly])
            both = users[options.singly :]
            cpu = burst(side, both[: options.burst], listened=False)["cpu"]
            heard = burst(side, both[options.burst :], listened=True)
            figures[side.name] = {**heard, "singly": alone, "cpu": cpu}
        rounds.append(figures)
    return rounds


def users_of(options: argparse.Namespace, number: int) -> list[str]:
    """Return the users of a round."""
    count = options.singly + 2 * options.burst
    return [f"user{number}x{one:04d}" for one in range(count)]


def make_results(options: argparse.Namespace, rounds: list[Round]) -> list[Result]:
    """Return the lines of P6 and P7."""
    kind = "pods" if options.pods else "null spawner"

    def result(goal_id: str, what: str, key: str, goal: float, unit: str = "s") -> Result:
        stock, ours = ([one[side][key] for one in rounds] for side in ("stock", "ours"))
        return Result(goal_id, f"{kind}, {what}", unit, stock, ours, goal)

    of = f"burst of {options.burst}"
    total = result("P7", f"{of}, all ready", "total", 1)
    total.notes = {
        side: {
            "half_ready_at": [one[side]["half"] / one[side]["total"] for one in rounds],
            "codes": [one[side]["codes"] for one in rounds],
        }
        for side in ("stock", "ours")
    }
    return [
        result("P6", "hub CPU a start, singly", "singly", _GOALS["singly"]),
        result("P6", f"hub CPU a start, {of}", "cpu", _GOALS["burst"]),
        result("P7", f"{of}, longest silence of the hub", "silence", 50),
        result("P7", f"{of}, half ready", "half", 1 / 0.55),
        total,
    ]


@contextmanager
def open_hubs(options: argparse.Namespace) -> Iterator[tuple[StockHub, Product]]:
    """Give the running hubs."""
    with tempfile.TemporaryDirectory() as folder:
        if options.pods:
            from benchmarks.fake_nodes import open_cluster
            from benchmarks.pod_hubs import open_sides
            from benchmarks.start_kubernetes import answering

            with (
                open_cluster() as cluster,
                answering(),
                open_sides(cluster, Path(folder), simulated=True) as hubs,
            ):
                yield hubs
            return
        for name in ("stock", "ours"):
            (Path(folder) / name).mkdir()
        product = Product(Path(folder) / "ours", extra=EXTRA)
        hub = StockHub(Path(folder) / "stock", "benchmarks.null_spawners.NullSpawner")
        try:
            product.start()
            yield hub, product
        finally:
            product.close()
            hub.stop()


def main() -> None:
    """Run the benchmark and print its lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--burst", type=int, default=500)
    parser.add_argument("--singly", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pods", action="store_true")
    options = parser.parse_args()
    users = [user for number in range(options.rounds) for user in users_of(options, number)]
    with open_hubs(options) as (hub, product):
        hub.add_users(users)
        tokens = {user: product.token(user) for user in users}
        (pid,) = product.pids("-m jupyterhub -f")
        sides = (
            Asked("stock", hub.url, hub.pid, Proxy(hub.pid)),
            Asked("ours", product.url, pid, Proxy(pid), tokens),
        )
        rounds = measure(options, sides)
    show(*make_results(options, rounds))


if __name__ == "__main__":
    main()
