"""Pods of runs that no hub has any more: a hub that was killed left them behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..wire.messages import Report
from .pods import GENERATION, SESSION
from .run_pod import RunPod
from .trimming import Pod

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
    known = known_runs()
    seen = [(name, *_run_of(pod)) for name, pod in watch.pods.items()]
    reports = []
    for name, session, generation in seen:
        if f"{session}:{generation}" in known:
            continue
        left = RunPod(spawner.api, spawner.namespace, name, watch)
        await left.clear(spawner.delete_grace_period)
        reports.append(Report(id=session, generation=generation, kind="ended", cause="shutdown"))
    return reports


def _run_of(pod: Pod) -> tuple[str, int]:
    """Return the session and generation that a pod is labelled with."""
    labels = pod["metadata"]["labels"]
    return labels[SESSION], int(labels[GENERATION])
