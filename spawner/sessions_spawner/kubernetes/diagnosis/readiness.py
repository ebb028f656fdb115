"""Which containers of a pod should be ready and are not, each with why."""

from __future__ import annotations

from collections.abc import Iterator

from .containers import Container, Ended, Kind
from .finding import Unready
from .words import clean
from .world import World


def find_unready(world: World) -> tuple[Unready, ...]:
    """Return the containers and native sidecars that do not run well, in the order of starting."""
    return tuple(
        Unready(clean(one.name, 63), _why(world, one)) for one in world.lasting if not one.is_well
    )


def _why(world: World, container: Container) -> str:
    if container.is_running:
        return _why_running(world, container)
    if container.ended:
        return f"it ended{_exit(container.ended)}"
    if container.waiting == "CrashLoopBackOff":
        times = f" {container.restarts} times" if container.restarts > 1 else ""
        return f"it crashed{times}{_exit(container.last)}"
    if container.waiting == "PodInitializing":
        before = next(_awaited(world, container), None)
        return f"it waits for ‘{clean(before.name, 63)}’" if before else "it waits to be started"
    if container.waiting in ("", "ContainerCreating"):
        return "it is not started yet"
    return clean(f"{container.waiting}: {container.message}").rstrip(": ")


def _awaited(world: World, waiting: Container) -> Iterator[Container]:
    for container in world.containers:
        if container is waiting:
            return
        if container.kind is Kind.SIDECAR and not container.is_started:
            yield container
        if container.kind is Kind.INIT and (not container.ended or container.ended.exit_code):
            yield container


def _why_running(world: World, container: Container) -> str:
    probe = "readiness" if container.is_started else "startup"
    said = (
        one.message.partition(" failed: ")[2]
        for one in world.events_with("Unhealthy", container=container.name)
        if one.message.lower().startswith(f"{probe} probe failed")
    )
    return clean(f"it does not pass its {probe} check: {next(said, '')}").rstrip(": ")


def _exit(end: Ended | None) -> str:
    return "" if end is None or end.exit_code is None else f" (exit code {end.exit_code})"
