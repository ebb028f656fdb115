"""What the benchmarks hold on to, without running one."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from importlib.util import find_spec
from typing import Any, cast

import pytest

from benchmarks.__main__ import FULL, ON_A_CLUSTER, QUICK
from benchmarks.fake_nodes import make_pod
from benchmarks.standing import Figures, be_silent, make_results
from benchmarks.standing_watch import LABELS, TimingSelector
from sessions_spawner.kubernetes.pods import HUB
from sessions_spawner.kubernetes.trimming import trim


def test_every_benchmark_that_can_be_named_is_there() -> None:
    assert set(QUICK) | set(ON_A_CLUSTER) == set(FULL)
    assert all(find_spec(f"benchmarks.{name}") for name in FULL)


def test_a_block_of_the_loop_is_noted_and_waiting_is_none() -> None:
    selector = TimingSelector()

    def block() -> None:
        until = time.thread_time() + 0.05
        while time.thread_time() < until:
            pass

    async def turn() -> tuple[float, float]:
        waited = asyncio.Event()
        asyncio.get_running_loop().call_later(0.1, waited.set)
        await asyncio.sleep(0)
        selector.begin()
        await waited.wait()
        await asyncio.sleep(0)
        quiet = selector.longest_cpu
        asyncio.get_running_loop().call_soon(block)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return quiet, selector.longest_cpu

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        quiet, blocked = runner.run(turn())
    # Two clocks, of the processor and of the wall, which differ by some microseconds.
    assert quiet < 0.05 <= blocked <= selector.longest + 0.01


def test_both_ways_find_the_benchmarks_pods_and_these_are_as_large_as_sessions() -> None:
    pod = make_pod("session-00001", "simulated0", LABELS)
    assert set(LABELS) == {"component", HUB}
    assert len(json.dumps(pod)) > 4 * len(json.dumps(trim(pod)))


def figures(cpu: float, memory: float, block: float) -> Figures:
    """Return what a watching process might tell; only its first list blocks so long."""
    window = {"seconds": 60.0, "cpu": cpu, "memory": memory, "block": block / 9}
    window["block_cpu"] = block / 10
    load = window | {"seconds": 2.0, "block": block, "block_cpu": block}
    silence = window | {"unasked": 0}
    return {"load": load, "silence": silence, "churn": window | {"rate": 200.0}}


def test_the_lines_of_a_watch_compare_windows_and_count_the_first_list_as_a_block() -> None:
    options = argparse.Namespace(pods=1000)
    lines = make_results([(figures(12.0, 500e6, 3.0), figures(0.6, 25e6, 0.03))], options)
    silence, churn, memory, block, block_cpu, first = lines
    assert silence.stock == [20.0]
    assert silence.ratios() == churn.ratios() == memory.ratios() == [20.0]
    assert block.stock == block_cpu.stock == [3000.0]
    assert "200 changes/s" in churn.what
    assert first.ours == [2.0]


class Windows:
    """A watching process by the figures that it answers with, one a window."""

    def __init__(self, *changes: int) -> None:
        self.stdin = self
        self.stdout = self
        self._lines = [json.dumps({"changes": so_far}).encode() for so_far in changes]
        self.left = len(changes)

    def write(self, _line: bytes) -> None:
        """Take the word that a window ends."""

    async def readline(self) -> bytes:
        """Answer with the next figures."""
        self.left -= 1
        return self._lines.pop(0)


@pytest.mark.parametrize(
    ("changes", "unasked", "left"),
    [((7, 9, 100), 2, 1), ((0, 500, 500, 501), 1, 0), ((0, 90, 90, 180, 180, 270, 270), 90, 1)],
)
async def test_a_window_in_which_the_cluster_changed_pods_itself_is_taken_again(
    changes: tuple[int, ...], unasked: int, left: int
) -> None:
    windows = Windows(*changes)
    found = await be_silent(cast("Any", windows), 0)
    assert (found["unasked"], windows.left) == (unasked, left)
