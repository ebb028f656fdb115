"""Starting sessions as pods, beside stock KubeSpawner on the same cluster and image.

`python -m benchmarks.start_kubernetes [real|simulated ...] [--rounds 5] [--many 5] [--each 10]
[--burst 100]`.

`real`: a kubelet runs the session image; from asking until Lab answers 200, one and some at once,
the home on a claim that exists. `simulated` (P5): pods of simulated nodes that are ready after 1,
2 and 5 s, for which a small server on this machine answers at once; from the moment at which the
API server says that a pod is ready until the hub's proxy leads to it, one start after the other
and in a burst. The first start of each side is not counted. Both sides wait for the events by which
their own page learns it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import aiohttp
import orjson

from benchmarks.fake_nodes import Cluster, open_cluster
from benchmarks.pod_hubs import make_sides, open_sides
from benchmarks.report import Result, percentile, show
from benchmarks.start import Side, start_all, stop_all, timed
from tools.bootstrap.python_packages import ensure_wheel
from tools.cluster.session_image import ensure_session_image

# Asking to usable is to take 0.7 of stock's time.
_GOAL = 1 / 0.7
_GOALS = {"1s": 50, "2s": 100, "5s": 100}
_PORT = 8888
Times = dict[str, float]


# With a kubelet


def session_image() -> Path:
    """Return the archive of the session image, made from the checkout unless one is given."""
    given = os.environ.get("SESSIONS_CLUSTER_IMAGE")
    return Path(given) if given else ensure_session_image(ensure_wheel())


def measure_real(cluster: Cluster, options: argparse.Namespace) -> list[Result]:
    """Return the lines of asking to usable."""
    users = [f"user{number:02d}" for number in range(max([1, *options.many]))]
    rounds: list[tuple[Times, Times]] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        open_sides(cluster, Path(folder), simulated=False) as hubs,
    ):
        sides = make_sides(*hubs, users)
        for side in sides:  # the claims of all users are made here, and the image is read once
            start_all(side, users)
            stop_all(side, users)
        for _ in range(options.rounds):
            one, other = (one_round(side, users, options.many) for side in sides)
            rounds.append((one, other))
    return [
        Result(
            "P5",
            f"a real pod, {what}",
            "s",
            [stock[what] for stock, _ in rounds],
            [ours[what] for _, ours in rounds],
            _GOAL,
        )
        for what in rounds[0][0]
    ]


def one_round(side: Side, users: list[str], many: list[int]) -> Times:
    """Measure one side once."""
    figures: Times = {}
    for count in (1, *many):
        group = users[:count]
        figures[f"start {count} at once"] = timed(lambda: start_all(side, group))  # noqa: B023
        figures[f"stop {count} at once"] = timed(lambda: stop_all(side, group))  # noqa: B023
    return figures


# With simulated nodes


class Answer(BaseHTTPRequestHandler):
    """Answers for all simulated pods."""

    def do_GET(self) -> None:
        """Say yes."""
        self.send_response(200)
        self.send_header("X-JupyterHub-Version", "6")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def answering() -> Iterator[None]:
    """Answer for all simulated pods during the block."""
    server = ThreadingHTTPServer(("0.0.0.0", _PORT), Answer)  # noqa: S104 (their addresses are here)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class ReadyTimes:
    """Notes when the API server says that a pod is ready, by the pod's user."""

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self._cluster = cluster
        self._namespace = namespace
        self.at: Times = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._following = asyncio.run_coroutine_threadsafe(self._follow(), self._loop)
        return self

    def __exit__(self, *_raised: object) -> None:
        self._following.cancel()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _follow(self) -> None:
        path = f"/api/v1/namespaces/{self._namespace}/pods?watch=true"
        forever = aiohttp.ClientTimeout(total=None)
        async with self._cluster.api() as api, api.client.get(path, timeout=forever) as answer:
            while line := await answer.content.readuntil(b"\n"):
                self._note(orjson.loads(line)["object"])

    def _note(self, pod: Any) -> None:
        if "deletionTimestamp" in pod["metadata"]:
            return  # of the user's last start
        conditions = pod["status"].get("conditions") or ()
        user = pod["metadata"]["annotations"]["hub.jupyter.org/username"]
        if any(one["type"] == "Ready" and one["status"] == "True" for one in conditions):
            self.at.setdefault(user, time.monotonic())


def late(
    side: Side, ready: ReadyTimes, users: list[str], together: int
) -> tuple[list[float], float]:
    """Start for all users, so many together; return each one's seconds, and the burst's end.

    A start's seconds are those from ready to usable.

    The burst's end is the time from the last pod's being ready to the last session's being usable.
    """
    ready.at.clear()
    usable: Times = {}

    def follow(user: str) -> None:
        side.start(user)
        side.wait_usable(user)
        usable[user] = time.monotonic()

    with ThreadPoolExecutor(together) as pool:
        list(pool.map(follow, users))
    seconds = [usable[user] - ready.at[user] for user in users]
    stop_all(side, users)
    return seconds, max(usable.values()) - max(ready.at.values())


def measure_simulated(cluster: Cluster, options: argparse.Namespace) -> list[Result]:
    """Return the lines of P5."""
    results = []
    most = max(options.each, options.burst)
    delays = options.delays
    users = [f"{delay}-{number:03d}" for delay in delays for number in range(most)]
    with (
        tempfile.TemporaryDirectory() as folder,
        answering(),
        open_sides(cluster, Path(folder), simulated=True) as hubs,
    ):
        sides = make_sides(*hubs, users)
        with ReadyTimes(cluster, "stock") as stock, ReadyTimes(cluster, "ours") as ours:
            both = tuple(zip(sides, (stock, ours), strict=True))
            for side, ready in both:
                late(side, ready, users[:1], 1)
            for delay in delays:
                group = [user for user in users if user.startswith(delay)]
                rounds = [
                    [late(side, ready, group[: options.each], 1) for side, ready in both]
                    for _ in range(options.rounds)
                ]
                results += lines_of(delay, rounds)
                bursts = [
                    [
                        late(side, ready, group[: options.burst], options.burst)
                        for side, ready in both
                    ]
                    for _ in range(options.rounds if options.burst else 0)
                ]
                results += lines_of_burst(delay, options.burst, bursts)
    return results


Rounds = list[list[tuple[list[float], float]]]


def lines_of(delay: str, rounds: Rounds) -> list[Result]:
    """Return the line of pods that are ready after a time."""
    stock, ours = (
        [percentile(seconds, 0.9) for seconds, _ in sides] for sides in zip(*rounds, strict=True)
    )
    what = f"ready after {delay} to usable, p90"
    result = Result("P5", what, "s", stock, ours, _GOALS[delay])
    result.notes["p99_ours"] = percentile([one for pair in rounds for one in pair[1][0]], 0.99)
    return [result]


def lines_of_burst(delay: str, count: int, rounds: Rounds) -> list[Result]:
    """Return the line of a burst's end."""
    if not rounds:
        return []
    stock, ours = ([end for _, end in sides] for sides in zip(*rounds, strict=True))
    return [Result("P5", f"ready after {delay}, end of a burst of {count}", "s", stock, ours, 8)]


def main() -> None:
    """Run the benchmark and print its lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=["real", "simulated"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--many", type=int, nargs="*", default=[5])
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--burst", type=int, default=100)
    parser.add_argument("--delays", nargs="*", default=list(_GOALS))
    options = parser.parse_args()
    measures = {"real": measure_real, "simulated": measure_simulated}
    for kind in options.kinds:
        with open_cluster(session_image() if kind == "real" else None) as cluster:
            results = measures[kind](cluster, options)
        show(*results)


if __name__ == "__main__":
    main()
