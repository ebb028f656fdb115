"""User YAML opens no more of an administrator's storage than the session's pod was given."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.policy.overrides.merge import merge_pod
from sessions_spawner.policy.shared_folders import widened_mounts
from tests.support.session_pods import session_pod


def mounting(*mounts: dict[str, Any], name: str = "notebook", **spec: Any) -> dict[str, Any]:
    """Return a patch with mounts of a container."""
    return {"spec": {"containers": [{"name": name, "volumeMounts": list(mounts)}], **spec}}


def made(**fields: Any) -> dict[str, Any]:
    """Return a session's pod whose mount of the team's claim has other fields."""
    pod = session_pod()
    pod["spec"]["containers"][0]["volumeMounts"][0] |= fields
    return pod


def refused(pod: dict[str, Any], patch: dict[str, Any]) -> dict[str, str]:
    found = list(widened_mounts(merge_pod(pod, patch), pod))
    assert all(one.message.endswith(".") for one in found)
    return {one.field: one.message[:20] for one in found}


FIRST = "spec.containers[0].volumeMounts[0]"
WIDER, WRITABLE = "Mount no more of thi", "This volume is given"


@pytest.mark.parametrize(
    "patch",
    [
        {},
        mounting({"mountPath": "/team"}),
        mounting({"mountPath": "/own", "name": "team", "subPath": "chemistry"}),
        mounting({"mountPath": "/own", "name": "team", "subPath": "chemistry/"}),
        mounting({"mountPath": "/own", "name": "team", "subPath": "chemistry/anna/2026"}),
        mounting({"mountPath": "/own", "name": "team", "subPath": "./chemistry//anna"}),
        mounting({"mountPath": "/team", "readOnly": True}),
        mounting({"mountPath": "/more", "name": "motd"}),
        mounting({"mountPath": "/more", "name": "drive-0", "subPath": "any"}),
        mounting(
            {"mountPath": "/own", "name": "again", "subPath": "chemistry"},
            volumes=[{"name": "again", "persistentVolumeClaim": {"claimName": "all-teams"}}],
        ),
        # What another claim may be is said by the rules and by what is offered.
        mounting(
            {"mountPath": "/own", "name": "other"},
            volumes=[{"name": "other", "persistentVolumeClaim": {"claimName": "other"}}],
        ),
        mounting({"mountPath": "/own", "name": "mine"}, volumes=[{"name": "mine", "emptyDir": {}}]),
    ],
)
def test_the_same_folder_and_what_is_in_it_may_be_mounted(patch: dict[str, Any]) -> None:
    assert refused(session_pod(), patch) == {}


@pytest.mark.parametrize(
    "patch",
    [
        mounting({"mountPath": "/team", "subPath": None}),
        mounting({"mountPath": "/team", "subPath": ""}),
        mounting({"mountPath": "/team", "subPath": "."}),
        mounting({"mountPath": "/team", "subPath": "physics"}),
        mounting({"mountPath": "/team", "subPath": "chemistry2"}),
        mounting({"mountPath": "/team", "subPath": "chemistry/../physics"}),
        mounting({"mountPath": "/team", "subPath": "../chemistry"}),
        mounting({"mountPath": "/team", "subPath": None, "subPathExpr": "$(MODE)"}),
        mounting({"mountPath": "/all", "name": "team"}),
        mounting(
            {"mountPath": "/all", "name": "again"},
            volumes=[{"name": "again", "persistentVolumeClaim": {"claimName": "all-teams"}}],
        ),
        mounting(
            {"mountPath": "/all", "name": "again"},
            volumes=[
                {
                    "name": "again",
                    "persistentVolumeClaim": {"claimName": "all-teams", "readOnly": True},
                }
            ],
        ),
    ],
)
def test_any_other_folder_is_refused(patch: dict[str, Any]) -> None:
    assert refused(session_pod(), patch) == {FIRST: WIDER}


@pytest.mark.parametrize("kind", ["containers", "initContainers"])
def test_a_new_container_has_the_folders_of_the_sessions_own(kind: str) -> None:
    for folder, expected in (("chemistry", {}), ("", {f"spec.{kind}[0].volumeMounts[0]": WIDER})):
        mount = {"mountPath": "/team", "name": "team", "subPath": folder}
        patch = {"spec": {kind: [{"name": "new", "image": "x", "volumeMounts": [mount]}]}}
        assert refused(session_pod(), patch) == expected


def test_a_container_of_the_administrators_keeps_what_it_has_and_gives_it_to_no_other() -> None:
    pod = session_pod()
    pod["spec"]["initContainers"][0]["volumeMounts"] = [{"name": "team", "mountPath": "/all"}]
    assert refused(pod, {}) == {}
    assert refused(pod, mounting({"mountPath": "/all", "name": "team"})) == {FIRST: WIDER}
    logs = mounting({"mountPath": "/x", "name": "drive-0"}, name="logs")
    assert refused(pod, logs) == {"spec.containers[1].volumeMounts[0]": WIDER}


@pytest.mark.parametrize("where", ["mount", "volume"])
def test_what_is_given_for_reading_is_not_written(where: str) -> None:
    pod = made(readOnly=where == "mount")
    pod["spec"]["volumes"][0]["persistentVolumeClaim"]["readOnly"] = where == "volume"
    assert refused(pod, {}) == {}
    patch = mounting({"mountPath": "/team", "readOnly": False})
    patch["spec"]["volumes"] = [{"name": "team", "persistentVolumeClaim": {"readOnly": False}}]
    assert refused(pod, patch) == {FIRST: WRITABLE}


def test_a_variable_that_chooses_the_folder_stays_as_it_was() -> None:
    pod = made(subPath=None, subPathExpr="$(TEAM)/$(MODE)")
    pod["spec"]["containers"][0]["env"] += [{"name": "TEAM", "value": "lab-$(MODE)"}]

    def setting(*env: dict[str, str]) -> dict[str, Any]:
        return {"spec": {"containers": [{"name": "notebook", "env": list(env)}]}}

    assert refused(pod, setting({"name": "OTHER", "value": "$(TEAM)"})) == {}
    assert refused(pod, setting({"name": "TEAM", "value": "lab-teaching"})) == {}
    for name in ("TEAM", "MODE"):
        assert refused(pod, setting({"name": name, "value": "physics"})) == {FIRST: WIDER}
    # Named in another order, the one no longer reads the other.
    assert refused(pod, setting({"name": "TEAM"}, {"name": "MODE"})) == {FIRST: WIDER}


@pytest.mark.parametrize(
    "source",
    [{"nfs": {"server": "files", "path": "/"}}, {"hostPath": {"path": "/data"}}],
)
def test_any_storage_of_the_administrators_is_held_to_its_folder(source: dict[str, Any]) -> None:
    pod = session_pod()
    pod["spec"]["volumes"][0] = {"name": "team", **source}
    assert refused(pod, {}) == {}
    assert refused(pod, mounting({"mountPath": "/team", "subPath": None})) == {FIRST: WIDER}


def test_a_volume_that_nobody_mounts_is_given_to_nobody() -> None:
    pod = session_pod()
    pod["spec"]["volumes"].append({"name": "spare", "nfs": {"server": "files", "path": "/"}})
    assert refused(pod, mounting({"mountPath": "/x", "name": "spare"})) == {FIRST: WIDER}


def test_pods_without_volumes_or_containers_are_passed_over() -> None:
    assert list(widened_mounts({}, {})) == []
    assert list(widened_mounts({"spec": None}, {"spec": {"containers": None}})) == []
