"""The hub process's watches, one a namespace, and who is told when a session's pod changes."""

from __future__ import annotations

import asyncio
import weakref
from typing import TYPE_CHECKING, Any

from kubernetes_asyncio.client import CoreV1Api

from .cluster_calls import pods_of
from .diagnosis import look
from .leftovers import is_unwanted
from .pods import HUB
from .trimming import Pod
from .watching import PodWatch

if TYPE_CHECKING:
    from .spawner import KubeSessionSpawner

_watches: dict[tuple[asyncio.AbstractEventLoop, str], PodWatch] = {}
_spawners: weakref.WeakValueDictionary[str, Any] = weakref.WeakValueDictionary()
_notifying: set[asyncio.Task[Any]] = set()


def watch_of(api: CoreV1Api, namespace: str, hub: str) -> PodWatch:
    """Return the running watch over a hub's sessions in a namespace."""
    key = asyncio.get_running_loop(), namespace
    if key not in _watches:
        _watches[key] = watch = PodWatch(pods_of(api, namespace, f"{HUB}={hub}"))
        watch.add_listener(_tell)
    _watches[key].start()
    return _watches[key]


def follow(pod_name: str, spawner: KubeSessionSpawner) -> None:
    """Have a spawner look at its server as soon as its pod ends."""
    _spawners[pod_name] = spawner


def _tell(name: str, pod: Pod | None) -> None:
    """Have the hub look at a server whose pod ended, instead of at its next poll."""
    if pod is not None and is_unwanted(name):
        return
    spawner = _spawners.get(name)
    if spawner is None or not spawner.ready or spawner.pending:
        return
    if pod is not None and not (finding := look(pod)).is_over:
        spawner.hear(finding)
    else:
        task = asyncio.create_task(spawner.poll_and_notify())
        _notifying.add(task)
        task.add_done_callback(_notifying.discard)
