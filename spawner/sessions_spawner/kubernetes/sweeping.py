"""Pods of runs that no hub has any more: a hub that was killed left them behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..wire.messages import Report
from .pods import GENERATION, SESSION
from .run_pod import RunPod

if TYPE_CHECKING:
    from .spawner import KubeSessionSpawner


async def end_left_pods(
    spawner: KubeSessionSpawner, known_runs: Callable[[], set[str]]
) -> list[Report]:
    """End the pods of runs that are not among the known ones, and return their reports.

    `spawner` is one of nobody.
    """
    watch = spawner.watch()
    await watch.wait_synced(None)
    reports = []
    known, seen = known_runs(), list(watch.pods.items())
    for name, pod in seen:
        labels = pod["metadata"].get("labels", {})
        run = labels[SESSION], int(labels[GENERATION])
        if f"{run[0]}:{run[1]}" in known:
            continue
        left = RunPod(spawner.api, spawner.namespace, name, watch)
        await left.clear(spawner.delete_grace_period)
        reports.append(Report(id=run[0], generation=run[1], kind="ended", cause="shutdown"))
    return reports
