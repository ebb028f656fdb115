"""YAML of one's own: who may write it, and what is refused before any pod is made."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.policy import Facts, check
from sessions_spawner.policy.overrides.merge import OverridesRefused
from sessions_spawner.policy.own_yaml import BadYaml, read_own_yaml, refused
from sessions_spawner.policy.refusal import Refusal
from sessions_spawner.request import parse_request
from sessions_spawner.request.environments import Environment

MAY = frozenset({"pod-spec"})


def found(rights: frozenset[str] = MAY, **request: Any) -> dict[str, str]:
    """Return field → sentence of what the rules refuse."""
    facts = Facts({"python": Environment("python", "Python")}, rights=rights)
    refusals = check(parse_request({"environment": "python", **request}), facts)
    return {one.field: one.message for one in refusals}


@pytest.mark.parametrize("field", ["pod_overrides", "pod_spec"])
def test_yaml_needs_its_scope_and_is_not_read_without(field: str) -> None:
    sentence = found(frozenset({"custom-image"}), **{field: "]: not even YAML"})
    assert list(sentence) == [field]
    assert "custom:sessions:pod-spec" in sentence[field]


def test_without_yaml_no_right_is_asked_for() -> None:
    assert found(frozenset()) == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &x 1\nb: *x\n", "line 1, a: Anchors (&name) are not taken: leave it out."),
        ("spec:\n  containerz: []\n", "line 2, spec.containerz: Write ‘containers’, if you mean"),
        ("spec:\n  nodeName: 5\n", "line 2, spec.nodeName: Write text here"),
    ],
)
def test_what_is_no_pod_is_refused_with_line_and_place(text: str, sentence: str) -> None:
    assert sentence in found(pod_overrides=text)["pod_overrides"]


def test_a_whole_pod_takes_no_directives_of_a_patch() -> None:
    text = "spec:\n  containers:\n  - name: x\n    $patch: delete\n"
    assert found(pod_overrides=text) == {}
    assert "line 4" in found(pod_spec=text)["pod_spec"]


def test_a_refusal_of_the_merged_pod_names_the_line_that_writes_it() -> None:
    text = "spec:\n  containers:\n  - name: a\n    securityContext:\n      privileged: true\n"
    own = read_own_yaml(parse_request({"environment": "x", "pod_overrides": text}))
    assert own is not None
    places = (
        "spec.containers[0].securityContext.privileged",
        "spec.containers[0].resources.limits",
    )
    error = refused(own, OverridesRefused([Refusal(one, "No.") for one in places]))
    assert [(one.path, one.line) for one in error.faults] == [(places[0], 5), (places[1], 3)]
    assert str(error).startswith("line 5, spec.containers[0].securityContext.privileged: No.; ")


def test_yaml_that_cannot_be_read_says_where() -> None:
    request = parse_request({"environment": "x", "pod_spec": "spec:\n  a: !!python/name:os.x 1\n"})
    with pytest.raises(BadYaml) as caught:
        read_own_yaml(request)
    assert caught.value.field == "pod_spec"
    assert [one.line for one in caught.value.faults] == [2]
