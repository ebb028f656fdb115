"""Drives that do not come: claims, attaching, mounting, each in the words of who knows best."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.kubernetes.diagnosis import look
from tests.support.pod_sentences import said
from tests.support.pod_states import (
    make_claim,
    make_container,
    make_event,
    make_pod,
    mounts_claim,
    unscheduled,
    waiting,
    well,
)

CLAIM = make_claim(phase="Pending")
DRIVES = {"claim-data": "data", "claim-other": "other"}
UNBOUND = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: x"
NO_CLASS = 'storageclass.storage.k8s.io "nosuchclass" not found'


def unbound(message: str = UNBOUND) -> Any:
    """Return a pod with a claim that no machine takes."""
    return unscheduled(message, volumes=[mounts_claim()])


def about(claim: Any, reason: str, message: str, **more: Any) -> Any:
    """Return an event of a claim."""
    return make_event(reason, message, about=claim, **more)


@pytest.mark.parametrize(
    ("message", "sentence", "is_final"),
    [
        ('persistentvolumeclaim "claim-data" not found', "its storage is not there", False),
        (
            'persistentvolumeclaim "claim-data" is being deleted',
            "its storage is being deleted",
            True,
        ),
        (UNBOUND, "its storage is not made yet", False),
        (
            (
                "0/1 nodes are available: 1 node(s) unavailable due to PersistentVolumeClaim with "
                "ReadWriteOncePod access mode already in-use by another pod. preemption: x"
            ),
            "another session uses it",
            False,
        ),
        (
            "0/2 nodes are available: 2 node(s) had volume node affinity conflict.",
            "it is tied to machines that cannot take the session",
            False,
        ),
        (
            "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity.",
            "it is tied to machines that cannot take the session",
            False,
        ),
        (
            'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded',
            "its storage was not made in time",
            False,
        ),
        (
            (
                "0/1 nodes are available: 1 node(s) unavailable due to one or more pvc(s) bound to "
                "non-existent pv(s)."
            ),
            "its storage is gone",
            True,
        ),
        (
            "0/1 nodes are available: 1 node(s) didn't find available persistent volumes to bind.",
            "no storage has room for it",
            False,
        ),
    ],
)
def test_the_scheduler_waits_for_a_drive(message: str, sentence: str, is_final: bool) -> None:
    finding = look(unbound(message), drives=DRIVES)
    assert said(finding) == (
        "volume", f"The drive ‘data’ could not be attached: {sentence}.",
    )  # fmt: skip
    assert finding.verdict is not None
    assert finding.verdict.is_final is is_final
    assert not finding.is_over


def test_a_full_machine_comes_before_a_drive_that_is_tied_to_others() -> None:
    message = (
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had volume node affinity conflict."
    )
    assert said(look(unbound(message)))[0] == "unschedulable"


def test_a_claims_own_word_comes_before_the_schedulers() -> None:
    finding = look(
        unbound(),
        claims=[CLAIM],
        claim_events=[about(CLAIM, "ProvisioningFailed", NO_CLASS, count=4)],
        drives=DRIVES,
    )
    assert said(finding) == (
        "volume",
        (
            "The drive ‘data’ could not be attached: "
            "the cluster has no kind of storage called ‘nosuchclass’."
        ),
    )
    assert finding.verdict is not None
    assert finding.verdict.is_final
    assert any(NO_CLASS in line for line in finding.evidence)


def test_storage_that_cannot_be_made_now_may_be_made_later() -> None:
    message = (
        'failed to provision volume with StorageClass "fast": rpc error: code = ResourceExhausted '
        "desc = no space left in the pool"
    )
    event = about(CLAIM, "ProvisioningFailed", message)
    verdict = look(unbound(), claims=[CLAIM], claim_events=[event]).verdict
    assert verdict is not None
    assert verdict.detail == "its storage could not be made: no space left in the pool"
    assert not verdict.is_final


def test_a_claim_without_a_class_gets_no_storage() -> None:
    event = about(
        CLAIM,
        "FailedBinding",
        "no persistent volumes available for this claim and no storage class is set",
    )
    assert look(unbound(), claim_events=[event]).verdict is not None
    assert said(look(unbound(), claims=[CLAIM], claim_events=[event]))[1] == (
        "A drive could not be attached: there is no storage for it, and none is made."
    )


def test_a_claim_that_wants_a_taken_volume_says_so() -> None:
    event = about(CLAIM, "FailedBinding", 'volume "pv-1" already bound to a different claim.')
    verdict = look(unbound(), claims=[CLAIM], claim_events=[event]).verdict
    assert verdict is not None
    assert verdict.detail.startswith("its storage could not be bound: volume")


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (make_claim(phase="Lost"), "its storage is gone"),
        (make_claim(deletionTimestamp="2026-11-21T14:20:00Z"), "its storage is being deleted"),
    ],
)
def test_a_claim_that_is_beyond_help_is_final(claim: Any, words: str) -> None:
    verdict = look(unbound(), claims=[claim]).verdict
    assert verdict is not None
    assert (verdict.detail, verdict.is_final) == (words, True)


def test_old_words_on_a_claim_that_is_bound_now_and_on_other_claims_say_nothing() -> None:
    bound, other = make_claim(), make_claim("claim-other", "Pending")
    events = [about(one, "ProvisioningFailed", NO_CLASS) for one in (bound, other)]
    waits = "0/1 nodes are available: 1 Insufficient cpu."
    finding = look(unbound(waits), claims=[bound, other], claim_events=events)
    assert said(finding)[0] == "unschedulable"
    assert look(
        make_pod(well(), volumes=[mounts_claim()]), claims=[CLAIM], claim_events=events
    ).verdict is None  # fmt: skip


# Attaching and mounting


MULTI = 'Multi-Attach error for volume "pvc-7" Volume is already '


def creating(*volumes: Any) -> Any:
    """Return a pod on a machine that waits for its volumes."""
    main = make_container(state=waiting("ContainerCreating"))
    return make_pod(main, volumes=[*volumes, {"name": "v", "secret": {"secretName": "s"}}])


@pytest.mark.parametrize(
    "words", ["used by pod(s) bob-private, eve", "exclusively attached to one node and can't be"]
)
def test_a_drive_that_is_attached_elsewhere_says_so_and_not_by_whom(words: str) -> None:
    claims = [make_claim(volume="pvc-7"), make_claim("claim-other", volume="pvc-8")]
    pod = creating(mounts_claim(), mounts_claim("claim-other", "more"))
    event = make_event("FailedAttachVolume", MULTI + words)
    finding = look(pod, [event], claims=claims, drives=DRIVES)
    assert said(finding) == (
        "volume", "The drive ‘data’ could not be attached: it is in use on another machine.",
    )  # fmt: skip
    assert finding.verdict is not None
    assert not finding.verdict.is_final
    assert "bob" not in str(finding)


def test_a_volume_is_named_by_its_drive_where_it_is_one() -> None:
    mount = 'MountVolume.MountDevice failed for volume "{}" : rpc error: code = Internal desc = bad'
    pod = creating(mounts_claim(), mounts_claim("claim-other", "more"))
    for volume, sentence in (
        ("more", "The drive ‘other’ could not be attached: bad."),
        ("v", "A drive could not be attached: bad."),
        ("pvc-unknown", "A drive could not be attached: bad."),
    ):
        event = make_event("FailedMount", mount.format(volume))
        assert said(look(pod, [event], drives=DRIVES))[1] == sentence


def test_the_drive_of_a_pod_with_one_is_meant_by_a_volumes_name_in_the_cluster() -> None:
    event = make_event("FailedAttachVolume", MULTI + "exclusively attached")
    finding = look(creating(mounts_claim()), [event], drives=DRIVES)
    assert finding.verdict is not None
    assert finding.verdict.words == {"drive": "data"}


def test_the_telling_event_comes_before_the_vague_one() -> None:
    vague = (
        "Unable to attach or mount volumes: unmounted volumes=[drive], unattached volumes=[]: "
        "timed out waiting for the condition"
    )
    telling = 'MountVolume.SetUp failed for volume "drive" : mount failed: exit status 32'
    events = [make_event("FailedMount", telling, at=5), make_event("FailedMount", vague, at=120)]
    verdict = look(creating(mounts_claim()), events).verdict
    assert verdict is not None
    assert verdict.detail == "mount failed: exit status 32"
    verdict = look(creating(mounts_claim()), events[1:]).verdict
    assert verdict is not None
    assert verdict.detail == "its machine waited for it in vain"


def test_a_drive_that_was_attached_in_the_end_is_no_trouble() -> None:
    events = [
        make_event("FailedAttachVolume", MULTI + "exclusively attached", at=5),
        make_event("SuccessfulAttachVolume", "AttachVolume.Attach succeeded", at=20, kind="Normal"),
    ]
    assert look(creating(mounts_claim()), events).verdict is None
