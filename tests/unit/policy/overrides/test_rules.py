"""What no rule allows is refused by its path; a rule that can do nothing is an error."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.policy.overrides.apply import apply_forced, override_pod
from sessions_spawner.policy.overrides.merge import OverridesRefused
from sessions_spawner.policy.overrides.patterns import RuleError
from sessions_spawner.policy.overrides.rules import Rules, make_rules

POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "jupyter-anna", "labels": {"app": "session"}},
    "spec": {
        "containers": [
            {"name": "sidecar", "image": "proxy:1"},
            {
                "name": "notebook",
                "image": "lab:1",
                "env": [{"name": "MODE", "value": "x"}],
                "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
            },
        ],
        "nodeSelector": {"pool": "users"},
        "tolerations": [{"key": "users", "operator": "Exists"}],
    },
}


def notebook(**fields: Any) -> dict[str, Any]:
    """Return a patch of the session's own container."""
    return {"spec": {"containers": [{"name": "notebook", **fields}]}}


def refused(patch: dict[str, Any], rules: Rules) -> dict[str, str]:
    """Return path → sentence of what a patch may not do."""
    try:
        override_pod(POD, patch, rules)
    except OverridesRefused as error:
        refusals = error.refusals
    else:
        return {}
    found = {one.field: one.message for one in refusals}
    assert len(found) == len(refusals)
    assert all(sentence.endswith(".") for sentence in found.values())
    return found


SET = "This may not be set here; leave it as it is."
REMOVED = "This may not be removed here; leave it as it is."


@pytest.mark.parametrize(
    ("patch", "paths"),
    [
        ({"spec": {"hostPID": True}}, ["spec.hostPID"]),
        ({"spec": {"hostPID": True, "hostIPC": True}}, ["spec.hostPID", "spec.hostIPC"]),
        (
            notebook(image="x", securityContext={"privileged": True}),
            ["spec.containers[0].image", "spec.containers[0].securityContext.privileged"],
        ),
        ({"spec": {"nodeSelector": {"pool": None}}}, ["spec.nodeSelector.pool"]),
        ({"spec": {"nodeSelector": None}}, ["spec.nodeSelector"]),
        ({"spec": {"containers": None}}, ["spec.containers"]),
        ({"spec": {"tolerations": []}}, ["spec.tolerations"]),
        ({"spec": {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}},
         ["spec.volumes[0].name", "spec.volumes[0].hostPath.path"]),
        ({"spec": {"containers": [{"name": "sidecar", "$patch": "delete"}]}},
         ["spec.containers[0]"]),
        ({"spec": {"containers": [{"$patch": "replace"}, {"name": "notebook"}]}},
         ["spec.containers", "spec.containers[1]"]),
        (notebook(env=[{"$patch": "replace"}]), ["spec.containers[0].env"]),
        ({"metadata": {"labels": {"app": "hub"}}}, ["metadata.labels.app"]),
        ({"metadata": {"labels": {"a/b": "c"}}}, ['metadata.labels["a/b"]']),
    ],
)  # fmt: skip
def test_without_rules_every_change_is_refused_by_its_path(
    patch: dict[str, Any], paths: list[str]
) -> None:
    found = refused(patch, Rules())
    assert set(found) <= set(paths)
    assert found
    assert set(found.values()) <= {SET, REMOVED}


def test_a_patch_that_changes_nothing_needs_no_rule() -> None:
    patch = {"kind": "Pod", **notebook(image="lab:1", tty=None, env=[{"name": "MODE"}])}
    assert override_pod(POD, patch, Rules()) == POD


def test_the_path_is_that_of_the_patch_and_not_of_the_made_pod() -> None:
    """In the made pod the session's container is the second one."""
    assert list(refused(notebook(tty=True), Rules())) == ["spec.containers[0].tty"]


def test_every_refusal_is_named_and_nothing_that_lies_in_another() -> None:
    patch = {
        "metadata": {"namespace": "kube-system"},
        "spec": {"hostNetwork": True, "tolerations": [{"operator": "Exists"}], "affinity": None},
    }
    assert list(refused(patch, Rules())) == [
        "metadata.namespace",
        "spec.tolerations",
        "spec.hostNetwork",
    ]


def test_what_a_rule_allows_may_be_set_changed_and_removed() -> None:
    rules = make_rules(allow=["spec.nodeSelector", "spec.tolerations", "spec.containers[*].env"])
    patch = notebook(env=[{"name": "MODE", "$patch": "delete"}, {"name": "NEW", "value": "y"}])
    patch["spec"] |= {"nodeSelector": {"pool": None, "disk": "ssd"}, "tolerations": None}
    made = override_pod(POD, patch, rules)
    assert made["spec"]["nodeSelector"] == {"disk": "ssd"}
    assert "tolerations" not in made["spec"]
    assert made["spec"]["containers"][1]["env"] == [{"name": "NEW", "value": "y"}]


def test_what_lies_beside_an_allowed_place_stays_closed() -> None:
    rules = make_rules(allow=['spec.containers["notebook"].resources.limits["cpu"]'])
    assert refused(notebook(resources={"limits": {"cpu": "9"}}), rules) == {}
    for patch in (
        notebook(resources={"limits": {"memory": "9Gi"}}),
        notebook(resources={"requests": {"cpu": "9"}}),
        notebook(resources=None),
        notebook(resources={"limits": None}),
        {"spec": {"containers": [{"name": "sidecar", "resources": {"limits": {"cpu": "9"}}}]}},
        {"spec": {"containers": [{"name": "new", "resources": {"limits": {"cpu": "9"}}}]}},
        {"spec": {"initContainers": [{"name": "notebook", "resources": {"limits": {"cpu": "9"}}}]}},
    ):
        assert refused(patch, rules)


def test_a_place_may_be_open_for_some_values_only() -> None:
    rules = make_rules(allow=[{"path": 'spec.nodeSelector["disk"]', "values": ["ssd", "hdd"]}])
    place = {"spec": {"nodeSelector": {"disk": "ssd"}}}
    assert refused(place, rules) == {}
    place["spec"]["nodeSelector"]["disk"] = "tape"
    assert refused(place, rules) == {"spec.nodeSelector.disk": "Choose one of: ssd, hdd."}
    pool = make_rules(allow=[{"path": 'spec.nodeSelector["pool"]', "values": ["users", "gpu"]}])
    assert refused({"spec": {"nodeSelector": {"pool": "gpu"}}}, pool) == {}
    assert refused({"spec": {"nodeSelector": {"pool": None}}}, pool) == {
        "spec.nodeSelector.pool": REMOVED
    }


def test_what_is_denied_is_closed_whatever_is_allowed() -> None:
    rules = make_rules(
        allow=["spec.containers[*].env", "spec.tolerations"],
        deny=['spec.containers[*].env["LD_*"]', "spec.tolerations[*].operator"],
    )
    closed = "This is closed to users; leave it out."
    assert refused(notebook(env=[{"name": "OK", "value": "x"}]), rules) == {}
    found = refused(notebook(env=[{"name": "LD_PRELOAD", "value": "x"}]), rules)
    assert found == {
        "spec.containers[0].env[0].name": closed,
        "spec.containers[0].env[0].value": closed,
    }
    assert refused({"spec": {"tolerations": [{"key": "users"}]}}, rules)
    assert refused({"spec": {"tolerations": None}}, rules)
    kept = [*POD["spec"]["tolerations"], {"key": "x"}]
    assert refused({"spec": {"tolerations": kept}}, rules) == {}


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"cpu": "4"}, None),
        ({"cpu": 4}, None),
        ({"cpu": 0.5}, None),
        ({"cpu": "4000m"}, None),
        ({"cpu": "4001m"}, "Use 4 or less."),
        ({"cpu": 5}, "Use 4 or less."),
        ({"cpu": "1k"}, "Use 4 or less."),
        ({"cpu": "1e9"}, "Use a Kubernetes quantity such as 500m, 2 or 4Gi."),
        ({"cpu": "-1"}, "Use a Kubernetes quantity such as 500m, 2 or 4Gi."),
        ({"cpu": None}, "Keep this: it has a bound of 4."),
    ],
)
def test_a_quantity_stays_within_its_bound(limits: dict[str, Any], sentence: str | None) -> None:
    place = 'spec.containers[*].resources.limits["cpu"]'
    rules = make_rules(allow=["spec.containers[*].resources"], cap={place: "4"})
    found = refused(notebook(resources={"limits": limits}), rules)
    assert found == ({"spec.containers[0].resources.limits.cpu": sentence} if sentence else {})


def test_what_is_bounded_goes_with_nothing_that_holds_it() -> None:
    place = 'spec.containers[*].resources.limits["cpu"]'
    rules = make_rules(allow=["spec.containers"], cap={place: "4"})
    assert refused(notebook(resources=None), rules)
    assert refused(notebook(resources={"limits": None}), rules)


def test_a_whole_number_has_a_bound_too() -> None:
    rules = make_rules(
        allow=["spec.terminationGracePeriodSeconds"],
        cap={"spec.terminationGracePeriodSeconds": 60},
    )
    assert refused({"spec": {"terminationGracePeriodSeconds": 60}}, rules) == {}
    assert refused({"spec": {"terminationGracePeriodSeconds": 61}}, rules) == {
        "spec.terminationGracePeriodSeconds": "Use 60 or less."
    }


FORCED = make_rules(
    allow=["spec.securityContext", "spec.containers"],
    force={
        "spec.securityContext.runAsNonRoot": True,
        "spec.containers[*].securityContext.privileged": False,
        'spec.containers["notebook"].imagePullPolicy': "Always",
        "spec.hostPID": None,
        'metadata.labels["team"]': "research",
        "spec.volumes[*].hostPath": None,
    },
)


def test_what_is_forced_is_so_in_every_pod() -> None:
    pod = {"spec": {**POD["spec"], "hostPID": True, "volumes": [{"name": "v", "hostPath": {}}]}}
    forced = apply_forced(pod, FORCED)
    assert forced["spec"]["securityContext"] == {"runAsNonRoot": True}
    assert "hostPID" not in forced["spec"]
    assert forced["metadata"] == {"labels": {"team": "research"}}
    sidecar, own = forced["spec"]["containers"]
    assert sidecar["securityContext"] == own["securityContext"] == {"privileged": False}
    assert own["imagePullPolicy"] == "Always"
    assert "imagePullPolicy" not in sidecar
    assert forced["spec"]["volumes"] == [{"name": "v"}]
    assert pod["spec"]["hostPID"] is True
    assert apply_forced({}, FORCED)["spec"] == {"securityContext": {"runAsNonRoot": True}}


def test_a_user_may_say_what_is_forced_and_nothing_else_there() -> None:
    same = {"spec": {"securityContext": {"runAsNonRoot": True}}}
    made = override_pod(POD, same, FORCED)
    assert made["spec"]["securityContext"] == {"runAsNonRoot": True}
    other = {"spec": {"securityContext": {"runAsNonRoot": False}}}
    sentence = "The administrator sets this; leave it out."
    assert refused(other, FORCED) == {"spec.securityContext.runAsNonRoot": sentence}
    mine = {"metadata": {"labels": {"team": "mine"}}}
    assert refused(mine, FORCED) == {"metadata.labels.team": sentence}


def test_an_added_container_gets_what_is_forced() -> None:
    made = override_pod(POD, {"spec": {"containers": [{"name": "new", "image": "x"}]}}, FORCED)
    assert [one["securityContext"]["privileged"] for one in made["spec"]["containers"]] == [
        False
    ] * 3


@pytest.mark.parametrize(
    "patch",
    [
        {"metadata": {"name": "other"}},
        {"metadata": {"namespace": "kube-system"}},
        {"metadata": {"ownerReferences": [{"uid": "u", "kind": "Node", "name": "n"}]}},
        {"metadata": {"finalizers": ["a/b"]}},
        {"kind": "Job"},
        {"apiVersion": "v2"},
    ],
)
def test_what_makes_the_pod_the_sessions_own_is_closed_for_good(patch: dict[str, Any]) -> None:
    found = refused(patch, make_rules(allow=["metadata", "spec"]))
    assert set(found.values()) == {"This is closed to users; leave it out."}


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"allow": ["spec.container"]}, "Rule ‘spec.container’ can never match"),
        ({"deny": ["spec.hostPath"]}, "Rule ‘spec.hostPath’ can never match"),
        ({"force": {"spec.x": 1}}, "Rule ‘spec.x’ can never match"),
        ({"cap": {"spec.x": 1}}, "Rule ‘spec.x’ can never match"),
        ({"allow": ["metadata.name"]}, "this belongs to the session itself."),
        ({"allow": ["metadata.ownerReferences[*].uid"]}, "this belongs to the session itself."),
        ({"force": {"metadata.name": "x"}}, "this belongs to the session itself."),
        (
            {"allow": ["spec.tolerations[*].key"]},
            "‘spec.tolerations’ is replaced as a whole, so allow that.",
        ),
        (
            {"allow": ["spec.containers[*].image"], "deny": ["spec.containers"]},
            "can never match: ‘spec.containers’ denies it.",
        ),
        (
            {"allow": ['spec.containers["a"].image'], "deny": ["spec.containers[*].image"]},
            "can never match: ‘spec.containers[*].image’ denies it.",
        ),
        ({"allow": [{"values": ["a"]}]}, "with the keys `path` and `values`."),
        ({"allow": [{"path": "spec", "value": "a"}]}, "with the keys `path` and `values`."),
        ({"allow": [{"path": "spec.affinity", "values": [{}]}]}, "for one plain field."),
        ({"allow": [{"path": "spec.hostname", "values": []}]}, "for one plain field."),
        ({"allow": [{"path": "spec.hostname", "values": "ab"}]}, "for one plain field."),
        ({"allow": [{"path": "spec.hostPID", "values": ["yes"]}]}, "has a wrong value: Write true"),
        ({"force": {"spec.hostPID": "no"}}, "has a wrong value: Write true or false here."),
        ({"force": {"spec.securityContext": {"x": 1}}}, "has a wrong value: Leave it out"),
        ({"force": {"spec.tolerations[*].key": "x"}}, "force a field, not an entry of a list."),
        ({"force": {"spec.containers[*]": {}}}, "force a field, not an entry of a list."),
        ({"force": {"metadata.labels[*]": "x"}}, "name the key to force, without * or ?."),
        ({"force": {'metadata.labels["a*"]': "x"}}, "name the key to force, without * or ?."),
        ({"cap": {"spec.hostname": 1}}, "only quantities and numbers have a bound."),
        ({"cap": {"spec.containers[*].resources": 1}}, "only quantities and numbers have a bound."),
        ({"cap": {"spec.priority": "much"}}, "has a wrong bound: Use a Kubernetes quantity"),
    ],
)
def test_a_rule_that_can_do_nothing_is_an_error(rules: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RuleError) as caught:
        make_rules(**rules)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")
