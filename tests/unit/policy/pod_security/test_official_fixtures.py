"""Every pod of Kubernetes' own tests of the standards gets the answer that it gets there."""

from __future__ import annotations

import pytest

from sessions_spawner.policy.pod_security import CONTROLS, evaluate
from tests.support.official_pods import OfficialPod, find_official_pods

# The minor versions that are read from each module (the later repeats those of the earlier), and
# how many pods it has for them.
MODULES = (
    ("k8s.io/pod-security-admission@v0.34.4", range(35), 4093),
    ("k8s.io/pod-security-admission@v0.37.2", range(35, 38), 444),
)
IDS = {control.id.lower(): control.id for control in CONTROLS}
# The control that is asked in a file's control's place at restricted, and since when.
INSTEAD = {
    "hostPathVolumes": ("restrictedVolumes", 0),
    "seccompProfile_baseline": ("seccompProfile_restricted", 19),
    "capabilities_baseline": ("capabilities_restricted", 22),
    "procMount": ("procMount_restricted", 35),
}
# Files that the API's validation makes break a second control.
ALSO = {
    "allowPrivilegeEscalation": "capabilities_restricted",
    "privileged": "allowPrivilegeEscalation",
    "windowsHostProcess": "hostNamespaces",
}


def expected(one: OfficialPod) -> str:
    """Return the control that a file breaks, by its name."""
    control = IDS[one.file.stem.rstrip("0123456789")]
    instead, since = INSTEAD.get(control, (control, 0))
    return instead if one.level == "restricted" and one.minor >= since else control


def is_official(one: OfficialPod, found: set[str]) -> bool:
    """Tell whether these controls are those that a file is there to break."""
    if one.file.parent.name == "pass":
        return not found
    control = expected(one)
    return found - {ALSO.get(control)} == {control}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "minors", "number"),
    [pytest.param(*one, marks=pytest.mark.needs(one[0]), id=one[0]) for one in MODULES],
)
def test_every_official_pod_gets_the_official_answer(
    module: str, minors: range, number: int
) -> None:
    answers = {
        one: {found.control for found in evaluate(one.pod, one.level, f"v1.{one.minor}")}
        for one in find_official_pods(module, minors)
    }
    assert len(answers) == number
    assert {
        str(one.file): found for one, found in answers.items() if not is_official(one, found)
    } == {}
