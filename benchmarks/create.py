"""P8: `POST sessions` to 201 with its row stored, beside the hub's own start of a null spawner.

`python -m benchmarks.create [--rounds 5] [--requests 40] [--at-once 200]`. At once ask so many
users, each for one session: first users whom the service has not seen for a while, so that the
hub is asked about each of them, then the same users with their pages open.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.report import Result, median, percentile, show
from benchmarks.stock import StockHub
from tests.support.product import ADMIN_TOKEN, Product

BODY = {"environment": "python", "idle_timeout": 900, "drive": "default"}
_LOOKS = 1000
LIST = "/services/sessions/api/v1/sessions?limit=100"
EXTRA = """
from benchmarks.null_spawners import NullSessionSpawner
c.JupyterHub.spawner_class = NullSessionSpawner
c.SessionLimits.running = 100000
c.JupyterHub.concurrent_spawn_limit = 0
"""


async def post_ours(client: httpx.AsyncClient, token: str) -> float:
    """Return the seconds from asking to 201."""
    began = time.perf_counter()
    headers = {"Authorization": f"token {token}"}
    answer = await client.post("/services/sessions/api/v1/sessions", json=BODY, headers=headers)
    assert answer.status_code == 201, answer.text
    return time.perf_counter() - began


async def post_stock(client: httpx.AsyncClient, user: str, server: str) -> float:
    """Return the seconds from asking to the hub's answer that a null server is ready."""
    began = time.perf_counter()
    headers = {"Authorization": f"token {ADMIN_TOKEN}"}
    answer = await client.post(f"/hub/api/users/{user}/servers/{server}", headers=headers)
    assert answer.status_code in (201, 202), answer.text
    return time.perf_counter() - began


async def settle(client: httpx.AsyncClient, tokens: list[str]) -> None:
    """Wait until nothing of these users starts any more."""
    for token in tokens:
        for _ in range(_LOOKS):
            if "starting" not in await see(client, token):
                break
            await asyncio.sleep(0.2)


async def see(client: httpx.AsyncClient, token: str) -> str:
    """Return a user's list, asked for as his page does."""
    answer = await client.get(LIST, headers={"Authorization": f"token {token}"})
    assert answer.status_code == 200, answer.text
    return answer.text


async def measure(options: argparse.Namespace, hub: StockHub, product: Product) -> list[Result]:
    """Return the lines of P8."""
    users = [f"user{number:03d}" for number in range(options.at_once)]
    hub.add_users(users)
    tokens = [product.token(user) for user in users]
    stock, ours, tails = [], [], []
    limits = httpx.Limits(max_connections=options.at_once)
    async with (
        httpx.AsyncClient(base_url=hub.url, timeout=120) as stock_client,
        httpx.AsyncClient(base_url=product.url, timeout=120, limits=limits) as our_client,
    ):
        for number in range(options.rounds):
            one = [
                await post_stock(stock_client, users[0], f"r{number}s{count}")
                for count in range(options.requests)
            ]
            stock.append(median(one))
            ours.append(
                median([await post_ours(our_client, tokens[0]) for _ in range(options.requests)])
            )
        for _ in ("unseen", "seen"):
            burst = await asyncio.gather(*(post_ours(our_client, token) for token in tokens))
            tails.append(percentile(burst, 0.99))
            await settle(our_client, tokens)
            await asyncio.gather(*(see(our_client, token) for token in tokens))
    result = Result("P8", "POST sessions to 201", "s", stock, ours, 4)
    unseen, seen = tails
    result.notes = {"at_once": options.at_once, "p99_unseen": unseen, "p99_seen": seen}
    return [result]


def main() -> None:
    """Run the benchmark and print its lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--at-once", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        product = Product(Path(other), extra=EXTRA)
        hub = StockHub(Path(one), "benchmarks.null_spawners.NullSpawner")
        try:
            product.start()
            results = asyncio.run(measure(options, hub, product))
        finally:
            product.close()
            hub.stop()
    show(*results)


if __name__ == "__main__":
    main()
