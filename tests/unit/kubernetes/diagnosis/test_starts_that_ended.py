"""Starts that ended, and answers of registries: how they are said."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.kubernetes.diagnosis import look
from tests.support.pod_sentences import said
from tests.support.pod_states import crash_loop, make_container, make_pod, terminated, waiting

NO_PROGRAM = (
    "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc "
    'create failed: unable to start container process: exec: "/nosuch/bin": stat /nosuch/bin: '
    "no such file or directory: unknown"
)

ENDED: dict[str, tuple[Any, str, str, int | None]] = {
    "command not in the image": (
        make_pod(make_container(state=terminated("StartError", 128, NO_PROGRAM)), phase="Failed"),
        "refused",
        "It was not started: The image has no program ‘/nosuch/bin’; choose another image.",
        128,
    ),
    "exit 1 again and again": (
        make_pod(
            make_container(state=crash_loop("notebook"), restarts=2, last=terminated("Error", 1)),
            phase="Running",
            restart="OnFailure",
        ),
        "crashed",
        (
            "The program inside crashed (exit code 1) 12 min after its start. "
            "Its last lines are below."
        ),
        1,
    ),
    "a plain init container fails": (
        make_pod(
            make_container(state=waiting("PodInitializing")),
            init=[make_container("prepare", terminated("Error", 5, "no disk\n"))],
            phase="Failed",
        ),
        "crashed",
        "Its helper ‘prepare’ crashed (exit code 5) 12 min after its start: no disk.",
        5,
    ),
    "the machine refused it": (
        make_pod(phase="Failed", reason="OutOfcpu", message="Node didn't have enough resource"),
        "unschedulable",
        "No machine could take it: the machine it was given to had no room any more.",
        None,
    ),
    "the machine refused it for a reason of tomorrow": (
        make_pod(
            phase="Failed",
            reason="VolumeAttachmentLimitExceeded",
            message="Pod was rejected: Node has no room for another volume",
        ),
        "unschedulable",
        (
            "No machine could take it: "
            "the machine it was given to did not take it: Node has no room for another volume."
        ),
        None,
    ),
    "a protection that the machine does not have": (
        make_pod(
            phase="Failed",
            reason="AppArmor",
            message="Cannot enforce AppArmor: AppArmor is not enabled on the host",
        ),
        "refused",
        (
            "It was not started: Its machine could not set it up: "
            "Cannot enforce AppArmor: AppArmor is not enabled on the host."
        ),
        None,
    ),
}


@pytest.mark.parametrize("row", ENDED)
def test_a_start_that_ended_says_how(row: str) -> None:
    pod, cause, sentence, exit_code = ENDED[row]
    finding = look(pod)
    assert said(finding) == (cause, sentence)
    assert finding.verdict is not None
    assert finding.verdict.exit_code == exit_code
    assert finding.is_over
    assert finding.verdict.is_final


@pytest.mark.parametrize(
    ("answer", "words", "is_final"),
    [
        ("unexpected status from HEAD request: 401 Unauthorized", "asks for a sign-in", True),
        ("429 Too Many Requests - toomanyrequests: rate limit", "is too busy", False),
        ("tls: failed to verify certificate: x509: unknown authority", "certificate", False),
        ("dial tcp: lookup reg.example.org: no such host", "does not answer", False),
        ("unexpected status code: 503 Service Unavailable", "does not answer", False),
        ("no match for platform in manifest: not found", "another kind of machine", True),
        ("write /var/lib/x: no space left on device", "disk of its machine is full", False),
        ("manifest unknown: manifest unknown", "does not know it", True),
        ("something new. ", "something new", False),
        ("", "no reason was given", False),
    ],
)
def test_what_a_registry_answers_is_said_plainly(answer: str, words: str, is_final: bool) -> None:
    verdict = look(make_pod(make_container(state=waiting("ErrImagePull", answer)))).verdict
    assert verdict is not None
    assert words in verdict.detail
    assert verdict.is_final is is_final
