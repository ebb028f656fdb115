"""What keeps a pod from starting: each failure as a real kubelet and scheduler show it."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.kubernetes.diagnosis import look
from tests.support.pod_sentences import said
from tests.support.pod_states import (
    make_container,
    make_event,
    make_pod,
    running,
    unscheduled,
    waiting,
)

REFUSED_PULL = (
    'failed to pull and unpack image "localhost/nosuch:1": failed to resolve reference '
    '"localhost/nosuch:1": failed to do request: Head "http://localhost/v2/nosuch/manifests/1": '
    "dial tcp 127.0.0.1:80: connect: connection refused"
)
UNKNOWN_IMAGE = (
    'failed to pull and unpack image "registry.example.org/nosuch:1": failed to resolve reference '
    '"registry.example.org/nosuch:1": registry.example.org/nosuch:1: not found'
)
DENIED_IMAGE = (
    "failed to resolve image: pull access denied, repository does not exist or may require "
    "authorization: server message: insufficient_scope: authorization failed"
)
NO_PREEMPTION = (
    "no new claims to deallocate, preemption: 0/1 nodes are available: "
    "1 Preemption is not helpful for scheduling."
)
NO_SECRET = 'secret "nosuch" not found'
NO_MOUNT = 'MountVolume.SetUp failed for volume "v" : '


def waits(reason: str, message: str | None = None, image: str = "localhost/nosuch:1") -> Any:
    """Return a pod whose program waits."""
    return make_pod(make_container(state=waiting(reason, message), image=image))


def creating() -> Any:
    """Return a pod of which the status says nothing at all."""
    return make_pod(make_container(state=waiting("ContainerCreating")))


ROWS: dict[str, tuple[Any, list[Any], str, str, bool]] = {
    "image missing, pull Never": (
        waits(
            "ErrImageNeverPull",
            'Container image "localhost/nosuch:1" is not present with pull policy of Never',
        ),
        [make_event("Failed", "Error: ErrImageNeverPull", container="notebook")],
        "image-pull",
        (
            "The image ‘localhost/nosuch:1’ could not be fetched: "
            "its machine does not have it and may not fetch it."
        ),
        True,
    ),
    "image missing, the registry is away": (
        waits("ErrImagePull", REFUSED_PULL),
        [],
        "image-pull",
        "The image ‘localhost/nosuch:1’ could not be fetched: the registry does not answer.",
        False,
    ),
    "image missing, the kubelet waits and only its event says why": (
        waits("ImagePullBackOff", 'Back-off pulling image "registry.example.org/nosuch:1"'),
        [
            make_event("Failed", f'Failed to pull image "x": {UNKNOWN_IMAGE}', at=3),
            make_event("Failed", "Error: ErrImagePull", at=3),
            make_event("BackOff", 'Back-off pulling image "x"', at=14, kind="Normal"),
        ],
        "image-pull",
        "The image ‘localhost/nosuch:1’ could not be fetched: the registry does not know it.",
        True,
    ),
    "image hidden": (
        waits("ErrImagePull", DENIED_IMAGE),
        [],
        "image-pull",
        (
            "The image ‘localhost/nosuch:1’ could not be fetched: "
            "the registry does not know it or asks for a sign-in."
        ),
        True,
    ),
    "bad image name": (
        waits("InvalidImageName", "couldn't parse image name", image="UPPER:::1"),
        [make_event("InspectFailed", 'Failed to apply default image tag "UPPER:::1"')],
        "image-pull",
        "The image ‘UPPER:::1’ could not be fetched: that is not the name of an image.",
        True,
    ),
    "too much CPU and memory": (
        unscheduled(
            "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. " + NO_PREEMPTION,
            requests={"cpu": "64", "memory": "900Gi", "nvidia.com/gpu": "1"},
        ),
        [],
        "unschedulable",
        "No machine had room for 64 CPU, 900 GiB and 1 GPU.",
        False,
    ),
    "no room, and nothing was asked for": (
        unscheduled("0/9 nodes are available: 9 Too many pods. " + NO_PREEMPTION),
        [],
        "unschedulable",
        "No machine could take it: not enough places.",
        False,
    ),
    "node selector": (
        unscheduled(
            "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. "
            + NO_PREEMPTION
        ),
        [],
        "unschedulable",
        "No machine could take it: some are not of the kind that was chosen.",
        False,
    ),
    "taints and closed machines": (
        unscheduled(
            "0/3 nodes are available: 1 node(s) had untolerated taint {team: x}, "
            "2 node(s) were unschedulable. " + NO_PREEMPTION
        ),
        [],
        "unschedulable",
        "No machine could take it: some are kept for other uses, some are closed.",
        False,
    ),
    "taints that are not named": (
        unscheduled(
            "0/1 nodes are available: 1 node(s) had untolerated taint(s). " + NO_PREEMPTION
        ),
        [],
        "unschedulable",
        "No machine could take it: some do not answer or are kept for other uses.",
        False,
    ),
    "its machine is away": (
        unscheduled(
            "0/1 nodes are available: 1 node(s) had untolerated taint(s) "
            "{node.kubernetes.io/unreachable: }. " + NO_PREEMPTION
        ),
        [],
        "unschedulable",
        "No machine could take it: some do not answer, some are kept for other uses.",
        False,
    ),
    "held back by a gate": (
        unscheduled("Scheduling is blocked due to non-empty scheduling gates", "SchedulingGated"),
        [],
        "unschedulable",
        "No machine could take it: Scheduling is blocked due to non-empty scheduling gates.",
        False,
    ),
    "not scheduled, and only the event of the newer form says why": (
        make_pod(node=None),
        [make_event("FailedScheduling", "0/1 nodes: 1 Insufficient cpu. ", count=None)],
        "unschedulable",
        "No machine could take it: not enough CPU.",
        False,
    ),
    "secret missing in a variable, first seen": (
        waits("CreateContainerConfigError", NO_SECRET),
        [make_event("Failed", f"Error: {NO_SECRET}", container="notebook")],
        "refused",
        (
            "It was not started: The secret ‘nosuch’ is not in the cluster; "
            "choose another or have it made."
        ),
        False,
    ),
    "secret missing in a variable, said again and again": (
        waits("CreateContainerConfigError", NO_SECRET),
        [make_event("Failed", f"Error: {NO_SECRET}", container="notebook", count=3)],
        "refused",
        (
            "It was not started: The secret ‘nosuch’ is not in the cluster; "
            "choose another or have it made."
        ),
        True,
    ),
    "key missing in a secret": (
        waits("CreateContainerConfigError", "couldn't find key token in Secret sessions/api"),
        [],
        "refused",
        (
            "It was not started: The secret ‘api’ has no key ‘token’; "
            "choose another or have it added."
        ),
        False,
    ),
    "config map missing": (
        waits("CreateContainerConfigError", 'configmap "nosuch" not found'),
        [],
        "refused",
        (
            "It was not started: The config map ‘nosuch’ is not in the cluster; "
            "choose another or have it made."
        ),
        False,
    ),
    "secret missing in a volume": (
        creating(),
        [make_event("FailedMount", NO_MOUNT + NO_SECRET, count=7, at=55)],
        "refused",
        (
            "It was not started: The secret ‘nosuch’ is not in the cluster; "
            "choose another or have it made."
        ),
        True,
    ),
    "hostPath missing": (
        creating(),
        [
            make_event(
                "FailedMount", NO_MOUNT + "hostPath type check failed: /nosuch is not a directory"
            )
        ],
        "volume",
        "A drive could not be attached: hostPath type check failed: /nosuch is not a directory.",
        False,
    ),
    "runAsNonRoot with a root image": (
        waits(
            "CreateContainerConfigError",
            "container has runAsNonRoot and image will run as root "
            '(pod: "s1_sessions(0a8b)", container: notebook)',
        ),
        [],
        "refused",
        (
            "It was not started: The image would run as root, which is not allowed here; "
            "choose another image."
        ),
        True,
    ),
    "runAsNonRoot with an image that names its user": (
        waits(
            "CreateContainerConfigError",
            "container has runAsNonRoot and image has non-numeric user (jovyan), cannot verify "
            'user is non-root (pod: "s1_sessions(0a8b)", container: notebook)',
        ),
        [],
        "refused",
        (
            "It was not started: The image names its user by no number, which may be root; "
            "choose another image."
        ),
        True,
    ),
    "a reason of tomorrow": (
        waits("ImageVolumeMountFailed", "no such digest"),
        [],
        "refused",
        "It was not started: Its machine could not set it up: no such digest.",
        False,
    ),
    "sessions that keep apart": (
        unscheduled("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules."),
        [],
        "unschedulable",
        "No machine could take it: some already have one like it.",
        False,
    ),
    "nothing to run": (
        waits("CreateContainerError", "failed to generate spec: no command specified"),
        [],
        "refused",
        "It was not started: The image does not say what to run; choose another image.",
        True,
    ),
    "the machine's own trouble with a container": (
        waits("CreateContainerError", "context deadline exceeded"),
        [],
        "refused",
        "It was not started: Its machine could not set it up: context deadline exceeded.",
        False,
    ),
    "no surroundings": (
        creating(),
        [
            make_event(
                "FailedCreatePodSandBox",
                "Failed to create pod sandbox: can't set `spec.hostUsers: false`, runtime does not "
                "support user namespaces",
            )
        ],
        "refused",
        (
            "It was not started: Its machine could not set it up: Failed to create pod sandbox: "
            "can't set `spec.hostUsers: false`, runtime does not support user namespaces."
        ),
        False,
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_start_that_gets_nowhere_says_why(row: str) -> None:
    pod, events, cause, sentence, is_final = ROWS[row]
    finding = look(pod, events)
    assert said(finding) == (cause, sentence)
    assert finding.verdict is not None
    assert finding.verdict.is_final is is_final
    assert (finding.is_over, finding.is_running, finding.is_ready) == (False, False, False)
    assert [one.name for one in finding.unready] == ["notebook"]


def test_a_start_that_goes_well_has_no_verdict() -> None:
    events = [
        make_event("Scheduled", "Successfully assigned sessions/s1 to node1", kind="Normal"),
        make_event("Pulling", 'Pulling image "localhost/lab:1"', kind="Normal"),
    ]
    finding = look(creating(), events)
    assert finding.verdict is None
    assert not finding.is_over
    assert [one.why for one in finding.unready] == ["it is not started yet"]


@pytest.mark.parametrize("state", [waiting("ContainerCreating"), running()])
def test_what_went_wrong_before_and_was_mended_is_not_wrong_now(state: dict[str, Any]) -> None:
    events = [
        make_event("FailedMount", NO_MOUNT + NO_SECRET, count=2, at=5),
        make_event("FailedAttachVolume", 'Multi-Attach error for volume "pvc-1"', at=6),
        make_event("FailedCreatePodSandBox", "no network yet", at=7),
        make_event("FailedScheduling", "0/1 nodes are available: 1 Insufficient cpu.", at=1),
        make_event("Pulled", "Container image already present", at=9, kind="Normal"),
    ]
    assert look(make_pod(make_container(state=state)), events).verdict is None
