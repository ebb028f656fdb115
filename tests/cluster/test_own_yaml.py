"""User YAML on the whole way: what is allowed is in the pod, the rest is refused by its place."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.cluster.sessions import pod_of, start
from tests.support.kubectl import Kubectl
from tests.support.product import Product

pytestmark = pytest.mark.timeout(300)

REQUEST = {"environment": "python", "idle_timeout": 900, "drive": "default"}
BESIDE = """
metadata:
  annotations: {user.jupyterhub-sessions/why: trying}
spec:
  containers:
  - name: notebook
    env: [{name: MY_MODE, value: "{braces} $(HOME)"}]
  - name: beside
    image: localhost/sessions/session:1
    command: [sh, -c, "trap exit TERM; sleep infinity & wait"]  # ends when it is told to
    resources: {limits: {cpu: 100m, memory: 64Mi}}
    securityContext:
      allowPrivilegeEscalation: false
      runAsNonRoot: true
      capabilities: {drop: [ALL]}
      seccompProfile: {type: RuntimeDefault}
"""


def refusal(product: Product, text: str, field: str = "pod_overrides", user: str = "anna") -> str:
    """Return why YAML is refused, before anything is made."""
    body = {**REQUEST, field: text}
    answer = product.api("POST", "sessions", body, user=user, expect=422).json()
    sentence: str = answer["error"]["fields"][field]
    return sentence


def test_what_is_allowed_is_in_the_pod_and_shown_before(product: Product, pods: Kubectl) -> None:
    shown = product.api("POST", "preview", {**REQUEST, "pod_overrides": BESIDE, "dry_run": True})
    preview = shown.json()
    assert [one for one in preview["checks"] if one["level"] == "error"] == []
    assert "+  - name: beside" in preview["pod"]["diff"]
    assert "beside" not in preview["pod"]["default_yaml"]

    session = start(product, pod_overrides=BESIDE)
    pod = pods.get(f"pod/{pod_of(pods, session)}")
    assert pod["metadata"]["annotations"]["user.jupyterhub-sessions/why"] == "trying"
    assert {one["name"] for one in pod["spec"]["containers"]} == {"notebook", "beside"}
    notebook = next(one for one in pod["spec"]["containers"] if one["name"] == "notebook")
    mode = next(one for one in notebook["env"] if one["name"] == "MY_MODE")
    assert mode["value"] == "{braces} $(HOME)"

    told = product.api("GET", f"sessions/{session['id']}/pod-spec?which=diff", expect=200)
    assert "+  - name: beside" in told.text
    made = product.api("GET", f"sessions/{session['id']}/pod-spec", expect=200)
    assert yaml.safe_load(made.text)["kind"] == "Pod"
    assert "{braces}" in made.text
    others = product.api("GET", f"sessions/{session['id']}/pod-spec", user="admin", expect=200)
    assert "MY_MODE" in others.text
    assert "{braces}" not in others.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("spec: {hostNetwork: true}", "line 1, spec.hostNetwork: This may not be set here"),
        ("spec: {nodeName: node1}", "spec.nodeName: This may not be set here"),
        ("metadata: {labels: {component: hub}}", "metadata.labels.component"),
        ("metadata: {finalizers: [x/y]}", "metadata.finalizers: This is closed"),
        ("spec:\n  containers:\n  - name: notebook\n    image: evil/x\n", "line 4, spec.contain"),
        ("a: &a [*a]", "Anchors"),
        ("{", "This is not YAML"),
        (
            "spec: {volumes: [{name: v, secret: {secretName: sh.helm.release.v1.hub.v1}}]}",
            "No Secret called ‘sh.helm.release.v1.hub.v1’ is offered to you.",
        ),
        (
            BESIDE.replace("allowPrivilegeEscalation: false", "privileged: true"),
            "spec.containers[1].securityContext.privileged: not allowed by ‘baseline’",
        ),
        (BESIDE.replace("64Mi", "3Gi"), "All containers together may have 2Gi of memory"),
    ],
)
def test_what_is_not_allowed_is_refused_by_its_place_and_nothing_is_made(
    product: Product, pods: Kubectl, text: str, said: str
) -> None:
    assert said in refusal(product, text)
    assert not pods.get("pods,secrets")["items"]


def test_yaml_needs_the_scope_at_every_door(product: Product, pods: Kubectl) -> None:
    text = "metadata: {annotations: {user.jupyterhub-sessions/why: x}}"
    assert "custom:sessions:pod-spec" in refusal(product, text, user="bert")
    assert "custom:sessions:pod-spec" in refusal(product, text, "pod_spec", user="bert")
    options: dict[str, Any] = {"environment": "python", "pod_overrides": text}
    for token in (product.token("bert"), product.token("anna", "servers!user=anna")):
        name = "bert" if token == product.token("bert") else "anna"
        answer = product.hub("POST", f"users/{name}/servers/w", options, token=token, expect=(400,))
        assert "custom:sessions:pod-spec" in answer.text
    assert not pods.get("pods")["items"]


def test_options_through_the_hub_are_held_to_the_same_rules(
    product: Product, pods: Kubectl
) -> None:
    options = {"environment": "python", "pod_overrides": "spec: {hostPID: true}"}
    token = product.token("anna")
    answer = product.hub("POST", "users/anna/servers/w", options, token=token, expect=(400,))
    assert "spec.hostPID" in answer.text
    assert not pods.get("pods")["items"]
    listed = product.api("GET", "sessions?tab=history").json()["items"]
    assert not [one for one in listed if one["server"] == "w"]


def test_a_whole_pod_is_completed_by_ours(product: Product, pods: Kubectl) -> None:
    text = "apiVersion: v1\nkind: Pod\n" + BESIDE
    session = start(product, pod_spec=text)
    pod = pods.get(f"pod/{pod_of(pods, session)}")
    assert {one["name"] for one in pod["spec"]["containers"]} == {"notebook", "beside"}


def test_what_only_the_cluster_knows_is_told_by_a_dry_run(product: Product, pods: Kubectl) -> None:
    text = BESIDE.replace("name: beside", "name: Not_A_Name")
    body = {**REQUEST, "pod_overrides": text, "dry_run": True}
    (check,) = product.api("POST", "preview", body, expect=200).json()["checks"]
    assert check["field"] == "pod_overrides"
    assert check["path"] == "spec.containers[1].name"
    assert "Not_A_Name" in check["message"]
    assert not pods.get("pods")["items"]


def test_the_cluster_is_asked_for_nobody_whose_token_may_write_no_yaml(product: Product) -> None:
    body = {**REQUEST, "environment": "misnamed", "dry_run": True}
    (check,) = product.api("POST", "preview", body, expect=200).json()["checks"]
    assert "Not_A_Name" in check["message"]
    scopes = ("access:services!service=sessions", "servers!user=anna", "read:users:name!user=anna")
    narrow = product.token("anna", *scopes)
    shown = product.api("POST", "preview", body, token=narrow, expect=200).json()
    assert shown["checks"] == []
    assert "Not_A_Name" in shown["pod"]["yaml"]


def test_what_the_hub_refuses_is_a_check_of_the_preview_too(
    product: Product, pods: Kubectl
) -> None:
    text = "metadata: {annotations: {user.jupyterhub-sessions/why: x}}"
    body = {**REQUEST, "environment": "forbidden", "pod_overrides": text}
    checks = product.api("POST", "preview", body, expect=200).json()["checks"]
    assert [one["field"] for one in checks] == ["pod_overrides"] * len(checks)
    assert "‘baseline’" in checks[0]["message"]
    assert not pods.get("pods")["items"]
