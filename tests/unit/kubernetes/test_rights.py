"""The rights that the doctor asks about are those that `deploy/` gives, each with its use."""

from __future__ import annotations

from pathlib import Path

import yaml

from sessions_spawner.kubernetes.rights import READ_CLASSES, RIGHTS, Right
from tests.support.deployed import rights_of

ROLE = Path(__file__).parents[3] / "deploy" / "base" / "sessions" / "role.yaml"


def test_every_right_of_the_hubs_role_is_asked_about_and_no_other() -> None:
    role = next(one for one in yaml.safe_load_all(ROLE.read_text()) if one["kind"] == "Role")
    assert {(one.resource, one.verb) for one in RIGHTS} == rights_of(role)
    assert all(one.breaks for one in RIGHTS)


def test_a_right_is_asked_for_as_the_api_server_takes_it() -> None:
    asked = Right("get", "pods/log").to_attributes("pods")
    assert asked == {
        "namespace": "pods",
        "verb": "get",
        "group": "",
        "resource": "pods",
        "subresource": "log",
    }
    assert READ_CLASSES.to_attributes("")["group"] == "storage.k8s.io"
