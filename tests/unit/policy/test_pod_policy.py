"""What a session's pod may be: YAML applied by the rules, and the last look at what is sent."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from traitlets.config import Config

from sessions_spawner.cluster_settings import PodRules, SessionOffers
from sessions_spawner.policy.overrides.merge import OverridesRefused
from sessions_spawner.policy.own_yaml import read_own_yaml
from sessions_spawner.policy.pod_policy import PodPolicy, customise, judge_pod
from sessions_spawner.request import parse_request
from sessions_spawner.request.offers import NO_OFFERS, Offers

SAFE = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
MADE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "session-x-1", "labels": {"jupyterhub-sessions/session": "x"}},
    "spec": {
        "containers": [
            {
                "name": "notebook",
                "image": "quay.io/team/lab:1",
                "env": [
                    {"name": "HOME", "value": "/home/jovyan"},
                    {
                        "name": "JUPYTERHUB_API_TOKEN",
                        "valueFrom": {"secretKeyRef": {"name": "session-x-1", "key": "T"}},
                    },
                ],
                "resources": {"limits": {"cpu": "1", "memory": "2Gi"}},
                "securityContext": SAFE,
                "volumeMounts": [{"name": "drive-0", "mountPath": "/home/jovyan"}],
            }
        ],
        "volumes": [{"name": "drive-0", "persistentVolumeClaim": {"claimName": "drive-d1"}}],
    },
}
BOUNDS = {"cpu": "4", "memory": "8Gi"}


def policy(**settings: Any) -> PodPolicy:
    """Return the policy of an administrator's settings."""
    config = Config({"PodRules": settings})
    return PodRules(config=config).read(BOUNDS, ("JUPYTERHUB_*", "HOME"))


def offers(**settings: Any) -> Offers:
    """Return an administrator's offers."""
    return SessionOffers(config=Config({"SessionOffers": settings})).read()


def apply(text: str, rules: PodPolicy, offered: Offers = NO_OFFERS) -> dict[str, Any]:
    """Return the pod with YAML applied, as it would be sent. Raises `OverridesRefused`."""
    own = read_own_yaml(parse_request({"environment": "python", "pod_overrides": text}))
    assert own is not None
    sent = customise(MADE, own, rules)
    refusals = judge_pod(sent, MADE, rules, offered, "python")
    if refusals:
        raise OverridesRefused(refusals)
    return sent


def refused(text: str, rules: PodPolicy, offered: Offers = NO_OFFERS) -> dict[str, str]:
    """Return place → sentence of what is refused of YAML."""
    with pytest.raises(OverridesRefused) as caught:
        apply(text, rules, offered)
    return {one.field: one.message for one in caught.value.refusals}


def container(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "image": "quay.io/team/lab:1", "securityContext": SAFE, **fields}


def overrides(*containers: dict[str, Any], **spec: Any) -> str:
    """Return YAML that adds containers and fields of the pod."""
    import json

    return json.dumps({"spec": {**spec, **({"containers": containers} if containers else {})}})


def test_resources_within_bounds_variables_and_own_labels_are_allowed_by_default() -> None:
    text = """
metadata:
  labels: {user.jupyterhub-sessions/team: blue}
spec:
  containers:
  - name: notebook
    env: [{name: MY_MODE, value: fast}]
    resources: {limits: {cpu: "4"}}
"""
    sent = apply(text, policy())
    assert sent["metadata"]["labels"]["user.jupyterhub-sessions/team"] == "blue"
    assert sent["spec"]["containers"][0]["resources"]["limits"] == {"cpu": "4", "memory": "2Gi"}
    assert {one["name"] for one in sent["spec"]["containers"][0]["env"]} == {
        "MY_MODE",
        "HOME",
        "JUPYTERHUB_API_TOKEN",
    }
    assert "MY_MODE" not in str(MADE)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"spec": {"nodeName": "n"}}', "spec.nodeName"),
        ('{"spec": {"hostNetwork": true}}', "spec.hostNetwork"),
        ('{"metadata": {"labels": {"component": "hub"}}}', "metadata.labels.component"),
        (overrides(container("notebook", image="x")), "spec.containers[0].image"),
        (overrides(container("two")), "spec.containers[0].name"),
        (
            overrides({"name": "notebook", "env": [{"name": "HOME", "value": "/"}]}),
            "spec.containers[0].env[0].value",
        ),
    ],
)
def test_everything_else_is_refused_by_its_place(text: str, place: str) -> None:
    assert place in refused(text, policy())


def test_a_pod_of_the_administrators_own_has_to_pass_the_level_unless_it_is_exempt() -> None:
    pod = deepcopy(MADE)
    pod["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    (found,) = judge_pod(pod, pod, policy(), NO_OFFERS, "python")
    assert found.field == "spec.containers[0].securityContext.privileged"
    assert "‘baseline’" in found.message
    assert judge_pod(pod, pod, policy(exempt=["python"]), NO_OFFERS, "python") == ()
    assert judge_pod(pod, pod, policy(exempt=["other"]), NO_OFFERS, "python")
    assert judge_pod(pod, pod, policy(level="privileged"), NO_OFFERS, "python") == ()


def test_an_exemption_is_not_for_what_somebodys_yaml_adds() -> None:
    made = deepcopy(MADE)
    made["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    sent = deepcopy(made)
    sent["spec"]["hostPID"] = True
    found = judge_pod(sent, made, policy(exempt=["python"]), NO_OFFERS, "python")
    assert [one.field for one in found] == ["spec.hostPID"]


def test_the_level_holds_also_where_a_place_is_allowed() -> None:
    rules = policy(allow=["spec.containers[*]"])
    found = refused(overrides(container("two", securityContext={"privileged": True})), rules)
    assert "spec.containers[0].securityContext.privileged" in found


VOLUMES = ["spec.volumes[*]", "spec.containers[*]", "spec.serviceAccountName"]


@pytest.mark.parametrize(
    "source",
    [
        {"secret": {"secretName": "theirs"}},
        {"configMap": {"name": "theirs"}},
        {"persistentVolumeClaim": {"claimName": "drive-theirs"}},
        {"projected": {"sources": [{"secret": {"name": "theirs"}}]}},
        {"csi": {"driver": "secrets", "nodePublishSecretRef": {"name": "theirs"}}},
        {"nfs": {"server": "theirs", "path": "/"}},
    ],
)
def test_allowed_volumes_open_nothing_that_is_not_offered_by_name(source: dict[str, Any]) -> None:
    found = refused(overrides(volumes=[{"name": "v", **source}]), policy(allow=VOLUMES))
    assert all("is offered to you." in sentence for sentence in found.values())


def test_what_is_offered_by_name_may_be_named() -> None:
    rules = policy(allow=VOLUMES, references={"ConfigMap": ["team-*"]})
    offered = offers(secrets={"s3": {"secret": "bucket"}}, service_accounts={"reader": {}})
    volumes = [
        {"name": "a", "configMap": {"name": "team-blue"}},
        {"name": "b", "secret": {"secretName": "bucket"}},
        {"name": "c", "persistentVolumeClaim": {"claimName": "drive-d1"}},
        {"name": "d", "emptyDir": {"sizeLimit": "1Gi"}},
    ]
    sent = apply(overrides(volumes=volumes, serviceAccountName="reader"), rules, offered)
    assert {one["name"] for one in sent["spec"]["volumes"]} == {"a", "b", "c", "d", "drive-0"}


def test_unknown_and_forbidden_names_read_alike() -> None:
    rules = policy(allow=["spec.volumes[*]"])
    texts = [
        overrides(volumes=[{"name": "v", "secret": {"secretName": name}}])
        for name in ("nobodys", "session-y-1")
    ]
    first, second = (next(iter(refused(text, rules).values())) for text in texts)
    assert first.replace("nobodys", "") == second.replace("session-y-1", "")


def test_images_fit_the_patterns_in_every_container() -> None:
    rules = policy(allow=["spec.containers[*]", "spec.initContainers[*]"])
    limits = {"limits": {"cpu": "1", "memory": "1Gi"}}
    good = container("two", image="quay.io/team/x:2", resources=limits)
    offered = offers(images=["quay.io/team/*"])
    assert len(apply(overrides(good), rules, offered)["spec"]["containers"]) == 2
    bad = {**good, "image": "docker.io/evil/x:1"}
    assert "spec.containers[0].image" in refused(overrides(bad), rules, offered)
    assert "spec.initContainers[0].image" in refused(
        overrides(initContainers=[bad]), rules, offered
    )


def test_all_containers_together_stay_within_the_bounds() -> None:
    rules = policy(allow=["spec.containers[*]"])
    sizes = {"limits": {"cpu": "3", "memory": "5Gi"}}
    assert apply(overrides(container("two", resources=sizes)), rules)
    sizes = {"limits": {"cpu": "3", "memory": "7Gi"}}
    found = refused(overrides(container("two", resources=sizes)), rules)
    assert found == {
        "spec.containers": "All containers together may have 8Gi of memory; ask for less."
    }


def test_a_container_that_somebody_adds_needs_limits_where_there_are_bounds() -> None:
    found = refused(overrides(container("two")), policy(allow=["spec.containers[*]"]))
    assert found["spec.containers[0].resources.limits"].startswith("Give this container a limit")


def test_no_rule_opens_the_labels_that_a_session_is_found_by() -> None:
    rules = policy(allow=['metadata.labels["*"]'])
    text = "metadata: {labels: {jupyterhub-sessions/session: other, team: blue}}"
    assert list(refused(text, rules)) == ['metadata.labels["jupyterhub-sessions/session"]']
    text = "metadata: {labels: {jupyterhub-sessions/session: null}}"
    assert list(refused(text, rules)) == ['metadata.labels["jupyterhub-sessions/session"]']
    assert apply("metadata: {labels: {team: blue}}", rules)["metadata"]["labels"]["team"] == "blue"


def test_what_the_administrator_forces_wins() -> None:
    rules = policy(
        allow=["spec.terminationGracePeriodSeconds"], force={"spec.enableServiceLinks": False}
    )
    sent = apply("spec: {terminationGracePeriodSeconds: 5}", rules)
    assert sent["spec"]["enableServiceLinks"] is False


def test_what_is_forced_is_no_wish_of_whoever_wrote_yaml() -> None:
    rules = policy(
        allow=["spec.terminationGracePeriodSeconds"],
        force={"spec.serviceAccountName": "watched", 'metadata.labels["team"]': "all"},
    )
    sent = apply("spec: {terminationGracePeriodSeconds: 5}", rules)
    assert sent["spec"]["serviceAccountName"] == "watched"
    assert sent["metadata"]["labels"]["team"] == "all"
