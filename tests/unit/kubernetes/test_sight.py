"""What is seen of a start in a cluster: stage, containers and events, told when they change."""

from __future__ import annotations

from typing import Any

from sessions_spawner.kubernetes.diagnosis import look
from sessions_spawner.kubernetes.sight import MOST_EVENTS, Sight
from sessions_spawner.progress import ALL_STAGES
from tests.support.pod_states import (
    make_container,
    make_event,
    make_pod,
    running,
    unscheduled,
    waiting,
    well,
)

PULLING = make_event("Pulling", 'Pulling image "lab"', container="notebook", at=2, kind="Normal")
PULLED = make_event("Pulled", "Successfully pulled", container="notebook", at=9, kind="Normal")
CREATING = make_pod(make_container(state=waiting("ContainerCreating")))


def seen(sight: Sight, pod: dict[str, Any], *events: dict[str, Any]) -> str:
    """Have a closer look; return the stage."""
    sight.take_finding(look(pod, events), pod)
    return sight.stage


def test_the_stages_of_a_pod_follow_each_other() -> None:
    sight = Sight()
    stages = []
    for pod in (unscheduled("0/1 nodes are available"), CREATING):
        sight.take_pod(pod)
        stages.append(sight.stage)
    stages.append(seen(sight, CREATING, PULLING))
    sight.take_pod(CREATING)
    assert sight.stage == stages[-1], "the pod alone does not tell what it waits for"
    sight.take_pod(make_pod(make_container(state=running())))
    stages.append(sight.stage)
    assert stages == [
        "finding a machine",
        "preparing the containers",
        "fetching the image",
        "starting the server",
    ]
    percents = [ALL_STAGES[stage][0] for stage in stages]
    assert percents == sorted(percents)


def test_an_image_that_is_there_is_fetched_no_more() -> None:
    assert seen(Sight(), CREATING, PULLING, PULLED) == "preparing the containers"


def test_containers_are_shown_with_what_they_wait_for() -> None:
    sight = Sight()
    sight.take_pod(make_pod(make_container(state=waiting("ImagePullBackOff")), well("proxy")))
    shown = [(one.name, one.state, one.reason, one.ready) for one in sight.containers]
    assert shown == [
        ("notebook", "waiting", "ImagePullBackOff", False),
        ("proxy", "running", "", True),
    ]


def test_it_is_told_only_what_is_new() -> None:
    told: list[str] = []
    sight = Sight(tell=lambda: told.append(sight.stage))
    sight.take_pod(CREATING)
    sight.take_pod(CREATING)
    seen(sight, CREATING, PULLING)
    seen(sight, CREATING, PULLING)
    seen(sight, CREATING)  # the API server was away
    assert told == ["preparing the containers", "fetching the image"]
    assert [one.reason for one in sight.events] == ["Pulling"]


def test_of_many_events_the_newest_are_shown_without_credentials_and_others() -> None:
    many = [make_event("Failed", f"number {n}", at=n) for n in range(2 * MOST_EVENTS)]
    secret = make_event("Failed", "token=abc\x1b[31m already used by pod(s) bob", at=100)
    sight = Sight()
    seen(sight, CREATING, *many, secret)
    assert len(sight.events) == MOST_EVENTS
    assert sight.events[-1].message == "token=*** already used by another pod"
    assert sight.events[-1].is_warning
    assert sight.events[-1].at is not None
