"""No user YAML gets out of the default rules: each attack is refused where it is written."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from sessions_spawner.policy.overrides.apply import override_pod
from sessions_spawner.policy.overrides.merge import OverridesRefused
from sessions_spawner.policy.overrides.shape import check_pod
from tests.support.attacks import Attack, read_attacks, rules_by_default
from tests.support.session_pods import session_pod

ATTACKS = list(read_attacks())
RULES = rules_by_default()
# What each pod has that is written as a whole.
LEAST: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "spec": {"containers": [{"name": "notebook"}]},
}
# Attacks that take away what a pod that is written as a whole need not have.
LEAVES_OUT = {
    "containers: no security context at all",
    "directives: the list of containers set to null",
    "placement: any nodes, by leaving the selector out",
    "references: the service account's token, by leaving the switch out",
    "resources: no resources at all",
}


def name_of(attack: Attack) -> str:
    return f"{attack.subject}: {attack.name}"


def refused(patch: dict[str, Any]) -> dict[str, str]:
    """Return path → sentence of what a patch may not do to a session's pod."""
    with pytest.raises(OverridesRefused) as caught:
        override_pod(session_pod(), patch, RULES)
    return {one.field: one.message for one in caught.value.refusals}


@pytest.mark.parametrize("attack", ATTACKS, ids=name_of)
def test_an_attack_is_refused_where_it_is_written_with_a_sentence(attack: Attack) -> None:
    found = refused(attack.patch)
    assert attack.at in found
    sentence = found[attack.at]
    assert sentence[0].isupper() or sentence[0] == "`"
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("attack", ATTACKS, ids=name_of)
def test_an_attack_is_no_better_beside_what_is_allowed(attack: Attack) -> None:
    patch = attack.patch
    metadata = patch.setdefault("metadata", {})
    labels = metadata.get("labels", {})
    if labels is not None:
        metadata["labels"] = {**labels, "user.jupyterhub-sessions/course": "chemistry"}
    assert attack.at in refused(patch)


@pytest.mark.parametrize(
    "attack", [one for one in ATTACKS if name_of(one) not in LEAVES_OUT], ids=name_of
)
def test_an_attack_in_a_whole_pod_is_refused_too(attack: Attack) -> None:
    whole = {**LEAST, **attack.patch}
    if isinstance(whole["spec"], dict):
        whole["spec"] = {**LEAST["spec"], **whole["spec"]}
    if not check_pod(whole):
        refused(whole)


def test_there_are_attacks_of_every_subject_and_no_two_alike() -> None:
    assert len(ATTACKS) >= 190
    assert min(Counter(attack.subject for attack in ATTACKS).values()) >= 15
    for twice in (Counter(map(name_of, ATTACKS)), Counter(str(one.patch) for one in ATTACKS)):
        assert twice.most_common(1)[0][1] == 1
