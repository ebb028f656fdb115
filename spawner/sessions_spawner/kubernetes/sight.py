"""What is seen of a run's pod while it starts: its stage, its containers, what the cluster told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..wire.messages import SeenContainer, SeenEvent
from .diagnosis import Finding
from .diagnosis.containers import Container, find_main, read_containers
from .diagnosis.events import Event
from .diagnosis.reading import find_condition, read_text
from .diagnosis.words import clean
from .trimming import Pod

MOST_EVENTS: Final = 20
_IMAGE_LENGTH: Final = 200
# What the kubelet tells once the image is there.
_FETCHED: Final = ("Pulled", "Created", "Started")


@dataclass
class Sight:
    """One run's pod as it was seen last; `tell` is called when that has changed."""

    containers: tuple[SeenContainer, ...] = ()
    events: tuple[SeenEvent, ...] = ()
    stage: str = ""
    tell: Callable[[], None] | None = None
    _fetches: bool = False

    def take_pod(self, pod: Pod) -> None:
        """See the pod as it is now."""
        found = read_containers(pod)
        self._change(tuple(map(_show, found)), self.events, _stage_of(pod, found, self._fetches))

    def take_finding(self, finding: Finding, pod: Pod) -> None:
        """See what a closer look found; one that found no events undoes none."""
        if not finding.events:
            return
        self._fetches = _is_fetching(finding.events)
        found = read_containers(pod)
        stage = _stage_of(pod, found, self._fetches)
        self._change(tuple(map(_show, found)), show_events(finding.events), stage)

    def to_report(self) -> Mapping[str, Any]:
        """Return what reports tell of it."""
        return {"containers": self.containers, "events": self.events}

    def _change(
        self, containers: tuple[SeenContainer, ...], events: tuple[SeenEvent, ...], stage: str
    ) -> None:
        was = self.containers, self.events, self.stage
        self.containers, self.events, self.stage = containers, events, stage
        if was != (containers, events, stage) and self.tell is not None:
            self.tell()


def show_events(events: Iterable[Event]) -> tuple[SeenEvent, ...]:
    """Return the newest events, oldest first, as people may see them."""
    newest = sorted(events, key=lambda event: event.at)[-MOST_EVENTS:]
    return tuple(
        SeenEvent(
            at=event.at if event.is_dated else None,
            reason=clean(event.reason),
            message=event.message,
            count=event.count,
            is_warning=event.is_warning,
        )
        for event in newest
    )


def _show(one: Container) -> SeenContainer:
    over = one.over
    return SeenContainer(
        name=one.name,
        state="running" if one.is_running else "ended" if one.ended else "waiting",
        reason=clean(one.waiting or (over.reason if over else "")),
        ready=one.is_ready,
        restarts=one.restarts,
        image=clean(one.image, _IMAGE_LENGTH),
    )


def _stage_of(pod: Pod, containers: tuple[Container, ...], fetches: bool) -> str:
    """Return the stage that a pod on its way is at."""
    main = find_main(containers)
    if main is not None and main.is_running:
        return "starting the server"
    if fetches:
        return "fetching the image"
    scheduled = read_text(find_condition(pod, "PodScheduled"), "status") == "True"
    is_placed = scheduled or read_text(pod, "spec", "nodeName")
    return "preparing the containers" if is_placed else "finding a machine"


def _is_fetching(events: Iterable[Event]) -> bool:
    """Tell whether the image of some container is under way."""
    fetching: dict[str, bool] = {}
    for event in sorted(events, key=lambda event: event.at):
        if event.reason == "Pulling":
            fetching[event.container] = True
        elif event.reason in _FETCHED:
            fetching[event.container] = False
    return any(fetching.values())
