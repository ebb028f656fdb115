"""What has not the shape of a pod or of its patch is refused, each place with its sentence."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.policy.overrides.shape import MOST_REFUSALS, check_patch, check_pod


def faults(patch: dict[str, Any]) -> dict[str, str]:
    """Return path → sentence of what is wrong with a patch."""
    return {one.field: one.message for one in check_patch(patch)}


def container(**fields: Any) -> dict[str, Any]:
    """Return a patch of one container."""
    return {"spec": {"containers": [{"name": "notebook", **fields}]}}


@pytest.mark.parametrize(
    "patch",
    [
        {},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"any/key": "x"}}, "spec": None},
        container(image=None, env=[{"name": "A", "value": ""}], stdin=True, args=[]),
        container(resources={"limits": {"cpu": 1, "memory": "4Gi", "nvidia.com/gpu": 1.5}}),
        container(livenessProbe={"httpGet": {"port": "http"}, "periodSeconds": 5}),
        container(livenessProbe={"httpGet": {"port": 80}}),
        container(resources={"limits": dict.fromkeys("abc", "-.5Ei"), "requests": {"a": "1e-3"}}),
        {"metadata": {"creationTimestamp": "2026-11-21T10:00:00.5+01:00", "generation": 2**62}},
        {"metadata": {"labels": {"a": None}}, "spec": {"nodeSelector": {"b": None}}},
        container(env=[{"$patch": "delete", "name": "A"}, {"name": "B"}]),
        container(env=[{"$patch": "replace"}, {"name": "A"}, {"name": "B"}]),
        {"metadata": {"managedFields": [{"fieldsV1": {"any": 1}}]}},
    ],
)
def test_a_patch_with_the_shape_of_one_is_taken(patch: dict[str, Any]) -> None:
    assert faults(patch) == {}


@pytest.mark.parametrize(
    ("patch", "path", "sentence"),
    [
        ({"status": {}}, "status", "Leave it out: pods have none here."),
        ({"spec": {"container": []}}, "spec.container", "Write ‘containers’, if you mean it."),
        ({"spec": {"x" * 5000: 1}}, None, "Leave it out: pods have none here."),
        ({"spec": []}, "spec", "Write a mapping here."),
        ({"spec": {"containers": {}}}, "spec.containers", "Write a list here."),
        ({"spec": {"containers": ["a"]}}, "spec.containers[0]", "Write a mapping here."),
        ({"spec": {"tolerations": [None]}}, "spec.tolerations[0]", "Write a mapping here."),
        ({"metadata": {"labels": {"a/b": 1}}}, 'metadata.labels["a/b"]', "Write text here"),
        (container(image=1), "spec.containers[0].image", "Write text here, with quotes"),
        (container(args=["a", 1]), "spec.containers[0].args[1]", "Write text here"),
        (
            container(env=[{"name": "A", "value": True}]),
            "spec.containers[0].env[0].value",
            "Write text here, with quotes around it.",
        ),
        ({"spec": {"hostPID": "true"}}, "spec.hostPID", "Write true or false here."),
        ({"spec": {"hostPID": 1}}, "spec.hostPID", "Write true or false here."),
        (
            {"spec": {"priority": "1"}},
            "spec.priority",
            "Write a whole number here, of at most 2147483647.",
        ),
        (
            {"spec": {"priority": 1.5}},
            "spec.priority",
            "Write a whole number here, of at most 2147483647.",
        ),
        (
            {"spec": {"priority": True}},
            "spec.priority",
            "Write a whole number here, of at most 2147483647.",
        ),
        ({"spec": {"priority": 2**31}}, "spec.priority", "Write a whole number here, of at most"),
        (
            {"spec": {"activeDeadlineSeconds": 2**63}},
            "spec.activeDeadlineSeconds",
            "Write a whole number here.",
        ),
        (
            container(livenessProbe={"tcpSocket": {"port": 2**31}}),
            "spec.containers[0].livenessProbe.tcpSocket.port",
            "Write a whole number or a name here.",
        ),
        *(
            (
                container(resources={"limits": {"cpu": text}}),
                "spec.containers[0].resources.limits.cpu",
                "Write a quantity here, such as 500m or 4Gi.",
            )
            for text in (
                "",
                "one",
                "1 Gi",
                "1gi",
                "1K",
                "1.5.1",
                "1e",
                "0x10",
                "1_000",
                "\u0661",
                "1\n",
            )
        ),
        *(
            (
                {"metadata": {"creationTimestamp": text}},
                "metadata.creationTimestamp",
                'Write a time here, such as "2026-11-21T10:00:00Z".',
            )
            for text in ("", "now", "2026-11-21", "2026-02-30T10:00:00Z", 1)
        ),
        (
            container(resources={"limits": {"cpu": True}}),
            "spec.containers[0].resources.limits.cpu",
            "Write a quantity here",
        ),
        (
            container(livenessProbe={"httpGet": {"port": True}}),
            "spec.containers[0].livenessProbe.httpGet.port",
            "Write a whole number or a name here.",
        ),
        ({"spec": {"containers": [{"image": "a"}]}}, "spec.containers[0]", "Give this entry its"),
        (
            {"spec": {"containers": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}},
            "spec.containers[2]",
            "Write one entry only with the `name` of this one.",
        ),
        (
            container(ports=[{"containerPort": 53, "protocol": one} for one in ("TCP", "UDP")]),
            "spec.containers[0].ports[1]",
            "Write one entry only with the `containerPort` of this one.",
        ),
        ({"$patch": "delete"}, '["$patch"]', "`$patch` belongs into an entry of a list"),
        ({"spec": {"$patch": "replace"}}, 'spec["$patch"]', "`$patch` belongs into an entry"),
        (
            {"spec": {"nodeSelector": {"$patch": "replace"}}},
            'spec.nodeSelector["$patch"]',
            "`$patch` belongs into an entry of a list",
        ),
        ({"spec": {"$retainKeys": ["a"]}}, 'spec["$retainKeys"]', "`$retainKeys` is not taken"),
        (
            {"spec": {"$setElementOrder/containers": []}},
            'spec["$setElementOrder/containers"]',
            "`$setElementOrder` is not taken",
        ),
        (
            {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}},
            'metadata["$deleteFromPrimitiveList/finalizers"]',
            "`$deleteFromPrimitiveList` is not taken",
        ),
        (
            container(env=[{"name": "A", "$patch": "merge"}]),
            'spec.containers[0].env[0]["$patch"]',
            "Write `$patch: delete` or `$patch: replace`, or leave it out.",
        ),
        (
            container(env=[{"name": "A", "value": "x", "$patch": "delete"}]),
            "spec.containers[0].env[0]",
            "Give an entry to delete its `name` and nothing else.",
        ),
        (
            container(env=[{"name": "A", "$patch": "replace"}]),
            "spec.containers[0].env[0]",
            "Write `$patch: replace` as an entry of its own",
        ),
        (
            {"spec": {"tolerations": [{"$patch": "replace"}]}},
            'spec.tolerations[0]["$patch"]',
            "This list is replaced as a whole",
        ),
    ],
)
def test_a_fault_is_named_by_its_path(patch: dict[str, Any], path: str, sentence: str) -> None:
    found = faults(patch)
    assert len(found) == 1
    assert path in (None, *found)
    (message,) = found.values()
    assert message.startswith(sentence)
    assert message.endswith(".")


def test_every_fault_is_named_and_not_the_first_one_alone() -> None:
    patch = {"spec": {"hostPID": 1, "priority": "1", "containers": [{"name": "a", "tty": "x"}]}}
    assert list(faults(patch)) == ["spec.hostPID", "spec.priority", "spec.containers[0].tty"]


def test_a_patch_of_nothing_but_faults_gets_a_list_that_ends() -> None:
    assert len(faults({f"k{n}": 1 for n in range(1_000)})) == MOST_REFUSALS


def test_a_whole_pod_takes_no_directive() -> None:
    pod = container(env=[{"name": "A", "$patch": "delete"}])
    assert check_patch(pod) == ()
    assert [one.message for one in check_pod(pod)] == [
        "A whole pod takes no `$patch`; leave it out."
    ]


def test_null_under_a_key_removes_it_by_a_patch_but_is_empty_text_in_a_whole_pod() -> None:
    """The API server reads null there as an empty text, or as the quantity 0."""
    pod = {
        "metadata": {"labels": {"app": None}, "name": None},
        "spec": {"nodeSelector": {"pool": None}, "hostname": None},
    }
    assert check_patch(pod) == ()
    assert [(one.field, one.message) for one in check_pod(pod)] == [
        ("metadata.labels.app", "Write its value, or leave it out."),
        ("spec.nodeSelector.pool", "Write its value, or leave it out."),
    ]
