"""Looks at a session's pod: the one door to the diagnosis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from .containers import read_containers
from .events import Event, make_lines, read_events
from .finding import Finding, Verdict
from .readiness import find_unready
from .reading import Json, find_condition, read_list, read_map, read_text, read_time
from .rules import decide
from .words import clean, clean_lines
from .world import World

Objects = Sequence[Mapping[str, Any]] | None
# A claim is made right before the first pod that mounts it.
_MADE_BEFORE: Final = timedelta(seconds=60)


def look(
    pod: Mapping[str, Any] | None,
    events: Objects = (),
    *,
    claims: Objects = (),
    claim_events: Objects = (),
    nodes: Objects = (),
    drives: Mapping[str, str] | None = None,
    is_gone: bool = False,
    stopped_by_us: bool = False,
) -> Finding:
    """Return what the cluster says about a pod; never raises, whatever the JSON holds.

    `pod` is the object as the API server gives it, None if it was never seen; with `is_gone`, as
    it was seen last. `events` are the pod's, `claims` those that it mounts, `claim_events` theirs
    (of both forms, `v1` and `events.k8s.io/v1`), `nodes` any that has its machine, left out where
    they may not be read. `drives` are the drives' names by the claims'. `stopped_by_us`: this hub
    asked for the deletion.
    """
    shown = read_map(pod)
    known = read_list(claims)
    world = World(
        pod=shown,
        containers=read_containers(shown),
        events=read_events(read_list(events), (shown,)),
        claims=known,
        claim_events=read_events(read_list(claim_events), known),
        node=_find_node(shown, read_list(nodes)),
        drives=drives or {},
        is_gone=is_gone or not shown,
        stopped_by_us=stopped_by_us,
    )
    return _make_finding(world)


def _find_node(pod: Json, nodes: Sequence[Json]) -> Json:
    name = read_text(pod, "spec", "nodeName")
    named = (one for one in nodes if name and read_text(one, "metadata", "name") == name)
    return next(named, {})


def _make_finding(world: World) -> Finding:
    main, unready, verdict = world.main, find_unready(world), decide(world)
    is_running = main is not None and main.is_running and not world.is_over
    ready = read_text(find_condition(world.pod, "Ready"), "status")
    events = (*world.events, *_of_this_start(world))
    return Finding(
        is_running=is_running,
        is_ready=is_running and not unready and ready in ("", "True"),
        is_over=world.is_over,
        may_still_run=may_still_run(world),
        unready=unready,
        restarts=main.restarts if main else 0,
        verdict=verdict,
        evidence=make_lines(events),
        lines=_last_lines(world, verdict),
        events=tuple(replace(one, message=clean(one.message)) for one in events),
    )


def _of_this_start(world: World) -> Iterator[Event]:
    """Yield what was told of its claims for this pod: most drives are older than the session."""
    made = read_time(world.pod, "metadata", "creationTimestamp")
    for event in world.claim_events:
        if made is None or event.at >= made - _MADE_BEFORE:
            yield event


def _last_lines(world: World, verdict: Verdict | None) -> tuple[str, ...]:
    """Return the last lines of the program, or of the helper that the verdict is about."""
    name = verdict.words.get("container") if verdict else None
    helper = next((one for one in world.containers if one.name == name), None)
    end = (helper.ended or helper.last) if helper else world.main_end
    return clean_lines(end.message) if end else ()


def may_still_run(world: World) -> bool:
    """Tell whether a program of the pod may still run, also where its object is gone.

    Only the kubelet knows that programs ended. It says so by the pod's last phase, before it lets
    the object go; a forced deletion has none, and the one that the collector of orphaned pods
    writes is a guess. It says so by the containers too, where it starts none of them again.
    """
    if not world.pod:
        return True
    if world.phase == "Pending" and not world.is_scheduled and not world.has_begun:
        return False
    if world.phase in ("Failed", "Succeeded") and not world.is_collected:
        return False
    is_never_again = read_text(world.pod, "spec", "restartPolicy") == "Never"
    all_ended = bool(world.lasting) and all(one.ended for one in world.lasting)
    return not (is_never_again and all_ended)
