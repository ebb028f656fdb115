"""What keeps the containers of a pod from running: images, settings, crashes, the sandbox."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from .containers import Container, Kind
from .ends import judge_end
from .finding import Verdict
from .images import IMAGE_REASONS, judge_image
from .references import judge_setup
from .world import World

# Any other reason to wait is a trouble, whatever later kubelets call it.
_GETTING_ON: Final = frozenset({"", "ContainerCreating", "PodInitializing", "CrashLoopBackOff"})


def container_in_trouble(world: World) -> Verdict | None:
    """Take the first container in the order of starting that does not get on.

    What comes later only waits for it, as the session's program (`PodInitializing`) does behind
    a sidecar that never gets ready.
    """
    for container in world.containers:
        if verdict := _judge(world, container):
            return verdict
    return None


def _judge(world: World, container: Container) -> Verdict | None:
    if container.waiting in IMAGE_REASONS:
        return judge_image(world, container)
    if container.waiting not in _GETTING_ON:
        verdict = judge_setup(container.waiting, container.message, _times(world, container))
        return replace(verdict, words={**verdict.words, **world.words_of(container)})
    return _judge_runs(world, container)


def _times(world: World, container: Container) -> int:
    said = world.events_with("Failed", container=container.name)
    return max((one.count for one in said if container.message in one.message), default=1)


def _judge_runs(world: World, container: Container) -> Verdict | None:
    """Judge a container by the end of its last run; the kubelet goes on trying, so never finally.

    An init container that is done has ended well; a sidecar that ends is started anew for ever.
    """
    end = container.ended or container.last
    if end is None or container.is_well:
        return None
    if container.kind is not Kind.SIDECAR and end.exit_code == 0:
        return None
    if container.kind is Kind.INIT and container.is_running:
        return None
    return replace(judge_end(world, container, end), is_final=False)


def sandbox(world: World) -> Verdict | None:
    """Name a machine that cannot make the pod's surroundings, such as its network.

    The kubelet tries again and again; its network may only be starting.
    """
    if world.has_begun or not (failed := world.events_with("FailedCreatePodSandBox")):
        return None
    if world.is_passed(failed[0]):
        return None
    return judge_setup("FailedCreatePodSandBox", failed[0].message, 1)
