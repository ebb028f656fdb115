"""What records and a cluster do not agree on is found; nothing is said of what is right."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_service.db.engine import Db
from sessions_service.drives import store as drives
from sessions_service.drives.models import Drive
from sessions_service.reconcile.cluster import check_cluster
from sessions_service.sessions.models import Session
from sessions_spawner.wire.cluster import ClusterLook, MissingRight, SeenClaim, SeenPod
from sessions_spawner.wire.messages import PlacedDrive
from tests.support.records import NOON, add, after, default_of


@pytest.fixture
def drive(db: Db) -> Drive:
    """Give a drive that has its claim."""
    made = default_of(db, "anna@2026-01-01")
    drives.note_places(db, {made.id: PlacedDrive(place="drive-1")})
    return drives.get(db, made.id)


def pod_of(session: Session, **different: Any) -> SeenPod:
    key = f"{session.id}:{session.generation}"
    pod = SeenPod(name="session-x-1", session=session.id, run=key, is_ours=True)
    return pod.model_copy(update=different)


def found(db: Db, **seen: Any) -> list[str]:
    """Return what is found where the cluster has these."""
    look = ClusterLook(namespace="pods", **seen)
    return [f"{one.invariant} {one.sentence}" for one in check_cluster(db, look, after(600))]


def test_a_running_session_has_its_pod(db: Db, running: Session) -> None:
    assert found(db, pods=[pod_of(running)]) == []
    lost = f"I2 {running.id} is running, and ‘pods’ has no pod of it."
    assert found(db, pods=[]) == [lost]
    other = pod_of(running, run=f"{running.id}:{running.generation + 1}")
    assert lost in found(db, pods=[other])


def test_a_session_that_starts_needs_no_pod_yet(db: Db) -> None:
    add(db)
    assert found(db, pods=[]) == []


def test_a_pod_of_no_live_session_is_found_unless_it_is_ending(db: Db, ended: Session) -> None:
    key = f"{ended.id}:{ended.generation}"
    stray = f"I1 The pod ‘session-x-1’ in ‘pods’ is of {key}, which is no live session's run."
    assert found(db, pods=[pod_of(ended)]) == [stray]
    assert found(db, pods=[pod_of(ended, ends_at=after(590))]) == []
    assert found(db, pods=[pod_of(ended, ends_at=NOON)]) == [stray]


def test_a_pod_of_another_hub_is_its_own_affair_unless_its_session_is_known_here(
    db: Db, ended: Session
) -> None:
    theirs = SeenPod(name="x", session="s1abcdefghij2", run="s1abcdefghij2:1", is_ours=False)
    assert found(db, pods=[theirs]) == []
    (sentence,) = found(db, pods=[theirs, pod_of(ended, is_ours=False)])
    assert "from before this hub's link had another secret" in sentence


def test_a_drive_and_its_claim_need_each_other(db: Db, drive: Drive) -> None:
    claim = SeenClaim(name="drive-1", drive=drive.id)
    assert found(db, claims=[claim]) == []
    lost = f"I13 The drive ‘default’ of anna ({drive.id}) has lost its claim ‘drive-1’ in ‘pods’."
    assert found(db, claims=[]) == [lost]
    left = SeenClaim(name="drive-2", drive="dgone")
    assert found(db, claims=[claim, left]) == [
        "I13 The claim ‘drive-2’ in ‘pods’ is the drive dgone, of which there is no record."
    ]
    assert found(db, claims=[claim, left.model_copy(update={"is_going": True})]) == []
    assert lost in found(db, claims=[claim.model_copy(update={"drive": "dother"})])


def test_a_drive_without_a_place_has_no_claim_yet(db: Db) -> None:
    default_of(db, "anna@2026-01-01")
    assert found(db, claims=[]) == []


def test_what_the_hub_may_not_list_is_not_taken_for_gone(
    db: Db, running: Session, drive: Drive
) -> None:
    del running, drive
    right = MissingRight(right="list pods", breaks="no session starts")
    assert found(db, missing=[right], unknown_classes=["fast"]) == [
        "I14 The hub may not list pods in ‘pods’: no session starts.",
        "I14 The settings name the storage class ‘fast’, which the cluster lacks.",
    ]
