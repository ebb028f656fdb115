"""The pod to begin with: taken over as it is, it changes nothing, whichever session it becomes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from sessions_spawner.policy.editable_pod import editable_pod
from sessions_spawner.policy.overrides.apply import override_pod
from sessions_spawner.policy.overrides.defaults import default_rules

RULES = default_rules("notebook", "user.x", env_refused=("JUPYTERHUB_*", "HOME"))


def made(session: str) -> dict[str, Any]:
    """Return the pod of a session."""
    key = {"secretKeyRef": {"name": f"session-{session}", "key": "T"}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"session-{session}", "labels": {"s/id": session}},
        "spec": {
            "containers": [
                {
                    "name": "notebook",
                    "image": "lab:1",
                    "env": [
                        {"name": "HOME", "value": "/home"},
                        {"name": "JUPYTERHUB_SERVICE_PREFIX", "value": f"/user/anna/{session}/"},
                        {"name": "TOKEN", "valueFrom": key},
                        {"name": "MODE", "value": "fast"},
                    ],
                    "volumeMounts": [{"name": "drive-0", "mountPath": "/home"}],
                }
            ],
            "volumes": [
                {"name": "drive-0", "persistentVolumeClaim": {"claimName": f"claim-{session}"}},
                {"name": "own", "secret": {"secretName": f"session-{session}"}},
                {"name": "tmp", "emptyDir": {}},
            ],
        },
    }


def test_it_is_the_same_for_every_session_and_changes_none() -> None:
    before = made("a")
    begun = editable_pod(before, RULES)
    assert before == made("a")
    assert begun == editable_pod(made("b"), RULES)
    assert override_pod(made("b"), deepcopy(begun), RULES) == made("b")


def test_it_shows_what_may_be_looked_at_and_set() -> None:
    spec = editable_pod(made("a"), RULES)["spec"]
    assert [one["name"] for one in spec["containers"][0]["env"]] == ["MODE"]
    assert [one["name"] for one in spec["volumes"]] == ["tmp"]
    assert spec["containers"][0]["image"] == "lab:1"
