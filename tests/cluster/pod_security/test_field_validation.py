"""What a real API server cannot read as a pod, our check of its shape refuses too."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Final

import pytest

from sessions_spawner.policy.overrides.shape import check_pod
from tests.support.admission import ApiServer
from tests.support.wrong_pods import OTHER_CASE, UNKNOWN, OddPod, odd_pods

pytestmark = pytest.mark.timeout(300)

_INTEGERS: Final = ("integer", "integer32")
# What we refuse and the API server reads, by why: the kind of field, and the sort of value.
STRICTER: Final = {
    "null in a list is read as empty text, as 0 (the group of root) or as an empty mapping": {
        (f"list of {kind}", "null in a list") for kind in ("mapping", "string", *_INTEGERS)
    },
    "null under a key is read as empty text, or as the quantity 0": {
        (f"map of {kind}", "null under a key") for kind in ("string", "quantity")
    },
    "an entry without its merge key is refused by the API's validation, after reading": {
        ("list of mapping", "a mapping in a list"),
    },
    "a quantity without digits is read as 0, and blanks before it are passed over": {
        (f"{container}quantity", f"{text}{place}")
        for container, place in (("", ""), ("map of ", " under a key"))
        for text in ("Gi", ".", " 1")
    },
}
# What the API server cannot read and our check takes: another kind of object than a pod, which the
# rules refuse, as `apiVersion` and `kind` are reserved.
LOOSER: Final = {"kind", "apiVersion"}


async def compare(api: ApiServer, namespace: str, pods: Sequence[OddPod]) -> Counter[str]:
    """Return how many pods were refused, by whom; fail at the first unexplained difference."""
    answers = await asyncio.gather(
        *(api.create(namespace, one.pod, fieldValidation="Strict") for one in pods)
    )
    explained = set().union(*STRICTER.values())
    counted: Counter[str] = Counter()
    for one, answer in zip(pods, answers, strict=True):
        places = [found.field for found in check_pod(one.pod)]
        if one.path == "metadata.managedFields[0].fieldsV1":
            continue  # any JSON at all, by the API's reading: only the API server writes it
        if answer.is_ill_typed and not places:
            assert one.path in LOOSER, f"{one.path}: {one.sort}: {answer.message}"
        elif places and not answer.is_ill_typed:
            assert (one.kind, one.sort) in explained, f"{one.path}: {one.sort}: {answer}"
            counted["stricter"] += 1
        counted["by both" if answer.is_ill_typed and places else "by one or none"] += 1
        counted[one.sort] += answer.is_ill_typed
    return counted


async def test_some_odd_values_are_refused_as_by_the_api_server(
    api: ApiServer, asked_namespaces: Sequence[str]
) -> None:
    counted = await compare(api, asked_namespaces[0], list(odd_pods())[::13])
    assert counted["by both"] >= 400


@pytest.mark.slow
async def test_whatever_the_api_server_cannot_read_is_refused_in_every_field(
    api: ApiServer, asked_namespaces: Sequence[str]
) -> None:
    pods = list(odd_pods())
    counted = await compare(api, asked_namespaces[0], pods)
    assert counted["by both"] >= 6_000
    assert counted[UNKNOWN] == counted[OTHER_CASE] >= 100
    assert 0 < counted["stricter"] < 200
