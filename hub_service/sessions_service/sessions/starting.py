"""How far starts have come and what they wait for: told by the hub process, kept in memory."""

from __future__ import annotations

from typing import Any

from sessions_spawner.wire.messages import Stage

from ..environments.ready_times import ReadyTimes
from ..events.fanout import Fanout
from ..lifecycle.moments import to_iso
from ..lifecycle.waits import say_wait
from .models import Session
from .present import make_progress
from .stages import describe_stages


class Starts:
    """The stages of each start, the last one with what is in its way."""

    def __init__(self, fanout: Fanout, ready_times: ReadyTimes) -> None:
        self._fanout = fanout
        self._ready_times = ready_times
        self._stages: dict[str, list[Stage]] = {}

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


def _to_json(stage: Stage) -> dict[str, Any]:
    return {
        "name": stage.name,
        "state": "running",
        "started_at": to_iso(stage.at),
        "message": stage.message,
    }
