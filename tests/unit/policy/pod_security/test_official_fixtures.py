"""Every pod of Kubernetes' own tests of the standards gets the answer that it gets there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from sessions_spawner.policy.pod_security import CONTROLS, Level, evaluate
from tests.support.parts import find_go_module

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


@cache
def parse(manifest: bytes) -> dict[str, Any]:
    """Return a manifest; most files of one version are those of the one before."""
    pod: dict[str, Any] = yaml.CSafeLoader(manifest).get_single_data()
    return pod


def fixtures(module: str, minors: range) -> Iterator[tuple[Path, Level, int]]:
    """Give each file, with the level and the minor version that it is for."""
    folder = find_go_module(module)
    assert folder is not None
    levels: tuple[Level, ...] = ("baseline", "restricted")
    for level, minor in product(levels, minors):
        for file in (folder / "test" / "testdata" / level / f"v1.{minor}").glob("*/*.yaml"):
            yield file, level, minor


def expected(file: Path, level: Level, minor: int) -> str:
    """Return the control that a file breaks, by its name."""
    control = IDS[file.stem.rstrip("0123456789")]
    instead, since = INSTEAD.get(control, (control, 0))
    return instead if level == "restricted" and minor >= since else control


def is_official(file: Path, level: Level, minor: int, found: set[str]) -> bool:
    """Tell whether these controls are those that a file is there to break."""
    if file.parent.name == "pass":
        return not found
    control = expected(file, level, minor)
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
        (file, level, minor): {
            one.control for one in evaluate(parse(file.read_bytes()), level, f"v1.{minor}")
        }
        for file, level, minor in fixtures(module, minors)
    }
    assert len(answers) == number
    assert {
        str(case[0]): found for case, found in answers.items() if not is_official(*case, found)
    } == {}
