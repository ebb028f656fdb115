"""Starts that the cluster cannot carry out: why, in whose words, what to do, and nothing left."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cluster.failures.conftest import End, Place, Stage
from tests.support.kubectl import Kubectl
from tests.support.product import Product

pytestmark = [pytest.mark.timeout(300)]
slow = pytest.mark.slow
# So many pods start at a time on a small machine without getting in each other's way.
_AT_A_TIME = 5

# Environment → cause, sentence, a line of the evidence, the next step.
QUICK = {
    "image-never": (
        "image-pull",
        "The image ‘localhost/sessions/nowhere:1’ could not be fetched: its machine does not have",
        "ErrImageNeverPull",
        "Change the image",
    ),
    "image-name": (
        "image-pull",
        "The image ‘Not/A:Name:At:All’ could not be fetched: that is not the name of an image",
        "InspectFailed",
        "Change the image",
    ),
    "root": (
        "refused",
        r"The cluster's rules \(restricted\) refuse runAsNonRoot != true; change that in the pod",
        "",
        "Change this choice",
    ),
    "class-nosuch": (
        "volume",
        "The drive ‘.*’ could not be attached: the cluster has no kind of storage called ‘nosuch’",
        "ProvisioningFailed",
        "Choose another drive",
    ),
    "secret-variable": (
        "refused",
        "The secret ‘nosuch’ is not in the cluster; choose another",
        'secret "nosuch" not found',
        "Change this choice",
    ),
    "secret-volume": (
        "refused",
        "The secret ‘nosuch’ is not in the cluster; choose another",
        "FailedMount",
        "Change this choice",
    ),
    "crash": (
        "crashed",
        r"The program inside crashed \(exit code 3\)",
        "boom",
        "See the last lines",
    ),
    "command": (
        "refused",
        "The image has no program ‘/nosuch/program’; choose another image",
        "",
        "Change this choice",
    ),
    "fills": ("out-of-memory", r"It needed more memory than its 61\.\d+ MiB|64", "", "Start again"),
}
SLOW = {
    "image-soon": (
        "image-pull",
        "The image ‘localhost/sessions/nowhere:1’ could not be fetched: the registry does not",
        "Failed",
        "Change the image",
    ),
    "large-soon": (
        "unschedulable",
        "No machine had room for .*GiB",
        "FailedScheduling",
        "Choose a size that fits now",
    ),
    "selector-soon": (
        "unschedulable",
        "No machine could take it: .*not of the kind that was chosen",
        "FailedScheduling",
        "",
    ),
    "class-burning-soon": (
        "volume",
        "The drive ‘.*’ could not be attached: its storage could not be made: .*on fire",
        "ProvisioningFailed",
        "Choose another drive",
    ),
    "class-dumb-soon": (
        "volume",
        "The drive ‘.*’ could not be attached: .*the disk does not answer",
        "FailedMount",
        "Choose another drive",
    ),
    "misspelt": ("refused", "spec.dnsPolicy: ", "", "Change this choice"),
    "secret-all": ("refused", "The secret ‘nosuch’ is not in the cluster", "nosuch", ""),
    "map-volume": ("refused", "The config map ‘nosuch’ is not in the cluster", "nosuch", ""),
    "exit": ("exited", "ended by itself", "done", "Start again"),
    "silent-soon": ("start-timeout", "It was not ready after .* s", "", "Start again"),
    "sidecar-crash-soon": (
        "crashed",
        r"Its helper ‘proxy’ crashed \(exit code 7\).*no way in",
        "no way in",
        "See the last lines",
    ),
    "sidecar-image": ("image-pull", "nowhere:1’ could not be fetched", "ErrImageNeverPull", ""),
    "sidecar-check-soon": (
        "start-timeout",
        "its helper ‘proxy’.*does not pass its startup check",
        "Unhealthy",
        "",
    ),
}
CASES = [
    *(pytest.param(name, *told, id=name) for name, told in QUICK.items()),
    *(pytest.param(name, *told, id=name, marks=slow) for name, told in SLOW.items()),
]


@pytest.fixture(scope="module")
def ends(
    request: pytest.FixtureRequest, cluster: Kubectl, place: Place, product: Product
) -> dict[str, End]:
    """Start a session of each environment that the chosen tests are about, some at a time.

    Each waits for the cluster to say something, or for its time to be over.
    """
    stage = Stage(product, cluster.within(place.namespace))
    calls = (item.callspec.params for item in request.session.items if hasattr(item, "callspec"))
    chosen = [name for given in calls if (name := given.get("environment")) in {**QUICK, **SLOW}]
    found: dict[str, End] = {}
    for begin in range(0, len(chosen), _AT_A_TIME):
        some = chosen[begin : begin + _AT_A_TIME]
        asked = {one: product.create(environment=one, drive=stage.new_drive()) for one in some}
        found |= {name: stage.end(session) for name, session in asked.items()}
    product.rest()
    stage.wait_empty()
    return found


@pytest.mark.parametrize(("environment", "cause", "sentence", "lines", "step"), CASES)
def test_a_start_that_cannot_work_says_why_and_leaves_nothing(
    ends: dict[str, End], environment: str, cause: str, sentence: str, lines: str, step: str
) -> None:
    ends[environment].check(cause, sentence, lines, step)


def make_quota(**hard: str) -> dict[str, Any]:
    return {"kind": "ResourceQuota", "metadata": {"name": "team"}, "spec": {"hard": hard}}


@pytest.mark.parametrize(
    ("hard", "environment", "sentence"),
    [
        pytest.param({"pods": "0"}, "python", "pods: 0 of 0 in use.* asks for 1 more", id="pods"),
        pytest.param(
            {"requests.cpu": "50m"}, "measured", r"CPU: 0 of 0\.05 in use.*0\.1 more", id="cpu"
        ),
        pytest.param(
            {"persistentvolumeclaims": "0"}, "python", "drives: .*asks for 1 more", id="drives"
        ),
    ],
)
def test_a_limit_of_the_team_that_is_used_up_is_told_in_numbers(
    stage: Stage, hard: dict[str, str], environment: str, sentence: str
) -> None:
    drive = stage.new_drive()
    with stage.having(make_quota(**hard)):
        end = stage.fail(environment, drive=drive)
    end.check("quota", f"The limit of your team is used up: {sentence}", "", "See what is running")


@slow
def test_a_session_without_the_size_that_a_quota_asks_for_is_told_so(stage: Stage) -> None:
    with stage.having(make_quota(**{"limits.memory": "10Gi"})):
        end = stage.fail("python")
    end.check("refused", "asks every session to say its memory", "", "Change this choice")


def test_a_limit_for_one_session_is_told_in_numbers(stage: Stage) -> None:
    most = [{"type": "Container", "max": {"memory": "1Gi"}}]
    limit = {"kind": "LimitRange", "metadata": {"name": "each"}, "spec": {"limits": most}}
    with stage.having(limit):
        end = stage.fail("limited")
    end.check("refused", r"At most 1 GiB of memory is allowed for one container, not 2 GiB", "")


def test_a_hook_that_fails_is_not_taken_for_somebodys_stop(stage: Stage) -> None:
    stage.fail("hook-fails").check("refused", "an administrator finds out why in the hub's log", "")


def test_another_things_name_is_not_taken_for_the_sessions_own_pod(stage: Stage) -> None:
    try:
        stage.fail("taken").check("refused", "of that name is still in the cluster", "", "")
        (pod,) = stage.pods.get("pods")["items"]
        assert pod["spec"]["containers"][0]["name"] == "other"
    finally:
        stage.pods("delete", "pods", "--all", "--grace-period=0", "--force")


@slow
def test_a_start_waits_for_a_pod_of_its_name_that_is_going(stage: Stage) -> None:
    session = stage.start("leaving")
    assert stage.pod_of(session)["spec"]["containers"][0]["name"] == "notebook"
