"""A session as JSON, for one visitor: the same object in lists, answers and events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from sessions_spawner.progress import ALL_STAGES
from sessions_spawner.request import FIELD_DEFAULTS
from sessions_spawner.wire.snapshot import Door

from ..clock.idle import IdleState
from ..db.seal import Seal
from ..identity.may import Action, may
from ..identity.visitor import Visitor
from ..lifecycle.actors import actor_of
from ..lifecycle.causes import status_of
from ..lifecycle.explain import explain
from ..lifecycle.moments import to_iso
from ..lifecycle.table import COUNTED, ENDED, PENDING, State
from .models import Session
from .sealed import show_env
from .stored import problem_of


@dataclass(frozen=True)
class Surroundings:
    """What a session's JSON needs beside its row.

    `base_url` is the hub's (`/`), `doors` and `idle_presets` (seconds) come from the settings,
    `progress` (of a start), `idle` and `used` from memory; `seal` opens values of variables.
    """

    base_url: str
    doors: Mapping[str, Door]
    environments: frozenset[str] | None
    progress: Mapping[str, Any] | None
    idle: IdleState
    idle_presets: tuple[int, ...] = ()
    used: Mapping[str, Any] | None = None
    seal: Seal = field(default_factory=Seal)


def present(session: Session, visitor: Visitor, around: Surroundings) -> dict[str, Any]:
    """Return the session's JSON as this visitor may see it."""
    problem = session.damage or problem_of(session.request)
    request = {} if problem else session.request
    shown = {**_DEFAULTS, **{key: value for key, value in request.items() if key in _DEFAULTS}}
    # Values of variables are the owner's alone (security decision 17).
    is_owner = session.owner == visitor.name and not visitor.is_service
    return {
        "id": session.id,
        "server": session.server,
        "name": session.name,
        "owner": session.owner,
        "email": session.email,
        "state": session.state,
        "status": status_of(session.state, session.cause),
        "cause": session.cause,
        "environment": session.environment,
        "environment_title": session.environment_title,
        "environment_retired": around.environments is not None
        and session.environment not in around.environments,
        "image": session.image,
        "drive": session.drive_name,
        "drive_id": session.drive_id,
        **shown,
        "env": show_env(request, around.seal, is_owner=is_owner) if "env" in request else {},
        "resources": {
            "cpu": session.cpu,
            "memory": session.memory,
            "gpu": request.get("resources", {}).get("gpu"),
        },
        "cost": None,
        "custom_yaml": bool(request.get("pod_overrides") or request.get("pod_spec")),
        "idle_timeout": session.idle_timeout,
        "max_lifetime": session.max_lifetime,
        "idle": around.idle.to_json(),
        "expires_at": to_iso(around.idle.expires_at),
        "used": around.used,
        "lifetime_ends_at": to_iso(session.lifetime_ends_at),
        "created_at": to_iso(session.created_at),
        "started_at": to_iso(session.started_at),
        "ready_at": to_iso(session.ready_at),
        "ended_at": to_iso(session.ended_at),
        "ended_by": session.ended_by,
        "ended_by_kind": session.ended_by_kind,
        "problem": problem,
        "explanation": _explanation(session, visitor, around.idle_presets),
        "progress": around.progress,
        "access": _access(session.state, *(around.doors.get(name, _NO_DOOR) for name in _DOORS)),
        "urls": _urls(session, around.base_url) if session.state in COUNTED else None,
        "allowed": _allowed(
            visitor, session.owner, session.state, problem, session.damage is not None
        ),
        "origin": session.origin,
        "parent": session.parent,
        "archived": session.archived,
        "version": session.version,
        "revision": session.revision,
    }


# Fields of the request that are shown as they were asked for.
_DEFAULTS: dict[str, Any] = {
    "choices": {},
    "extra_drives": [],
    "secrets": [],
    "service_account": None,
    "cloud_sql": [],
    "ports": [],
    "billing_project": None,
    "visibility": FIELD_DEFAULTS["visibility"].model_dump(mode="json"),
    "collaborative": False,
}


def make_progress(
    stage: str,
    message: str | None = None,
    usual_seconds: int | None = None,
    trouble: str | None = None,
) -> dict[str, Any]:
    """Return the progress of a start that has come to a stage.

    `usual_seconds` count from its asking; `trouble` is the sentence of what it waits for.
    """
    percent, sentence = ALL_STAGES.get(stage, (5, "Accepted"))
    return {
        "percent": percent,
        "stage": stage,
        "message": message or sentence,
        "usual_seconds": usual_seconds,
        "trouble": trouble,
    }


def _explanation(
    session: Session, visitor: Visitor, idle_presets: tuple[int, ...]
) -> dict[str, Any] | None:
    if session.damage:
        step = {"label": "Look at its story", "action": "logs", "changes": {}}
        short = "cannot be read"
        return {"sentence": session.damage, "short": short, "times": [], "next": step}
    if session.cause is None or session.state not in (*ENDED, State.STOPPING):
        return None
    return explain(
        session.cause,
        viewer=actor_of(visitor.name, is_service=visitor.is_service),
        ended_by=session.ender,
        evidence=session.evidence,
        idle_timeout=session.idle_timeout,
        max_lifetime=session.max_lifetime,
        started_at=session.started_at,
        ended_at=session.ended_at,
        idle_presets=idle_presets,
    )


_DOORS = ("lab", "code", "shell")
_NO_DOOR = Door()


@lru_cache(maxsize=256)
def _access(state: State, *doors: Door) -> Mapping[str, Any]:
    """Return which doors are open; rows of a list share it, so nobody may change it."""
    if state is State.RUNNING:
        word, reason = "ready", None
    elif state in PENDING:
        word, reason = "starting", None
    else:
        word, reason = "off", "The session is not running."
    access = {}
    for name, door in zip(_DOORS, doors, strict=True):
        if door.is_on:
            access[name] = {"state": word, "reason": reason}
        else:
            access[name] = {"state": "off", "reason": door.reason}
    access["ssh"] = {"state": "off", "reason": "This hub does not offer this."}
    return access


def _urls(session: Session, base_url: str) -> dict[str, str | None]:
    base = f"{base_url}user/{quote(session.owner, safe='@~')}/"
    if session.server:
        base += f"{quote(session.server, safe='')}/"
    return {"lab": f"{base}lab", "code": f"{base}code/", "shell": f"{base}bash/", "ssh": None}


@lru_cache(maxsize=512)
def _allowed(
    visitor: Visitor, owner: str, state: State, problem: str | None, is_damaged: bool
) -> Mapping[str, bool | str]:
    """Return action → True or why not; the service decides the same when it is asked.

    Rows of a list share it, so nobody may change it.
    """
    is_counted, is_ended = state in COUNTED, state in ENDED
    rules: dict[str, tuple[Action, bool, str]] = {
        "stop": (Action.STOP, is_counted, "It is not running."),
        "extend": (Action.EXTEND, is_counted, "It is not running."),
        "restart": (Action.RESTART, is_ended, "It is still there."),
        "clone": (Action.CLONE, True, ""),
        "rename": (Action.RENAME, True, ""),
        "edit": (Action.EDIT, not is_ended, "It has ended."),
        "open": (Action.READ, state is State.RUNNING, "It is not ready."),
    }
    answer: dict[str, bool | str] = {}
    for name, (action, fits, reason) in rules.items():
        if not may(visitor, action, owner):
            answer[name] = "You may not do this to this session."
        else:
            answer[name] = True if fits else reason
        if problem and answer[name] is True and (is_damaged or name in _NEED_THE_REQUEST):
            answer[name] = problem
    return answer


_NEED_THE_REQUEST = ("restart", "clone", "edit")
