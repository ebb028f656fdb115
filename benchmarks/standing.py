"""P15: what it costs a hub to watch thousands of pods, in silence and under churn.

`python -m benchmarks.standing [--pods 10000] [--rounds 3] [--window 60] [--churn 200]`. Pods are
simulated (kwok) on a real API server. KubeSpawner's own reflector and our watch run one after the
other in processes that do nothing else: load all pods, a window of silence, one of changes. The
window is to be no shorter than 30 s: after that the reflector lists again under churn too. Memory
is what the process has grown by since before its first list; a block is the longest time in which
its event loop heard nobody, on the clock and in processor time (which other programs on the
machine do not lengthen).
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import sys
import time
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from benchmarks.fake_nodes import Api, Cluster, at_once, make_pod, open_cluster, until
from benchmarks.report import Result, show
from benchmarks.standing_watch import LABELS

NAMESPACE = "watched"
_CHANGERS = 8
# More changes than these in silence are the cluster's own: it took a simulated node, and so each
# of its hundreds of pods, for lost. Such a window is none of silence, and is taken again.
_FEW_CHANGES = 5
_SILENCE_TRIES = 3
Figures = dict[str, dict[str, float]]


async def have_pods(cluster: Cluster, pods: int) -> None:
    """Make the pods that are watched, and wait until they run."""
    path = f"/api/v1/namespaces/{NAMESPACE}/pods"
    nodes = itertools.cycle(cluster.nodes)
    async with cluster.api() as api:
        await api.have_namespace(NAMESPACE)
        made = (make_pod(f"session-{n:05d}", next(nodes), LABELS) for n in range(pods))
        await at_once(partial(api, "POST", path, pod) for pod in made)

        async def all_run() -> bool:
            return await api.count_running(NAMESPACE) == pods

        await until(all_run, every=1)


async def change(api: Api, pods: int, rate: float, seconds: float) -> float:
    """Change the status of pods at a rate; return how many a second it came to."""
    began = time.monotonic()
    turns: Iterator[int] = itertools.count()
    done = 0

    async def work() -> None:
        nonlocal done
        while (due := began + (turn := next(turns)) / rate) < began + seconds:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() > began + seconds:
                return
            name = f"session-{random.randrange(pods):05d}"
            path = f"/api/v1/namespaces/{NAMESPACE}/pods/{name}/status"
            await api("PATCH", path, {"status": {"message": f"turn {turn}"}})
            done += 1

    await asyncio.gather(*(work() for _ in range(_CHANGERS)))
    return done / (time.monotonic() - began)


async def answer_of(watcher: Process) -> dict[str, float]:
    """Return the next line of a watching process."""
    assert watcher.stdout is not None
    line = await watcher.stdout.readline()
    if not line:
        raise RuntimeError("the watching process ended")
    figures: dict[str, float] = json.loads(line)
    return figures


async def end_window(watcher: Process) -> dict[str, float]:
    """Have the figures since the last answer."""
    assert watcher.stdin is not None
    watcher.stdin.write(b"\n")
    return await answer_of(watcher)


async def be_silent(watcher: Process, seconds: float) -> dict[str, float]:
    """Have the figures of a window of silence, with how many changes there were all the same."""
    tries = 0
    while True:
        before = await end_window(watcher)
        await asyncio.sleep(seconds)
        silence = await end_window(watcher)
        unasked = silence.get("changes", 0) - before.get("changes", 0)
        tries += 1
        if unasked <= _FEW_CHANGES or tries == _SILENCE_TRIES:
            return {**silence, "unasked": unasked}


async def watch(cluster: Cluster, way: str, options: argparse.Namespace) -> Figures:
    """Run one side once."""
    environment = {**os.environ, "KUBECONFIG": str(cluster.place.kubeconfig)}
    argv = [sys.executable, "-m", "benchmarks.standing_watch", way, NAMESPACE]
    async with cluster.api() as api:
        watcher = await create_subprocess_exec(*argv, stdin=PIPE, stdout=PIPE, env=environment)
        try:
            load = await answer_of(watcher)
            assert load["pods"] == options.pods, load
            await asyncio.sleep(5)
            silence = await be_silent(watcher, options.window)
            rate = await change(api, options.pods, options.churn, options.window)
            churn = await end_window(watcher)
        finally:
            assert watcher.stdin is not None
            watcher.stdin.close()
            await watcher.wait()
    return {"load": load, "silence": silence, "churn": {**churn, "rate": rate}}


Pick = Callable[[Figures], float]


def share(window: str) -> Pick:
    """Return the share of a processor that a window took, in percent."""
    return lambda figures: 100 * figures[window]["cpu"] / figures[window]["seconds"]


def a_change(figures: Figures) -> float:
    """Return the processor time that a change took, in ms: both sides need not have had as many."""
    churn = figures["churn"]
    return 1e3 * churn["cpu"] / (churn["rate"] * churn["seconds"])


def longest(kind: str) -> Pick:
    """Return the longest block of all windows, the first list counted, in ms."""
    return lambda figures: 1e3 * max(window[kind] for window in figures.values())


def memory(figures: Figures) -> float:
    """Return what the process grew by, in MB."""
    return figures["churn"]["memory"] / 1e6


def make_results(rounds: list[tuple[Figures, Figures]], options: argparse.Namespace) -> list[Any]:
    """Return the lines of P15."""
    rates = [sides["churn"]["rate"] for pair in rounds for sides in pair]
    unasked = [ours["silence"]["unasked"] for _, ours in rounds]

    def result(what: str, unit: str, pick: Pick, goal: float) -> Result:
        stock, ours = ([pick(side) for side in sides] for sides in zip(*rounds, strict=True))
        notes = {"pods": options.pods, "changes_a_second": rates, "unasked": unasked}
        return Result("P15", f"{options.pods} pods, {what}", unit, stock, ours, goal, notes=notes)

    least = f"{min(rates):.0f} changes/s"
    return [
        result("CPU in silence", "%", share("silence"), 20),
        result(f"CPU a change, at {least}", "ms", a_change, 3),
        result("memory", "MB", memory, 10),
        result("longest block", "ms", longest("block"), 60),
        result("longest block, CPU time", "ms", longest("block_cpu"), 60),
        result("first list", "s", lambda figures: figures["load"]["seconds"], 1),
    ]


async def measure(cluster: Cluster, options: argparse.Namespace) -> list[tuple[Figures, Figures]]:
    """Alternate both sides."""
    await have_pods(cluster, options.pods)
    return [
        (await watch(cluster, "stock", options), await watch(cluster, "ours", options))
        for _ in range(options.rounds)
    ]


def main() -> None:
    """Run the benchmark and print its lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pods", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--window", type=float, default=60)
    parser.add_argument("--churn", type=float, default=200)
    options = parser.parse_args()
    with open_cluster() as cluster:
        rounds = asyncio.run(measure(cluster, options))
    show(*make_results(rounds, options))


if __name__ == "__main__":
    main()
