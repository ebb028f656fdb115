"""Native sidecars: a session is ready only with all that runs beside it."""

from __future__ import annotations

from typing import Any

from sessions_spawner.kubernetes.diagnosis import Unready, look
from tests.support.pod_sentences import said
from tests.support.pod_states import (
    condition,
    crash_loop,
    make_container,
    make_event,
    make_pod,
    running,
    terminated,
    waiting,
    well,
)

NOT_READY = condition(
    "Ready", "False", "ContainersNotReady", "containers with unready status: [side]"
)
READY = condition("Ready", "True")
BEHIND = make_container(state=waiting("PodInitializing"))


def sidecar(state: dict[str, Any], **more: Any) -> Any:
    """Return a native sidecar called `side`."""
    return make_container("side", state, always=True, **more)


def test_a_session_with_a_sidecar_that_is_well_is_ready() -> None:
    pod = make_pod(well(), init=[well("side", always=True)], phase="Running", conditions=[READY])
    finding = look(pod)
    assert finding.is_ready
    assert finding.unready == ()
    assert finding.verdict is None


def test_a_sidecar_that_crashed_in_a_running_session_is_no_end() -> None:
    side = sidecar(crash_loop("side"), restarts=2, last=terminated("Error", 7))
    finding = look(make_pod(well(), init=[side], phase="Running", conditions=[NOT_READY]))
    assert (finding.is_running, finding.is_ready, finding.is_over) == (True, False, False)
    assert finding.unready == (Unready("side", "it crashed 2 times (exit code 7)"),)
    assert said(finding) == (
        "crashed",
        "Its helper ‘side’ crashed (exit code 7) 12 min after its start. Its last lines are below.",
    )
    assert finding.verdict is not None
    assert not finding.verdict.is_final


def test_between_two_tries_a_sidecar_has_just_ended() -> None:
    side = sidecar(terminated("Error", 7))
    finding = look(make_pod(well(), init=[side], phase="Running", conditions=[NOT_READY]))
    assert finding.unready == (Unready("side", "it ended (exit code 7)"),)
    assert said(finding)[0] == "crashed"


def test_a_sidecar_that_ends_at_once_keeps_the_session_waiting() -> None:
    side = sidecar(crash_loop("side"), restarts=1, last=terminated("Error", 7))
    finding = look(make_pod(BEHIND, init=[side]))
    assert finding.unready == (
        Unready("side", "it crashed (exit code 7)"),
        Unready("notebook", "it waits for ‘side’"),
    )
    assert said(finding)[0] == "crashed"
    assert not finding.is_over


def test_a_sidecar_that_ends_well_is_in_trouble_too() -> None:
    side = sidecar(crash_loop("side"), restarts=1, last=terminated("Completed", 0))
    assert said(look(make_pod(BEHIND, init=[side])))[0] == "crashed"


def test_a_sidecar_that_does_not_pass_its_startup_check_says_so() -> None:
    events = [
        make_event("Unhealthy", "Startup probe failed: Get http://x: refused", container="side"),
        make_event("Killing", "Init container side failed startup probe", container="side"),
    ]
    side = sidecar(running(), started=False, restarts=1, last=terminated("Error", 137))
    finding = look(make_pod(BEHIND, init=[side]), events)
    assert finding.unready[0] == Unready(
        "side", "it does not pass its startup check: Get http://x: refused"
    )
    assert said(finding) == (
        "crashed",
        (
            "Its helper ‘side’ crashed (it was killed) 12 min after its start: "
            "it did not pass its startup check."
        ),
    )


def test_a_sidecar_that_is_still_starting_is_no_trouble() -> None:
    finding = look(make_pod(BEHIND, init=[sidecar(running(), started=False)]))
    assert finding.verdict is None
    assert [one.name for one in finding.unready] == ["side", "notebook"]


def test_a_sidecar_that_does_not_pass_its_readiness_check_keeps_the_session_from_being_ready() -> (
    None
):
    events = [
        make_event("Unhealthy", "Readiness probe failed: too old", container="side", at=4),
        make_event("Unhealthy", "Readiness probe failed: command failed", container="side", at=5),
        make_event("Unhealthy", "Readiness probe failed: no", container="notebook", at=6),
    ]
    pod = make_pod(well(), init=[sidecar(running())], phase="Running", conditions=[NOT_READY])
    finding = look(pod, events)
    assert finding.is_running
    assert not finding.is_ready
    assert finding.unready == (
        Unready("side", "it does not pass its readiness check: command failed"),
    )
    assert finding.verdict is None


def test_a_sidecars_missing_image_is_named() -> None:
    side = sidecar(waiting("ErrImageNeverPull"), image="localhost/proxy:2")
    finding = look(make_pod(BEHIND, init=[side]))
    assert said(finding) == (
        "image-pull",
        (
            "The image ‘localhost/proxy:2’ could not be fetched: "
            "its machine does not have it and may not fetch it."
        ),
    )


def test_a_sidecar_that_needs_too_much_memory_is_named() -> None:
    limit = {"limits": {"memory": "64Mi"}}
    side = sidecar(crash_loop("side"), last=terminated("OOMKilled", 137), resources=limit)
    finding = look(make_pod(well(), init=[side], phase="Running", conditions=[NOT_READY]))
    assert said(finding) == (
        "out-of-memory", "Its helper ‘side’ needed more memory than its 64 MiB.",
    )  # fmt: skip
    assert not finding.is_over


def test_a_sidecar_killed_after_the_program_ended_does_not_hide_the_end() -> None:
    main = make_container(state=terminated("Completed", 0))
    side = sidecar(terminated("Error", 137))
    finding = look(make_pod(main, init=[side], phase="Succeeded"))
    assert said(finding)[0] == "exited"


def test_an_init_container_that_is_done_is_no_trouble_and_one_that_works_is_waited_for() -> None:
    done = make_container("first", terminated("Completed", 0))
    finding = look(make_pod(BEHIND, init=[done, make_container("second", running())]))
    assert finding.verdict is None
    assert finding.unready == (Unready("notebook", "it waits for ‘second’"),)


def test_an_init_container_that_is_tried_again_is_named() -> None:
    init = make_container("first", crash_loop("first"), last=terminated("Error", 2))
    finding = look(make_pod(BEHIND, init=[init], restart="OnFailure"))
    assert said(finding)[1].startswith("Its helper ‘first’ crashed (exit code 2)")
    assert not finding.is_over


def test_an_old_way_helper_beside_the_program_counts_too() -> None:
    helper = make_container("helper", crash_loop("helper"), last=terminated("Error", 1))
    finding = look(make_pod(helper, well(), phase="Running", conditions=[NOT_READY]))
    assert finding.is_running
    assert finding.unready == (Unready("helper", "it crashed (exit code 1)"),)


def test_the_program_that_does_not_pass_its_check_is_running_and_not_ready() -> None:
    events = [
        make_event(
            "Unhealthy",
            "Readiness probe failed: Get http://10.244.0.9:8888/: connection refused",
            count=30,
            container="notebook",
        )
    ]
    pod = make_pod(make_container(state=running()), phase="Running", conditions=[NOT_READY])
    finding = look(pod, events)
    assert (finding.is_running, finding.is_ready) == (True, False)
    assert finding.unready == (
        Unready(
            "notebook",
            "it does not pass its readiness check: Get http://10.244.0.9:8888/: connection refused",
        ),
    )


def test_without_a_container_of_that_name_the_first_one_is_the_program() -> None:
    assert look(make_pod(well("lab"), well("other"), phase="Running")).is_running
