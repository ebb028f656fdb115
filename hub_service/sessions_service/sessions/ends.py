"""How a session's row ends: by the cause that was wanted, or by what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sessions_spawner.wire.messages import Report

from ..db.engine import Db
from ..lifecycle.actors import Part
from ..lifecycle.causes import Cause, state_of_end
from ..lifecycle.move import edit, move
from ..lifecycle.table import ENDED, Event, State
from . import store
from .models import Session
from .starting import seen_in


def stop_row(
    db: Db,
    session_id: str,
    cause: Cause,
    *,
    actor: str,
    on_behalf_of: str | None,
    reason: str | None,
    at: datetime,
) -> Session:
    """Store that a session shall end; one that the hub never heard of ends here."""
    session = store.need(db, session_id)
    if session.state in ENDED or session.state is State.STOPPING:
        return session
    evidence = {**session.evidence, **({"reason": reason} if reason else {})}
    changes = {"cause": cause, "ended_by": actor, "evidence": evidence, "wanted": "stop"}
    was = session.state
    session = move(
        db,
        session_id,
        Event.STOP,
        at=at,
        actor=actor,
        on_behalf_of=on_behalf_of,
        data={"cause": cause, **({"reason": reason} if reason else {})},
        changes=changes,
    )
    if was is State.CREATED:
        session = move(
            db,
            session_id,
            Event.ENDED,
            at=at,
            actor=actor,
            on_behalf_of=on_behalf_of,
            data={"cause": cause},
        )
    return session


def end_as(
    db: Db,
    session_id: str,
    cause: Cause,
    *,
    actor: str,
    at: datetime,
    evidence: Mapping[str, Any],
    stages: tuple[Mapping[str, Any], ...] = (),
) -> Session | None:
    """End a session with a cause, in the state that the cause ends in; None if it has ended."""
    session = store.get(db, session_id)
    if session is None or session.state in ENDED:
        return None
    event = Event.ENDED if state_of_end(cause) is State.STOPPED else Event.BROKE
    changes: dict[str, Any] = {
        "cause": cause,
        "ended_by": session.ender or actor,
        "evidence": {**session.evidence, **evidence},
    }
    if stages:
        changes["stages"] = list(stages)
    return move(
        db,
        session_id,
        event,
        at=at,
        actor=actor,
        on_behalf_of=session.ended_on_behalf_of,
        data={"cause": cause},
        changes=changes,
    )


def end_row(db: Db, session_id: str, at: datetime) -> Session | None:
    """End a session that was being stopped, with the cause that it was stopped for."""
    session = store.get(db, session_id)
    if session is None or session.state is not State.STOPPING or session.cause is None:
        return None
    return end_as(
        db, session_id, session.cause, actor=session.ender or Part.SERVICE, at=at, evidence={}
    )


def end_by_report(db: Db, report: Report, *, hub_stopped: bool, at: datetime) -> Session | None:
    """End the run that a report is about; late, repeated and foreign reports change nothing."""
    session = store.get(db, report.id)
    if session is None or session.state in ENDED or session.generation != report.generation:
        return None
    cause, actor = _cause_of(session, report, hub_stopped)
    return end_as(
        db,
        session.id,
        cause,
        actor=actor,
        at=max(session.created_at, min(report.at, at)),
        evidence=_evidence_of(session, report),
        stages=report.stages,
    )


def complete_end(db: Db, report: Report, *, at: datetime) -> Session | None:
    """Keep what the report of an end shows that was stored before it came; None for nothing new.

    The hub says that a server is gone a moment before, or after, its spawner has told why.
    """
    session = store.get(db, report.id)
    changes = None if session is None else missing_of_end(session, report)
    if session is None or not changes:
        return None
    return edit(db, session.id, at=at, actor=Part.HUB, changes=changes, is_told=False)


def missing_of_end(session: Session, report: Report) -> dict[str, Any]:
    """Return the columns of an ended session to which the report of its end has more to show."""
    if session.state not in ENDED or session.generation != report.generation:
        return {}
    shown: dict[str, Any] = seen_in(report)
    if report.lines:
        shown["lines"] = list(report.lines)
    if running_on := report.words.get("may_still_run"):
        shown["may_still_run"] = running_on
    changes: dict[str, Any] = {}
    if new := {name: found for name, found in shown.items() if name not in session.evidence}:
        changes["evidence"] = {**session.evidence, **new}
    if report.stages and not session.stages:
        changes["stages"] = list(report.stages)
    return changes


def _cause_of(session: Session, report: Report, hub_stopped: bool) -> tuple[Cause, str]:
    if session.state is State.STOPPING and session.cause is not None:
        return session.cause, session.ender or Part.SERVICE
    if hub_stopped and (report.by_hub or report.cause is None):
        return Cause.SHUTDOWN, Part.HUB
    if report.cause is not None:
        return _known(report.cause), Part.HUB
    if report.by_hub:
        # The hub does not tell who asked.
        return Cause.USER, Part.HUB
    if report.exit_code == 0:
        return Cause.EXITED, Part.SESSION
    return (Cause.CRASHED if report.exit_code is not None else Cause.LOST), Part.SESSION


def _known(cause: str) -> Cause:
    try:
        return Cause(cause)
    except ValueError:
        return Cause.CRASHED


def _evidence_of(session: Session, report: Report) -> dict[str, Any]:
    evidence: dict[str, Any] = {**report.words, **seen_in(report)}
    if report.exit_code is not None:
        evidence["exit_code"] = report.exit_code
    if report.detail:
        evidence["detail"] = report.detail
    if report.lines:
        evidence["lines"] = list(report.lines)
    if report.cause == Cause.START_TIMEOUT:
        evidence["stage"] = report.detail
        began = session.started_at or session.created_at
        evidence["waited_seconds"] = max(0, int((report.at - began).total_seconds()))
    return evidence
