"""Why a drive or another volume of a pod is not there: claims, attaching, mounting."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from .events import Event
from .finding import Verdict
from .reading import Json, read_text
from .references import try_reference
from .words import clean
from .world import World

_NO_CLASS: Final = re.compile(r'storageclass[\w.]* "([^"]{1,253})" not found')
_BEFORE: Final = (
    re.compile(r'^\w+\.\w+ failed for volume "[^"]{1,300}" ?: ?'),
    re.compile(r'^failed to provision volume with StorageClass "[^"]{1,253}": '),
    re.compile(r"^rpc error: code = \w+ desc = "),
)
# Says only that something else went wrong for two minutes.
_VAGUE: Final = "Unable to attach or mount volumes"


def mount(world: World) -> Verdict | None:
    """Take the kubelet's word on a volume that it cannot mount; the pod's status never has it.

    Not final: a drive that is still attached elsewhere is let go in the end, and a secret may come
    a moment after its pod.
    """
    if not world.is_scheduled or world.has_begun:
        return None
    failed = [
        one
        for one in world.events_with("FailedMount", "FailedAttachVolume")
        if not world.is_passed(one)
    ]
    if not failed:
        return None
    telling = [one for one in failed if not one.message.startswith(_VAGUE)]
    return _judge_mount(world, (telling or failed)[0])


def _judge_mount(world: World, event: Event) -> Verdict:
    if found := try_reference(event.message, event.count):
        return found
    words = world.words_of_drive(event.message)
    if "Multi-Attach" in event.message:
        return Verdict("volume", "it is in use on another machine", words=words)
    if event.message.startswith(_VAGUE):
        return Verdict("volume", "its machine waited for it in vain", words=words)
    return Verdict("volume", _tell(event.message), words=words)


def claim(world: World) -> Verdict | None:
    """Take the word on a claim that cannot be bound: it says why the scheduler only waits.

    A claim that is bound has old events too; they say nothing about now.
    """
    if world.is_scheduled:
        return None
    mounted = set(world.claim_names.values())
    known = {read_text(one, "metadata", "name"): one for one in world.claims}
    verdicts = [(name, _judge_claim(one)) for name, one in known.items()]
    verdicts += [
        (event.about, _judge_claim_event(event))
        for event in reversed(world.claim_events)
        if read_text(known.get(event.about), "status", "phase") != "Bound"
    ]
    for name, verdict in verdicts:
        if verdict and (name in mounted or not mounted):
            return replace(verdict, words=world.words_of_drive(claim=name))
    return None


def _judge_claim(claim: Json) -> Verdict | None:
    if read_text(claim, "status", "phase") == "Lost":
        return Verdict("volume", "its storage is gone", is_final=True)
    if read_text(claim, "metadata", "deletionTimestamp"):
        return Verdict("volume", "its storage is being deleted", is_final=True)
    return None


def _judge_claim_event(event: Event) -> Verdict | None:
    """Judge a claim's event. A class that is missing has to be made by somebody: final."""
    if event.reason == "FailedBinding" and "no storage class is set" in event.message:
        return Verdict("volume", "there is no storage for it, and none is made", is_final=True)
    if event.reason == "FailedBinding":
        return Verdict("volume", f"its storage could not be bound: {_tell(event.message)}")
    if event.reason != "ProvisioningFailed":
        return None
    if found := _NO_CLASS.search(event.message):
        said = f"the cluster has no kind of storage called ‘{clean(found[1], 80)}’"
        return Verdict("volume", said, is_final=True)
    return Verdict("volume", f"its storage could not be made: {_tell(event.message)}")


def _tell(message: str) -> str:
    for before in _BEFORE:
        message = before.sub("", message)
    return clean(message).rstrip(".") or "no reason was given"
