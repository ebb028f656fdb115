"""A process that only watches pods, ours or KubeSpawner's way, and tells what that costs it.

`python -m benchmarks.standing_watch stock|ours NAMESPACE`; the other end is `standing.py`. Each
line that comes in ends a window of time, and is answered with the window's figures as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import selectors
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psutil
from kubernetes_asyncio.client import CoreV1Api
from kubespawner.clients import load_config, shared_client
from kubespawner.spawner import PodReflector

from sessions_spawner.kubernetes.claim_use import use_of
from sessions_spawner.kubernetes.cluster_calls import pods_of
from sessions_spawner.kubernetes.pods import HUB
from sessions_spawner.kubernetes.trimming import Pod
from sessions_spawner.kubernetes.watching import PodWatch

HUB_NAME = "benchmark"
# What KubeSpawner finds its pods by, and what we find ours by.
LABELS = {"component": "singleuser-server", HUB: HUB_NAME}


class TimingSelector(selectors.DefaultSelector):
    """Keeps the longest time between two looks at what is ready: so long nobody was heard."""

    def __init__(self) -> None:
        super().__init__()
        self._since = time.perf_counter(), time.thread_time()
        self.longest = self.longest_cpu = 0.0

    def select(self, timeout: float | None = None) -> Any:
        """Wait as ever; what was before it was a block."""
        was, was_cpu = self._since
        self.longest = max(self.longest, time.perf_counter() - was)
        self.longest_cpu = max(self.longest_cpu, time.thread_time() - was_cpu)
        ready = super().select(timeout)
        self._since = time.perf_counter(), time.thread_time()
        return ready

    def begin(self) -> None:
        """Forget the longest so far."""
        self._since = time.perf_counter(), time.thread_time()
        self.longest = self.longest_cpu = 0.0


Count = Callable[[], dict[str, int]]


async def watch_stock(_api: CoreV1Api, namespace: str) -> Count:
    """Watch as KubeSpawner does; return what counts the pods."""
    labels = {"component": LABELS["component"]}
    reflector = PodReflector(namespace=namespace, labels=labels)
    await reflector.start()
    return lambda: {"pods": len(reflector.pods)}


async def watch_ours(api: CoreV1Api, namespace: str) -> Count:
    """Watch as we do; return what counts the pods, and all their changes so far."""
    watch = PodWatch(pods_of(api, namespace, f"{HUB}={HUB_NAME}"))
    use_of(watch)  # as in a hub: who holds which drive is kept up by the same changes
    watch.start()
    changes = 0

    def note(_name: str, _pod: Pod | None) -> None:
        nonlocal changes
        changes += 1

    watch.add_listener(note)
    assert await watch.wait_synced(300)
    return lambda: {"pods": len(watch.pods), "changes": changes}


WAYS: dict[str, Callable[[CoreV1Api, str], Awaitable[Count]]] = {
    "stock": watch_stock,
    "ours": watch_ours,
}


async def main(selector: TimingSelector, way: str, namespace: str) -> None:
    """Watch, and answer with the figures of each window of time."""
    load_config()
    api = shared_client("CoreV1Api")
    await api.list_namespaced_pod(namespace, limit=1)
    gc.collect()
    process = psutil.Process()
    bare = process.memory_info().rss
    loop = asyncio.get_running_loop()
    selector.begin()
    began, began_cpu = time.perf_counter(), time.process_time()
    count = await WAYS[way](api, namespace)
    while True:
        await asyncio.sleep(0)
        figures = {
            **count(),
            "seconds": time.perf_counter() - began,
            "cpu": time.process_time() - began_cpu,
            "memory": process.memory_info().rss - bare,
            "block": selector.longest,
            "block_cpu": selector.longest_cpu,
        }
        print(json.dumps(figures), flush=True)
        selector.begin()
        began, began_cpu = time.perf_counter(), time.process_time()
        if not await loop.run_in_executor(None, sys.stdin.readline):
            return


if __name__ == "__main__":
    timing = TimingSelector()
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(timing)) as runner:
        runner.run(main(timing, sys.argv[1], sys.argv[2]))
