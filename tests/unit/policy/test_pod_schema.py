"""The JSON Schema of what YAML may set: it opens what the rules open, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from traitlets.config import Config

from sessions_spawner.cluster_settings import PodRules
from sessions_spawner.kubernetes.field_words import describe_field
from sessions_spawner.policy.overrides.rules import make_rules
from sessions_spawner.policy.pod_schema import closed_schema, pod_schema


def schema(**settings: Any) -> dict[str, Any]:
    """Return the schema of an administrator's settings."""
    rules = PodRules(config=Config({"PodRules": settings}))
    policy = rules.read({"cpu": "4", "memory": "8Gi"}, ("JUPYTERHUB_*", "HOME"))
    return pod_schema(policy.rules, describe_field)


def notebook(**fields: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "notebook", **fields}]}}


def takes(found: dict[str, Any], value: dict[str, Any]) -> bool:
    """Tell whether a schema takes a value."""
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found).is_valid(value)


@pytest.mark.parametrize(
    ("value", "is_taken"),
    [
        ({}, True),
        (notebook(env=[{"name": "MODE", "value": "x"}]), True),
        (notebook(env=[{"name": "HOME", "value": "x"}]), False),
        (notebook(env=[{"name": "JUPYTERHUB_X", "value": "x"}]), False),
        (notebook(env=[{"name": "A", "valueFrom": {}}]), False),
        (notebook(resources={"limits": {"cpu": 2, "memory": "4Gi"}}), True),
        (notebook(resources={"limits": {"nvidia.com/gpu": 1}}), False),
        (notebook(image="evil/x"), False),
        ({"spec": {"containers": [{"name": "beside"}]}}, False),
        ({"metadata": {"labels": {"user.jupyterhub-sessions/team": "ml"}}}, True),
        ({"metadata": {"labels": {"team": "ml"}}}, False),
        ({"metadata": {"name": "mine"}}, False),
        ({"spec": {"hostNetwork": True}}, False),
    ],
)
def test_by_default_little_is_open(value: dict[str, Any], is_taken: bool) -> None:
    assert takes(schema(), value) is is_taken


def test_what_an_administrator_opens_is_open_but_for_what_he_closes() -> None:
    found = schema(
        allow=["spec.containers[*]", {"path": "spec.priorityClassName", "values": ["low"]}],
        deny=["spec.containers[*].lifecycle"],
        force={"spec.containers[*].stdin": False},
        cap={"spec.containers[*].securityContext.runAsUser": 2000},
    )
    beside = {"name": "beside", "image": "x", "securityContext": {"runAsUser": 1000}}
    assert takes(found, {"spec": {"containers": [beside]}})
    assert not takes(found, {"spec": {"containers": [{**beside, "lifecycle": {}}]}})
    assert not takes(found, {"spec": {"containers": [{**beside, "stdin": True}]}})
    above = {**beside, "securityContext": {"runAsUser": 2001}}
    assert not takes(found, {"spec": {"containers": [above]}})
    assert takes(found, {"spec": {"priorityClassName": "low"}})
    assert not takes(found, {"spec": {"priorityClassName": "high"}})


def test_a_rule_about_one_container_is_not_one_about_the_others() -> None:
    rules = make_rules(
        allow=["spec.containers[*].image", 'spec.containers["notebook"].command'],
        deny=['spec.containers["side-*"]'],
    )
    found = pod_schema(rules)
    assert takes(found, notebook(command=["x"], image="a"))
    assert not takes(found, {"spec": {"containers": [{"name": "b", "command": ["x"]}]}})
    assert takes(found, {"spec": {"containers": [{"name": "b", "image": "x"}]}})
    assert not takes(found, {"spec": {"containers": [{"name": "side-car", "image": "x"}]}})


def test_fields_are_described_and_bounds_are_said() -> None:
    found = schema()
    items = found["properties"]["spec"]["properties"]["containers"]["items"]
    assert items["properties"]["env"]["description"].startswith("List of environment variables")
    limits = items["properties"]["resources"]["properties"]["limits"]["properties"]
    assert limits["memory"]["description"].endswith("8Gi or less.")


def test_a_whole_pod_is_among_the_definitions() -> None:
    found = schema()
    whole = {**found["$defs"]["Pod"], "$defs": found["$defs"]}
    assert takes(whole, {"kind": "Pod", "spec": {"hostNetwork": True, "containers": []}})
    assert not takes(whole, {"spec": {"hostNetwrok": True}})
    said = found["$defs"]["PodSpec"]["properties"]["hostNetwork"]["description"]
    assert said.startswith("Host networking requested")


def test_a_closed_schema_takes_nothing_and_says_why() -> None:
    found = closed_schema("There is no pod.")
    assert found["description"] == "There is no pod."
    assert not takes(found, {"spec": {}})
