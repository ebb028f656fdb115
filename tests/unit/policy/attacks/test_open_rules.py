"""Where an administrator opens much of a pod, what a session was not given stays closed."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from sessions_spawner.policy.overrides.apply import override_pod
from sessions_spawner.policy.overrides.merge import OverridesRefused
from sessions_spawner.policy.overrides.patterns import RuleError
from sessions_spawner.policy.overrides.rules import make_rules
from sessions_spawner.policy.pod_policy import PodPolicy, judge_pod
from sessions_spawner.request.offers import NO_OFFERS
from tests.support.attacks import Attack, open_policy, read_attacks
from tests.support.session_pods import session_pod

POLICY = open_policy()

# Attacks of the table that are no longer one once the administrator allows the field: it names
# nothing of anybody else, and no level of the standards is about it.
BY_THE_FIELD = {
    "references: the pod's own fields as a volume",
    "references: the node's name as a variable",
    "references: variables from a file of a volume",
    "references: the service account's token",
    "references: the service account's token, by leaving the switch out",
    "references: a device used",
}
HELD = [
    *(one for one in read_attacks() if one.subject == "references"),
    *(
        one
        for one in read_attacks()
        if one.name
        in {
            "another image",
            "a second container",
            "an init container",
            "a sidecar",
            "the administrator's sidecar with another image",
            "the session's secret in the name of a folder of the team's claim",
            "the whole of the team's claim",
            "another team's folder",
            "the team's claim a second time",
            "a reserved variable",
            "a reserved variable that is not there yet",
            "a variable that loads code into every program",
            "the session's token turned to plain text",
            "a port of the node",
            "all rights",
            "a right more",
            "no seccomp",
            "a probe of another host, by the node",
            "the node's network",
            "the node's files",
            "the node's files in the place of a volume that is there",
            "another person's session",
            "another session's id",
            "no hub's session, which no sweep would find",
            "a later generation",
            "another request's digest",
            "all labels gone",
            "another namespace",
            "owned by something that will be deleted",
            "the session's own container deleted",
            "a whole list replaced",
            "the list of containers set to null",
            "more processors",
            "more memory",
            "no bound on memory",
            "no resources at all",
            "resources of the administrator's sidecar",
        }
    ),
]


def name_of(attack: Attack) -> str:
    return f"{attack.subject}: {attack.name}"


def refused(
    patch: dict[str, Any],
    policy: PodPolicy = POLICY,
    made: dict[str, Any] | None = None,
    environment: str = "python",
) -> dict[str, str]:
    """Return path → sentence of what is wrong with a patch, by the rules or in the final pod."""
    made = session_pod() if made is None else made
    try:
        sent = override_pod(made, patch, policy.rules)
    except OverridesRefused as error:
        return {one.field: one.message for one in error.refusals}
    found = judge_pod(sent, made, policy, NO_OFFERS, environment)
    return {one.field: one.message for one in found}


@pytest.mark.parametrize("attack", HELD, ids=name_of)
def test_what_is_somebody_elses_or_the_sessions_own_stays_closed(attack: Attack) -> None:
    found = refused(attack.patch)
    assert bool(found) is (name_of(attack) not in BY_THE_FIELD)
    assert all(sentence.endswith(".") for sentence in found.values())


def test_a_container_more_has_to_have_limits_and_counts_with_the_others() -> None:
    def adding(**limits: str) -> dict[str, Any]:
        one = {"name": "more", "image": "localhost/lab:1", "resources": {"limits": limits}}
        return {"spec": {"containers": [one]}}

    assert refused(adding(cpu="3", memory="6Gi")) == {}
    assert "spec.containers" in refused(adding(cpu="3001m", memory="1Gi"))
    assert "spec.containers" in refused(adding(cpu="1", memory="6145Mi"))
    limits = "spec.containers[0].resources.limits"
    lacking = {limits: "Give this container a limit of memory."}
    assert refused(adding(cpu="1")) == lacking
    assert refused(adding(cpu="1", memory="0")) == lacking
    asking = adding(cpu="1")
    asking["spec"]["containers"][0]["resources"]["requests"] = {"memory": "1Gi"}
    assert refused(asking) == lacking


PRIVILEGED = {"name": "fuse", "image": "localhost/fuse:1", "securityContext": {"privileged": True}}
EXEMPT = replace(POLICY, exempt=frozenset({"fuse"}))


def exempted(patch: dict[str, Any]) -> dict[str, str]:
    made = session_pod()
    made["spec"]["containers"].append(deepcopy(PRIVILEGED))
    return refused(patch, EXEMPT, made, "fuse")


def test_an_exempt_environment_may_be_what_its_administrator_made_it() -> None:
    assert exempted({}) == {}
    variable = {"name": "notebook", "env": [{"name": "NEW", "value": "x"}]}
    assert exempted({"spec": {"containers": [variable]}}) == {}
    made = session_pod()
    made["spec"]["containers"].append(deepcopy(PRIVILEGED))
    assert list(refused({}, EXEMPT, made, "python")) == [
        "spec.containers[2].securityContext.privileged"
    ]


@pytest.mark.parametrize(
    "containers",
    [
        [{"name": "fuse", "command": ["sh"]}],
        [{"name": "fuse", "$patch": "delete"}, {**PRIVILEGED, "name": "mine"}],
        [{"name": "notebook", "securityContext": {"privileged": True}}],
    ],
)
def test_what_is_forgiven_one_container_is_forgiven_no_other_and_not_what_it_became(
    containers: list[dict[str, Any]],
) -> None:
    found = exempted({"spec": {"containers": containers}})
    assert any(path.endswith("securityContext.privileged") for path in found)


@pytest.mark.parametrize(
    "place",
    [
        'metadata.labels["jupyterhub-sessions/owner"]',
        'metadata.labels["jupyterhub-sessions/*"]',
        'metadata.annotations["jupyterhub-sessions/request"]',
        'spec.containers["notebook"].name',
    ],
)
def test_what_makes_a_pod_the_sessions_own_can_be_neither_opened_nor_forced(place: str) -> None:
    for rule in ({"allow": [place]}, {"force": {place: "x"}}):
        with pytest.raises(RuleError, match="this belongs to the session itself"):
            make_rules(**rule)
