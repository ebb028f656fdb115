"""What an API server says when it refuses, as sentences: quotas, limits, rules, rights, fields."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.kubernetes.diagnosis import explain_refusal
from tests.support.pod_sentences import sentence_of

FORBIDDEN = 'pods "c" is forbidden: '


def answer(message: str, causes: Any = None) -> dict[str, Any]:
    """Return the `Status` that the API server answers."""
    details = {"name": "c", "kind": "pods", "causes": causes}
    return {"kind": "Status", "status": "Failure", "message": message, "details": details}


ROWS: dict[str, tuple[int, str, str, str, bool]] = {
    "quota": (
        403,
        FORBIDDEN + "exceeded quota: rq, requested: requests.cpu=600m, used: requests.cpu=600m, "
        "limited: requests.cpu=1",
        "quota",
        (
            "The limit of your team is used up: "
            "CPU: 0.6 of 1 in use, and this one asks for 0.6 more."
        ),
        True,
    ),
    "quota of several things": (
        403,
        FORBIDDEN + "exceeded quota: rq, requested: limits.memory=4Gi,pods=1, "
        "used: limits.memory=64Gi,pods=10, limited: limits.memory=64Gi,pods=10",
        "quota",
        (
            "The limit of your team is used up: memory: 64 GiB of 64 GiB in use, and this one asks "
            "for 4 GiB more; pods: 10 of 10 in use, and this one asks for 1 more."
        ),
        True,
    ),
    "quota of storage": (
        403,
        (
            'persistentvolumeclaims "d" is forbidden: exceeded quota: rq, requested: '
            "requests.storage=5Gi, used: requests.storage=1Gi, limited: requests.storage=5Gi"
        ),
        "quota",
        (
            "The limit of your team is used up: "
            "storage: 1 GiB of 5 GiB in use, and this one asks for 5 GiB more."
        ),
        True,
    ),
    "quota, and the pod does not say its size": (
        403,
        FORBIDDEN + "failed quota: rq: must specify limits.memory for: main; "
        "requests.cpu for: main",
        "refused",
        (
            "It was not started: The limit of your team asks every session to say its "
            "memory (limits) and CPU (requests); choose a size that does."
        ),
        True,
    ),
    "quota that was made a moment ago": (
        403,
        FORBIDDEN + "status unknown for quota: rq, resources: limits.memory",
        "refused",
        "It was not started: The cluster has not counted yet what your team uses; try again.",
        False,
    ),
    "quota that allows none": (
        403,
        FORBIDDEN + "insufficient quota to match these scopes: [{PriorityClass In [high]}]",
        "quota",
        "The limit of your team is used up: there is none for [{PriorityClass In [high]}].",
        True,
    ),
    "limit range, and the pod does not say its size": (
        403,
        FORBIDDEN + "maximum cpu usage per Container is 1.  No limit is specified",
        "refused",
        "It was not started: At most 1 CPU is allowed for one container, and none is asked for.",
        True,
    ),
    "limit range": (
        403,
        FORBIDDEN + "maximum memory usage per Container is 256Mi, but limit is 1Gi",
        "refused",
        (
            "It was not started: At most 256 MiB of memory is allowed for one container, "
            "not 1 GiB of memory."
        ),
        True,
    ),
    "limit range, two rules": (
        403,
        FORBIDDEN + "[minimum cpu usage per Pod is 100m, but request is 50m, "
        "memory max limit to request ratio per Container is 2, but provided ratio is 4.000000]",
        "refused",
        (
            "It was not started: At least 0.1 CPU is allowed for one session, not 0.05 CPU. "
            "The limit may be at most 2 times the request."
        ),
        True,
    ),
    "pod security restricted": (
        403,
        (
            'pods "x" is forbidden: violates PodSecurity "restricted:latest": '
            'allowPrivilegeEscalation != false (container "main" must set '
            "securityContext.allowPrivilegeEscalation=false), unrestricted capabilities "
            '(container "main" must set securityContext.capabilities.drop=["ALL"]), '
            'runAsNonRoot != true (pod or container "main" must set '
            "securityContext.runAsNonRoot=true), seccompProfile (pod or container "
            '"main" must set securityContext.seccompProfile.type to "RuntimeDefault" or '
            '"Localhost")'
        ),
        "refused",
        (
            "It was not started: The cluster's rules (restricted) refuse "
            "allowPrivilegeEscalation != false, unrestricted capabilities, "
            "runAsNonRoot != true and seccompProfile; change that in the pod."
        ),
        True,
    ),
    "pod security baseline": (
        403,
        (
            'pods "x" is forbidden: violates PodSecurity "baseline:v1.34": host namespaces '
            '(hostNetwork=true), hostPath volumes (volume "v"), privileged (container "main" must '
            "not set securityContext.privileged=true)"
        ),
        "refused",
        (
            "It was not started: The cluster's rules (baseline) refuse "
            "host namespaces, hostPath volumes and privileged; change that in the pod."
        ),
        True,
    ),
    "no right": (
        403,
        (
            'pods is forbidden: User "system:serviceaccount:hub:hub" cannot create resource "pods" '
            'in API group "" in the namespace "sessions"'
        ),
        "refused",
        (
            "It was not started: The hub may not create pods in the cluster; "
            "an administrator can give it that right."
        ),
        True,
    ),
    "no such account": (
        403,
        FORBIDDEN + "error looking up service account sessions/train: serviceaccount "
        '"train" not found',
        "refused",
        "It was not started: The service account ‘train’ is not in the cluster; choose another.",
        True,
    ),
    "no such priority": (
        403,
        FORBIDDEN + "no PriorityClass with name urgent was found",
        "refused",
        "It was not started: The priority ‘urgent’ is not in the cluster; choose another.",
        True,
    ),
    "namespace that goes": (
        403,
        FORBIDDEN + "unable to create new content in namespace sessions because it is being "
        "terminated",
        "refused",
        (
            "It was not started: The place for sessions in the cluster is being removed; "
            "tell an administrator."
        ),
        True,
    ),
    "a check of the cluster's own": (
        400,
        'admission webhook "images.example.org" denied the request: Use our registry.',
        "refused",
        "It was not started: The cluster refused it: Use our registry.",
        True,
    ),
    "a policy of the cluster's own": (
        422,
        (
            "pods \"c\" is forbidden: ValidatingAdmissionPolicy 'cost' with binding 'all' denied "
            "request: Say a cost centre."
        ),
        "refused",
        "It was not started: The cluster refused it: Say a cost centre.",
        True,
    ),
    "something else forbidden": (
        403,
        FORBIDDEN + "the moon is full",
        "refused",
        "It was not started: The cluster refused it: the moon is full.",
        True,
    ),
    "no sign-in": (
        401,
        "Unauthorized",
        "refused",
        "It was not started: The cluster does not know the hub; an administrator can mend that.",
        False,
    ),
    "no namespace": (
        404,
        'namespaces "sessions" not found',
        "refused",
        (
            "It was not started: The place for sessions is not in the cluster; "
            "an administrator can make it."
        ),
        True,
    ),
    "a name that is taken": (
        409,
        'pods "c" already exists',
        "refused",
        (
            "It was not started: Something of that name is still in the cluster; "
            "try again in a minute."
        ),
        False,
    ),
    "a quota that changed meanwhile": (
        409,
        'Operation cannot be fulfilled on resourcequotas "rq": the object has been modified',
        "refused",
        "It was not started: The cluster changed the same thing at the same time; try again.",
        False,
    ),
    "too many requests": (
        429,
        "The server has received too many requests and has asked us to try again later",
        "refused",
        "It was not started: The cluster has too much to do; try again in a minute.",
        False,
    ),
    "a disruption budget": (
        429,
        "Cannot evict pod as it would violate the pod's disruption budget.",
        "refused",
        (
            "It was not started: The cluster may not take it away now: "
            "too few like it would be left."
        ),
        False,
    ),
    "a check that is away": (
        500,
        'Internal error occurred: failed calling webhook "x": connect: connection refused',
        "refused",
        (
            "It was not started: A check of the cluster's own did not answer; "
            "try again, or tell an administrator."
        ),
        False,
    ),
    "an API server that is away": (
        503,
        "etcdserver: leader changed",
        "refused",
        "It was not started: The cluster does not answer (503); try again later.",
        False,
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_refusal_says_what_to_change(row: str) -> None:
    status, message, cause, sentence, is_final = ROWS[row]
    verdict = explain_refusal(status, answer(message))
    assert (verdict.cause, sentence_of(verdict)) == (cause, sentence)
    assert verdict.is_final is is_final


def test_wrong_fields_are_named_by_their_paths() -> None:
    causes = [
        {"reason": "FieldValueRequired", "message": "Required value",
         "field": "spec.containers[0].image"},
        {"reason": "FieldValueInvalid", "message": 'Invalid value: "\x1b[2Jx"',
         "field": "spec.volumes[1].name"},
    ]  # fmt: skip
    verdict = explain_refusal(422, answer('Pod "c" is invalid: ...', causes))
    assert verdict.fields == {
        "spec.containers[0].image": "Required value",
        "spec.volumes[1].name": 'Invalid value: "x"',
    }
    assert sentence_of(verdict) == (
        "It was not started: Change this: spec.containers[0].image: Required value; "
        'spec.volumes[1].name: Invalid value: "x".'
    )


def test_limits_are_named_by_the_fields_of_a_launch_request() -> None:
    message = FORBIDDEN + "maximum memory usage per Container is 256Mi, but limit is 1Gi."
    assert list(explain_refusal(403, answer(message)).fields) == ["resources.memory"]


def test_who_the_hub_is_in_the_cluster_is_not_told() -> None:
    message = 'pods is forbidden: User "system:serviceaccount:hub:hub" cannot list resource "pods"'
    assert "serviceaccount" not in str(explain_refusal(403, answer(message)))


def test_a_wrong_object_is_told_by_what_is_wrong_with_it_and_not_by_all_of_it() -> None:
    shown = '{"Capabilities":{"Add":null,"Drop":["ALL"]},"Privileged":true}'
    wrong = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"
    field = "spec.containers[0].securityContext"
    for value in (shown, f"core.SecurityContext{shown}"):
        causes = [{"field": field, "message": f"Invalid value: {value}: {wrong}"}]
        verdict = explain_refusal(422, answer('Pod "c" is invalid: ...', causes))
        assert verdict.detail == f"Change this: {field}: {wrong}."
        assert verdict.fields == {field: wrong}
