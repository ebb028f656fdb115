"""Who holds a claim: pods that run or are to run, and what a silent machine may still run."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.kubernetes.claim_use import ClaimUse, Hold
from sessions_spawner.kubernetes.trimming import PackedPods, trim
from tests.support.pod_states import condition, make_container, make_pod, terminated, well

CLAIM = "claim-data"
READY = condition("Ready", "True")
SILENT = condition("Ready", "False")  # without a reason: written in the kubelet's place


class World:
    """Pods as a watch keeps them, and who holds claims by it."""

    def __init__(self) -> None:
        self.pods = PackedPods()
        self.use = ClaimUse(self.pods)

    def set(self, name: str, *containers: Any, claim: str = CLAIM, **different: Any) -> None:
        """Have a pod be so now."""
        volume = {"name": "drive-0", "persistentVolumeClaim": {"claimName": claim}}
        pod = make_pod(*containers, volumes=[volume], **{"phase": "Running", **different})
        labels = {"jupyterhub-sessions/session": "s1", "jupyterhub-sessions/generation": "2"}
        pod["metadata"] |= {"name": name, "labels": labels}
        self.pods.put(name, trimmed := trim(pod))
        self.use.take(name, trimmed)

    def remove(self, name: str) -> None:
        """Have a pod be gone."""
        self.pods.drop(name)
        self.use.take(name, None)

    def held(self, claim: str = CLAIM, **more: Any) -> list[Hold]:
        """Return who holds a claim."""
        return list(self.use.holds(claim, **more))


@pytest.fixture
def world() -> World:
    return World()


def test_a_pod_that_runs_holds_its_claim_and_lets_it_go_with_its_end(world: World) -> None:
    world.set("one", well(), conditions=[READY])
    world.set("two", well(), claim="claim-more", conditions=[READY])
    assert world.held() == [Hold("one", "s1", "2", "node1", is_ending=False, is_silent=False)]
    assert world.held(without="one") == []
    world.set("one", make_container(state=terminated("Completed", 0)), phase="Succeeded")
    assert world.held() == []
    world.remove("two")
    assert world.held("claim-more") == []


def test_a_pod_that_is_to_run_holds_its_claim_too(world: World) -> None:
    world.set("one", phase="Pending", node=None)
    (hold,) = world.held()
    assert hold.node is None


def test_what_was_there_before_is_known() -> None:
    world = World()
    world.set("one", well(), conditions=[READY])
    assert [one.pod for one in ClaimUse(world.pods).holds(CLAIM)] == ["one"]


def test_a_pod_that_is_being_deleted_is_ending(world: World) -> None:
    world.set("one", well(), conditions=[READY], deleted_at=5)
    assert [(one.is_ending, one.is_silent) for one in world.held()] == [(True, False)]
    world.remove("one")
    assert world.held() == []


def test_a_pod_that_is_removed_while_its_machine_is_silent_still_holds_its_claim(
    world: World,
) -> None:
    world.set("one", well(), conditions=[SILENT])
    assert [(one.is_silent, one.is_object) for one in world.held()] == [(True, True)]
    world.remove("one")
    assert [(one.is_silent, one.is_object) for one in world.held()] == [(True, False)]
    assert world.held("claim-more") == []
    world.use.forget("one")
    assert world.held() == []


def test_a_machine_that_answers_again_is_no_longer_silent(world: World) -> None:
    world.set("one", well(), conditions=[SILENT])
    world.set("one", well(), conditions=[READY])
    assert not world.held()[0].is_silent
    world.remove("one")
    assert world.held() == []
