"""A pod as it is shown: its difference from the default, and whose values are in it."""

from __future__ import annotations

from typing import Any

from sessions_spawner.kubernetes.bodies import Bodies
from sessions_spawner.kubernetes.rehearsal import describe, show
from sessions_spawner.policy.overrides.defaults import default_rules


def pod(*env: dict[str, Any]) -> dict[str, Any]:
    containers = [{"name": "notebook", "env": list(env)}]
    return {"kind": "Pod", "spec": {"containers": containers, "initContainers": containers}}


KEY = {"name": "FROM", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
BODIES = Bodies(pod({"name": "MINE", "value": "canary"}, KEY), pod(KEY), {})


def test_a_value_is_shown_to_whoever_may_see_it() -> None:
    shown = describe(BODIES, shows_values=True)
    assert "canary" in shown["yaml"]
    assert "canary" in shown["diff"]
    assert "canary" not in shown["default_yaml"]


def test_to_others_the_variable_is_shown_without_its_value() -> None:
    shown = describe(BODIES, shows_values=False)
    assert "canary" not in "".join(shown.values())
    assert "MINE" in shown["diff"]
    assert "secretKeyRef" in shown["yaml"]
    assert BODIES.pod["spec"]["containers"][0]["env"][0]["value"] == "canary"


def test_only_what_is_compared_says_more_than_the_texts() -> None:
    rules = default_rules("notebook", "user.x")
    shown = show(BODIES, rules, shows_values=True, compares=True)
    assert shown["changes"] == 1
    assert "kind: Pod" in shown["editable_yaml"]
    plain = show(BODIES, rules, shows_values=False, compares=False)
    assert plain == describe(BODIES, shows_values=False)
