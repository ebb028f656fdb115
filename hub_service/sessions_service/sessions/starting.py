"""How far starts have come and what is seen of them: told by the hub process, kept in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sessions_spawner.wire.messages import Report, Seen, SeenContainer, SeenEvent, Stage

from ..environments.ready_times import ReadyTimes
from ..events.fanout import Fanout
from ..lifecycle.moments import to_iso
from ..lifecycle.waits import say_wait
from .models import Session
from .present import make_progress
from .stages import describe_stages

Model = TypeVar("Model", bound=BaseModel)


class Starts:
    """The stages of each start, the last one with what is in its way."""

    def __init__(self, fanout: Fanout, ready_times: ReadyTimes) -> None:
        self._fanout = fanout
        self._ready_times = ready_times
        self._stages: dict[str, list[Stage]] = {}
        self._seen: dict[str, Seen] = {}

    def note(self, stage: Stage) -> None:
        """Show how far a start has come, or what it waits for at the stage where it is."""
        known = self._stages.setdefault(stage.id, [])
        if known and known[-1].generation != stage.generation:
            known.clear()
        if known and known[-1].name == stage.name:
            # It is still there, since when it came to it.
            known[-1] = stage.model_copy(update={"at": known[-1].at})
        else:
            known.append(stage)
            self._fanout.detail(stage.id, "stage", _to_json(stage))
        self._fanout.count_change(stage.owner)
        self._fanout.session_changed(stage.owner, stage.id, 0)

    def see(self, seen: Seen) -> None:
        """Show what is seen of a start; who looks is told what has changed."""
        before = self._seen.get(seen.id)
        self._seen[seen.id] = seen
        known = {} if before is None else dict(_details_of(before.containers, before.events))
        for (kind, key), detail in _details_of(seen.containers, seen.events):
            if known.get((kind, key)) != detail:
                self._fanout.detail(seen.id, kind, detail)

    def seen_of(self, session: Session) -> list[tuple[str, dict[str, Any]]]:
        """Return what was seen of a session's last start, as events of its stream."""
        told = self._seen.get(session.id)
        if told is not None and told.generation == session.generation:
            found = _details_of(told.containers, told.events)
        else:
            kept = session.evidence
            found = _details_of(
                _read(SeenContainer, kept.get("containers")), _read(SeenEvent, kept.get("events"))
            )
        return [(kind, detail) for (kind, _key), detail in found]

    def stages_of(self, session: Session) -> list[dict[str, Any]]:
        """Return the stages of a session's last start, for the status dialog."""
        listed = [dict(stage) for stage in session.stages]
        if not listed:
            told = self._stages.get(session.id, ())
            listed = [{"name": stage.name, "at": stage.at.isoformat()} for stage in told]
        return describe_stages(session, listed)

    def progress_of(self, session: Session) -> dict[str, Any]:
        """Return the progress of a session that is starting."""
        told = self._stages.get(session.id)
        usual = self._ready_times.usual(session.environment)
        if not told:
            return make_progress("created", usual_seconds=usual)
        last = told[-1]
        trouble = say_wait(last.trouble) if last.trouble else None
        return make_progress(last.name, last.message, usual, trouble)

    def forget(self, session_id: str) -> None:
        """Forget a start that is over."""
        self._stages.pop(session_id, None)
        self._seen.pop(session_id, None)


def seen_in(report: Report) -> dict[str, Any]:
    """Return what a report saw, as it is kept with the session; nothing where nothing was seen."""
    told = report.model_dump(mode="json", include={"containers", "events"})
    return {name: found for name, found in told.items() if found}


def _details_of(
    containers: Iterable[SeenContainer], events: Iterable[SeenEvent]
) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """Yield kind and key of each, and its JSON."""
    for one in containers:
        yield ("container", one.name), one.model_dump(mode="json")
    for event in events:
        shown = {**event.model_dump(mode="json"), "at": to_iso(event.at)}
        yield ("pod-event", f"{event.reason} {event.message}"), shown


def _read(model: type[Model], kept: object) -> list[Model]:
    """Return what was kept; what cannot be read is left out."""
    found = []
    for one in kept if isinstance(kept, list) else ():
        try:
            found.append(model.model_validate(one))
        except ValidationError:
            continue
    return found


def _to_json(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "state": "running",
        "started_at": to_iso(stage.at),
        "message": stage.message,
    }
