"""Our evaluator says to every pod what a real API server's Pod Security admission says to it.

A pod that the API refuses for another reason (its own validation) gets no answer of that admission:
such pods are counted, and may not be many.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, Final

import pytest

from sessions_spawner.policy.pod_security import NEWEST_MINOR, Level, evaluate
from tests.support.admission import REASONS, Answer, ApiServer, Policy, ask_all
from tests.support.edge_pods import EDGES, edge_pod
from tests.support.kubectl import Kubectl
from tests.support.official_pods import find_official_pods
from tests.support.random_pods import random_ephemeral, random_pods
from tests.support.session_pods import session_pod

pytestmark = pytest.mark.timeout(300)

Pod = Mapping[str, Any]

SEED: Final = 20261121
LEVELS: Final[tuple[Level, ...]] = ("baseline", "restricted")
# The versions in which a control came or changed, each with the one before.
TURNS: Final = (0, 7, 8, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34)
# Pods that wait for a scheduler which nobody is, for ephemeral containers to be added to.
PLACE: Final = {"schedulerName": "nobody", "containers": [{"name": "main", "image": "busybox"}]}
BASES: Final[Mapping[str, Pod]] = {
    "bare": PLACE,
    "strict": {
        **PLACE,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    },
    "own-users": {**PLACE, "hostUsers": False},
    "on-host": {
        **PLACE,
        "hostNetwork": True,
        "containers": [{"name": "main", "image": "busybox", "ports": [{"containerPort": 80}]}],
    },
    "rooted": {
        **PLACE,
        "securityContext": {"runAsUser": 0, "seccompProfile": {"type": "Unconfined"}},
    },
}


@pytest.fixture(scope="module")
def newest(cluster: Kubectl) -> int:
    """Give the newest version of the policy that both the API server and we know."""
    version = json.loads(cluster("version", "--output=json"))["serverVersion"]
    return min(int(version["minor"].rstrip("+")), NEWEST_MINOR)


def policies(minors: Iterable[int], newest: int) -> list[Policy]:
    """Return the policies of some versions that the API server knows, and of the latest one."""
    names = [f"v1.{minor}" for minor in minors if minor <= newest]
    return [Policy(*one) for one in product(LEVELS, [*names, "latest"])]


def shared_out(pods: Sequence[Pod], among: Sequence[Policy]) -> dict[Policy, Sequence[Pod]]:
    """Return every policy with its share of the pods."""
    return {policy: pods[at :: len(among)] for at, policy in enumerate(among)}


def compare(answers: Iterable[tuple[Policy, Pod, Answer]], newest: int) -> Counter[str]:
    """Return how often each control was broken and "judged" pods; fail at the first difference."""
    counted: Counter[str] = Counter()
    for policy, pod, answer in answers:
        if not answer.is_about_security:
            assert answer.status in (400, 403, 422), answer
            counted["refused otherwise"] += 1
            continue
        version = f"v1.{newest}" if policy.version == "latest" else policy.version
        found = {REASONS[one.control] for one in evaluate(pod, policy.level, version)}
        assert found == answer.reasons, f"{policy}: {answer.message}\n{json.dumps(pod)}"
        counted.update(found)
        counted["judged"] += 1
        counted["allowed"] += not found
    return counted


async def test_a_thousand_pods_get_the_answer_of_the_real_admission(
    api: ApiServer, asked_namespaces: Sequence[str], newest: int
) -> None:
    among = policies((0, 18, 22, 25, 34), newest)
    asked = shared_out([*map(edge_pod, EDGES), *random_pods(SEED, 1_300)], among)
    counted = compare(await ask_all(api, asked_namespaces, asked), newest)
    assert counted["judged"] >= 1_000
    assert counted["allowed"] >= 100
    assert set(REASONS.values()) <= set(counted)


async def test_a_sessions_pod_is_taken_at_the_restricted_level(
    api: ApiServer, asked_namespaces: Sequence[str]
) -> None:
    await api.hold(asked_namespaces[0], Policy("restricted", "latest"))
    assert (
        await api.create(asked_namespaces[0], session_pod(), fieldValidation="Strict")
    ) == Answer(201)


@pytest.mark.slow
async def test_edges_get_the_answer_of_the_real_admission_at_every_turn_of_the_policy(
    api: ApiServer, asked_namespaces: Sequence[str], newest: int
) -> None:
    pods = [edge_pod(name) for name in EDGES]
    asked = dict.fromkeys(policies(TURNS, newest), pods)
    counted = compare(await ask_all(api, asked_namespaces, asked), newest)
    assert counted["judged"] == len(EDGES) * len(asked)
    assert set(REASONS.values()) <= set(counted)


@pytest.mark.slow
async def test_pods_made_by_chance_get_the_answer_of_the_real_admission(
    api: ApiServer, asked_namespaces: Sequence[str], newest: int
) -> None:
    asked = shared_out(list(random_pods(SEED + 1, 4_000)), policies(range(35), newest))
    counted = compare(await ask_all(api, asked_namespaces, asked), newest)
    assert counted["judged"] >= 3_000
    assert counted["allowed"] >= 500


@pytest.mark.slow
@pytest.mark.needs("k8s.io/pod-security-admission@v0.34.4")
async def test_every_official_pod_gets_the_answer_of_the_real_admission(
    api: ApiServer, asked_namespaces: Sequence[str], newest: int
) -> None:
    asked: dict[Policy, list[Pod]] = {}
    for one in find_official_pods("k8s.io/pod-security-admission@v0.34.4", range(newest + 1)):
        name = one.file.stem.replace("_", "-")  # the API takes no name of theirs with a _
        pod = {**one.pod, "metadata": {**one.pod["metadata"], "name": name}}
        asked.setdefault(Policy(one.level, f"v1.{one.minor}"), []).append(pod)
    counted = compare(await ask_all(api, asked_namespaces, asked), newest)
    assert counted["judged"] == sum(map(len, asked.values()))


@pytest.mark.slow
async def test_ephemeral_containers_get_the_answer_of_the_real_admission(
    api: ApiServer, namespace: Kubectl, newest: int
) -> None:
    namespace.create(
        *(
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}
            for name, spec in BASES.items()
        )
    )
    answers: list[tuple[Policy, Pod, Answer]] = []
    for at, policy in enumerate(policies((0, 8, 18, 19, 22, 25, 34), newest)):
        await api.hold(namespace.namespace, policy)
        asked = list(product(BASES.items(), random_ephemeral(SEED + at, 12)))
        said = await asyncio.gather(
            *(api.add_ephemeral(namespace.namespace, name, one) for (name, _), one in asked)
        )
        for ((_, spec), one), answer in zip(asked, said, strict=True):
            answers.append((policy, {"spec": {**spec, "ephemeralContainers": [one]}}, answer))
    counted = compare(answers, newest)
    assert counted["judged"] >= 700
    assert counted["allowed"] >= 100
