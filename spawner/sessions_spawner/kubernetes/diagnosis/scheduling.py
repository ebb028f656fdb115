"""Why no machine takes a pod, in the scheduler's words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Final

from ...request.quantities import parse_quantity
from .finding import Verdict
from .reading import find_condition, read_list, read_map, read_text
from .words import clean, join_words, say_amount, say_resource
from .world import World

# What the scheduler says of a claim → words, and whether it is final. A claim that it does not
# find may be newer than what it has seen; one that is being deleted never comes back.
_CLAIMS: Final = (
    (r'persistentvolumeclaim "[^"]*" is being deleted', "its storage is being deleted", True),
    (r"bound to non-existent", "its storage is gone", True),
    (r'persistentvolumeclaim "[^"]*" not found', "its storage is not there", False),
    (r"ReadWriteOncePod", "another session uses it", False),
    (r"unbound immediate PersistentVolumeClaims", "its storage is not made yet", False),
)
# Tried after room: a drive is tied to machines, and these may only be full.
_STORAGE: Final = (
    (r"find available persistent volumes|enough free storage", "no storage has room for it"),
    (
        r"volume node affinity conflict|PersistentVolume's node affinity|available volume zone",
        "it is tied to machines that cannot take the session",
    ),
    (r'plugin "VolumeBinding"', "its storage was not made in time"),
)
_LACK: Final = re.compile(r"Insufficient ([\w./-]{0,80}\w)|(Too many pods)")
# Never final: a cluster that grows may add a machine, and machines are opened and labelled.
_OTHERS: Final = (
    (r"taint\(?s?\)? \{?node\.kubernetes\.io/(unreachable|not-ready)", "some do not answer"),
    # The scheduler of late names no taint any more.
    (r"untolerated taint\(s\)(?! ?\{)", "some do not answer or are kept for other uses"),
    (r"untolerated taint(?:\(s\))? ?\{|taints that the pod", "some are kept for other uses"),
    (r"node affinity/selector|requested node name", "some are not of the kind that was chosen"),
    (r"were unschedulable", "some are closed"),
    (r"exceed max volume count", "some hold as many drives as they can"),
    (r"free ports", "some have the port in use"),
    (r"affinity rules|topology spread", "some already have one like it"),
)
_NAMED: Final = re.compile(r'persistentvolumeclaim "([^"]{1,253})"')


def scheduling(world: World) -> Verdict | None:
    """Take the scheduler's word on why no machine takes the pod."""
    if world.is_scheduled or not (message := _message_of(world)):
        return None
    for pattern, said, is_final in _CLAIMS:
        if re.search(pattern, message):
            return _volume(world, message, said, is_final)
    if lacking := [say_resource(found[1] or "places") for found in _LACK.finditer(message)]:
        detail = f"not enough {join_words(list(dict.fromkeys(lacking)))}"
        return Verdict("unschedulable", detail, words=_size_of(world))
    for pattern, said in _STORAGE:
        if re.search(pattern, message):
            return _volume(world, message, said, is_final=False)
    others = [said for pattern, said in _OTHERS if re.search(pattern, message)]
    return Verdict("unschedulable", ", ".join(others) or clean(message).rstrip("."))


def _message_of(world: World) -> str:
    """Return what was said last. Claims are named in the part before the preemption's only."""
    scheduled = find_condition(world.pod, "PodScheduled")
    said = read_text(scheduled, "message") if scheduled.get("status") == "False" else ""
    failed = world.events_with("FailedScheduling")
    said = said or (failed[0].message if failed and not scheduled else "")
    return said.partition(" preemption: ")[0]


def _volume(world: World, message: str, said: str, is_final: bool) -> Verdict:
    found = _NAMED.search(message)
    words = world.words_of_drive(claim=found[1] if found else "")
    return Verdict("volume", said, is_final, words=words)


def _size_of(world: World) -> Mapping[str, str]:
    """Return the word for what the pod asks for: `8 CPU, 64 GiB and 1 GPU`."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for container in read_list(world.pod, "spec", "containers"):
        for resource, amount in read_map(container, "resources", "requests").items():
            with suppress(ValueError):
                sums[say_resource(str(resource))] += parse_quantity(str(amount))
    asked = [(word, sums[word]) for word in ("CPU", "memory", "GPU") if sums[word]]
    return {"size": join_words([say_amount(*one) for one in asked])} if asked else {}
