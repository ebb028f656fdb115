"""The evidence of a finding: in order, each once, short and harmless."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sessions_spawner.kubernetes.diagnosis import look
from sessions_spawner.kubernetes.diagnosis.events import MOST_LINES
from sessions_spawner.kubernetes.diagnosis.words import DETAIL_LENGTH, LINE_LENGTH, clean
from sessions_spawner.request.fields import has_control_characters
from tests.support.pod_states import (
    make_claim,
    make_container,
    make_event,
    make_pod,
    terminated,
    waiting,
)


def test_events_are_in_the_order_of_time_and_the_claims_are_among_them() -> None:
    claim = make_claim(phase="Pending")
    events = [make_event("Third", "c", at=9), make_event("First", "a", at=1)]
    of_claim = [make_event("Second", "b", at=5, about=claim)]
    finding = look(make_pod(), events, claims=[claim], claim_events=of_claim)
    assert finding.evidence == (
        "2026-11-21 14:20:01 UTC First: a",
        "2026-11-21 14:20:05 UTC Second: b",
        "2026-11-21 14:20:09 UTC Third: c",
    )


def test_what_was_told_of_a_drive_long_before_the_session_is_left_out() -> None:
    claim = make_claim(phase="Bound")
    of_claim = [
        make_event("Provisioning", "of its first session", at=-600, about=claim),
        make_event("ExternalProvisioning", "right before the pod", at=-2, about=claim),
    ]
    finding = look(make_pod(), [], claims=[claim], claim_events=of_claim)
    assert finding.evidence == (
        "2026-11-21 14:19:58 UTC ExternalProvisioning: right before the pod",
    )


def test_the_same_event_is_one_line_with_its_count() -> None:
    events = [make_event("FailedMount", "x", count=6, at=5), make_event("FailedMount", "x", at=55)]
    assert look(make_pod(), events).evidence == ("2026-11-21 14:20:55 UTC FailedMount (x7): x",)


def test_both_forms_of_an_event_are_read() -> None:
    newer = {
        "regarding": {"name": "s1", "fieldPath": "spec.initContainers{side}"},
        "type": "Warning",
        "reason": "Unhealthy",
        "note": "Startup probe failed",
        "series": {"count": 4, "lastObservedTime": "2026-11-21T14:21:00.000001Z"},
        "eventTime": "2026-11-21T14:20:00.000001Z",
    }
    older = make_event("FailedScheduling", "no room", count=None, at=3)
    assert look(make_pod(), [newer, older]).evidence == (
        "2026-11-21 14:20:03 UTC FailedScheduling: no room",
        "2026-11-21 14:21:00 UTC Unhealthy (x4): Startup probe failed",
    )


def test_events_of_an_earlier_pod_of_the_same_name_are_left_out() -> None:
    earlier = make_pod()
    earlier["metadata"]["uid"] = "another"
    events = [make_event("FailedCreatePodSandBox", "no network", about=earlier)]
    finding = look(make_pod(make_container(state=waiting("ContainerCreating"))), events)
    assert finding.evidence == ()
    assert finding.verdict is None


def test_of_many_events_the_warnings_and_the_newest_stay() -> None:
    events = [make_event("Failed", "early", at=0)]
    events += [make_event("Pulling", str(n), at=n, kind="Normal") for n in range(1, 50)]
    evidence = look(make_pod(), events).evidence
    assert len(evidence) == MOST_LINES
    assert evidence[0].endswith("Failed: early")
    assert evidence[-1].endswith("Pulling: 49")


def test_what_others_run_is_not_told() -> None:
    events = [
        make_event(
            "FailedAttachVolume", "Volume is already used by pod(s) bob-1 and 2 pod(s) in x"
        ),
        make_event("Preempted", "Preempted by pod 5f0c-bob on node node1"),
        make_event("Preempted", "Preempted by team-b/bob-7"),
    ]
    evidence = look(make_pod(), events).evidence
    assert "bob" not in str(evidence)
    assert any("used by another pod" in line for line in evidence)
    assert any("by another pod on node node1" in line for line in evidence)


def test_credentials_and_orders_to_a_terminal_are_taken_out() -> None:
    hostile = (
        "\x1b[2J\x1b]8;;https://x\x07\x1b]52;c;cm0=\x1b\\pull\r\nfrom \u202ehttps://ann:pw@r.example"
        "/v2/?service=x&token=abc failed\x00: password=hunter2"
    )
    assert clean(hostile) == "pull from https://r.example/v2/ failed : password=***"


@given(st.text() | st.text("\x1b[]();:=Aa0?@/\u202e\x07\\ \n", max_size=60))
def test_whatever_the_cluster_says_is_one_short_harmless_line(text: str) -> None:
    cleaned = clean(text * 5)
    assert len(cleaned) <= DETAIL_LENGTH
    assert not has_control_characters(cleaned)


@given(
    st.lists(st.tuples(st.text(max_size=400), st.integers(0, 90), st.integers(-3, 9)), max_size=40)
)
def test_evidence_is_bounded_ordered_and_without_repeats(
    given_events: list[tuple[str, int, int]],
) -> None:
    events = [make_event("Failed", text, at=at, count=n) for text, at, n in given_events]
    evidence = look(make_pod(), events).evidence
    assert len(evidence) <= MOST_LINES
    assert all(len(line) <= LINE_LENGTH for line in evidence)
    times = [line[:19] for line in evidence]
    assert all(earlier <= later for earlier, later in pairwise(times))


def test_the_programs_last_lines_are_kept_apart() -> None:
    said: Any = "Traceback\n  File x\n\x1b[31mValueError: token=abc\x1b[0m\n\n"
    finding = look(make_pod(make_container(state=terminated("Error", 1, said)), phase="Failed"))
    assert finding.lines == ("Traceback", "File x", "ValueError: token=***")


def test_of_a_helper_that_crashed_its_own_last_lines_are_kept() -> None:
    helper = make_container("side", terminated("Error", 7, "no route\nno luck"), always=True)
    pod = make_pod(make_container(state=waiting("PodInitializing")), init=[helper])
    finding = look(pod)
    assert finding.lines == ("no route", "no luck")
