"""Edits of somebody's YAML that a check offers: what they take out, and what they leave alone."""

from __future__ import annotations

import pytest

from sessions_spawner.policy.yaml_edits import leave_out, put_instead

TEXT = """\
# mine
spec:
  containers:
  - name: notebook  # the session's
    securityContext:
      runAsUser: 0
      # stays
      runAsGroup: 100
    env:
    - name: A
      value: "1"
    - {name: B, value: "2"}
  - image: x
    name: beside
    command:
    - sh
    - -c
    - |
      one
      two
  hostNetwork: true
"""


@pytest.mark.parametrize(
    ("place", "gone"),
    [
        ("spec.hostNetwork", "  hostNetwork: true\n"),
        ("spec.containers[0].securityContext.runAsUser", "      runAsUser: 0\n"),
        ("spec.containers[0].env[1]", '    - {name: B, value: "2"}\n'),
        ("spec.containers[0].env[0]", '    - name: A\n      value: "1"\n'),
        (
            "spec.containers[1].command",
            "    command:\n    - sh\n    - -c\n    - |\n      one\n      two\n",
        ),
    ],
)
def test_what_is_left_out_takes_its_lines_and_no_others(place: str, gone: str) -> None:
    assert gone in TEXT
    assert leave_out(TEXT, place) == TEXT.replace(gone, "")


def test_the_first_field_of_an_entry_leaves_its_dash() -> None:
    shorter = leave_out(TEXT, "spec.containers[1].image")
    assert shorter == TEXT.replace("  - image: x\n    name: beside", "  - name: beside")


def test_what_would_be_empty_goes_too() -> None:
    text = "metadata:\n  labels: {a: b}\nspec:\n  securityContext:\n    runAsUser: 0\n"
    assert leave_out(text, "spec.securityContext.runAsUser") == "metadata:\n  labels: {a: b}\n"
    assert leave_out("spec: {hostPID: true}", "spec.hostPID") == ""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("spec: {hostPID: true, hostIPC: true}", "spec.hostPID"),
        (TEXT, "spec.nodeName"),
        ("a: [", "a"),
        (TEXT, ""),
    ],
)
def test_where_an_edit_is_not_plain_none_is_offered(text: str, place: str) -> None:
    assert leave_out(text, place) is None


def test_another_value_is_put_in_its_place() -> None:
    place = "spec.containers[0].securityContext.runAsUser"
    assert put_instead(TEXT, place, 1000) == TEXT.replace("runAsUser: 0", "runAsUser: 1000")
    assert put_instead("a: {b: c}\n", "a.b", True) == "a: {b: true}\n"
    assert put_instead("a: {b: c}\n", "a.b", "on") == 'a: {b: "on"}\n'
    assert put_instead("a:\n  b: x # y\n", "a.b", "2Gi") == "a:\n  b: 2Gi # y\n"
    assert put_instead(TEXT, "spec.containers[1].command[2]", "x") is None
    assert put_instead(TEXT, "spec.containers[1].command", "x") is None
