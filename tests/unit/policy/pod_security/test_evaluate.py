"""Levels, versions and overrides: which controls are asked, in which order."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sessions_spawner.policy.pod_security import (
    CONTROLS,
    LATEST_MINOR,
    NEWEST_MINOR,
    Level,
    Violation,
    evaluate,
)
from sessions_spawner.policy.pod_security.evaluate import controls
from tests.support.pod_manifests import broken, pod_with, restricted_pod

BASELINE = {
    *("appArmorProfile", "capabilities_baseline", "hostNamespaces", "hostPathVolumes"),
    *("hostPorts", "privileged", "procMount", "seLinuxOptions", "seccompProfile_baseline"),
    *("sysctls", "windowsHostProcess"),
}
PROBES = "hostProbesAndHostLifecycle"
REPLACED = {"capabilities_baseline", "hostPathVolumes", "seccompProfile_baseline"}
RESTRICTED = {
    *("allowPrivilegeEscalation", "capabilities_restricted", "restrictedVolumes"),
    *("runAsNonRoot", "runAsUser", "seccompProfile_restricted"),
}


def test_a_violation_has_control_path_and_what_to_change() -> None:
    found = evaluate(pod_with({"spec.containers[0].securityContext.privileged": True}), "baseline")
    assert found == (
        Violation(
            "privileged",
            "spec.containers[0].securityContext.privileged",
            "Set privileged to false, or leave it out.",
        ),
    )


@pytest.mark.parametrize("minor", range(NEWEST_MINOR + 1))
@pytest.mark.parametrize("level", ["baseline", "restricted"])
def test_a_restricted_pod_passes_every_version(level: Level, minor: int) -> None:
    assert evaluate(restricted_pod(), level, f"v1.{minor}") == ()


def test_the_privileged_level_allows_everything() -> None:
    assert evaluate({"spec": "broken"}, "privileged") == ()


@pytest.mark.parametrize(
    ("level", "minor", "asked"),
    [
        ("privileged", 34, set()),
        ("baseline", 0, BASELINE),
        ("baseline", 33, BASELINE),
        ("baseline", 34, {*BASELINE, PROBES}),
        ("baseline", 37, {*BASELINE, PROBES}),
        ("restricted", 0, (BASELINE - {"hostPathVolumes"}) | {"restrictedVolumes", "runAsNonRoot"}),
        ("restricted", 33, (BASELINE - REPLACED) | RESTRICTED),
        ("restricted", 34, (BASELINE - REPLACED) | RESTRICTED | {PROBES}),
        (
            "restricted",
            35,
            (BASELINE - REPLACED - {"procMount"}) | RESTRICTED | {PROBES, "procMount_restricted"},
        ),
    ],
)
def test_each_level_asks_its_controls(level: Level, minor: int, asked: set[str]) -> None:
    assert {control.id for control in controls(level, minor)} == asked


def test_latest_is_1_34_and_a_version_not_known_yet_is_the_newest_known() -> None:
    pod = pod_with({"spec.securityContext": {"runAsUser": 0}, "spec.hostUsers": False})
    assert (LATEST_MINOR, NEWEST_MINOR) == (34, 37)
    for latest in ("v1.34", "latest", None):
        assert {one.control for one in evaluate(pod, "restricted", latest)} == {"runAsUser"}
    for newest in (f"v1.{NEWEST_MINOR}", f"v1.{NEWEST_MINOR + 1}", "v1.99999"):
        assert evaluate(pod, "restricted", newest) == ()


@pytest.mark.parametrize(
    "version", ["", "1.34", "v1", "v1.", "v1.034", "v1.-1", "v2.0", "v1.34.4", "v1.3\n", "v1.٣"]
)
def test_a_version_that_is_none_says_how_to_write_one(version: str) -> None:
    with pytest.raises(ValueError, match=r"write latest, or one like v1\.34"):
        evaluate({}, "baseline", version)


def test_a_level_that_is_none_says_which_there_are() -> None:
    with pytest.raises(ValueError, match="use one of privileged, baseline, restricted"):
        evaluate({}, cast("Any", "strict"))


def test_baseline_comes_first_and_each_level_goes_by_id() -> None:
    ids = [(control.level, control.id) for control in CONTROLS]
    assert ids == sorted(ids)
    assert len({id_ for _, id_ in ids}) == 19


def test_all_is_reported_not_the_first() -> None:
    change = {
        "spec.hostPID": True,
        "spec.containers[0].securityContext.privileged": True,
        "spec.containers[1]": {"name": "bare"},
        "spec.volumes[1].hostPath": {"path": "/"},
        "spec.securityContext.runAsUser": 0,
    }
    bare = "spec.containers[1].securityContext"
    assert broken(change) == {
        ("hostNamespaces", "spec.hostPID"),
        ("privileged", "spec.containers[0].securityContext.privileged"),
        ("allowPrivilegeEscalation", f"{bare}.allowPrivilegeEscalation"),
        ("capabilities_restricted", f"{bare}.capabilities.drop"),
        ("restrictedVolumes", "spec.volumes[1].hostPath"),
        ("runAsNonRoot", f"{bare}.runAsNonRoot"),
        ("runAsUser", "spec.securityContext.runAsUser"),
        ("seccompProfile_restricted", f"{bare}.seccompProfile.type"),
    }


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (
            "spec.securityContext.seLinuxOptions.type",
            "spc_t",
            (
                "Use one of these SELinux types, or none: container_t, container_init_t, "
                "container_kvm_t, container_engine_t."
            ),
        ),
        (
            "spec.containers[0].securityContext.seccompProfile",
            None,
            "Set it to RuntimeDefault or Localhost, here or for the whole pod.",
        ),
        (
            "spec.containers[0].securityContext.seccompProfile",
            {},
            "Set it to RuntimeDefault or Localhost, here.",
        ),
        (
            "spec.containers[0].securityContext.runAsNonRoot",
            None,
            "Set runAsNonRoot to true here or for the whole pod.",
        ),
        ("spec.containers[0].securityContext.runAsNonRoot", 1, "Set runAsNonRoot to true."),
    ],
)
def test_a_sentence_says_what_is_allowed_and_where(path: str, value: Any, sentence: str) -> None:
    assert [one.message for one in evaluate(pod_with({path: value}), "restricted")] == [sentence]
