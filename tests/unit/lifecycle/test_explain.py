"""Every cause has a whole row, and its sentence can be said with evidence and without."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_service.lifecycle.actors import OtherService, Part
from sessions_service.lifecycle.causes import (
    CAUSES,
    Cause,
    Ending,
    Status,
    state_of_end,
    status_of,
)
from sessions_service.lifecycle.explain import explain, say_exit
from sessions_service.lifecycle.table import ENDED, PENDING, State
from sessions_spawner.durations import say_duration

STARTED = datetime(2026, 11, 21, 14, 20, tzinfo=UTC)
ENDED_AT = STARTED + timedelta(minutes=12)

# What whoever ends a session with a cause notes beside it.
EVIDENCE: dict[Cause, dict[str, Any]] = {
    Cause.EXITED: {"exit_code": 0},
    Cause.CRASHED: {"exit_code": -11, "lines": ["a"]},
    Cause.OUT_OF_MEMORY: {"memory": "4 GiB"},
    Cause.EVICTED: {"resource": "disk"},
    Cause.IMAGE_PULL: {"image": "own:1", "detail": "not found"},
    Cause.UNSCHEDULABLE: {"size": "8 CPU and 32 GiB", "waited_seconds": 300},
    Cause.VOLUME: {"drive": "data", "detail": "it is full"},
    Cause.QUOTA: {"detail": "40 of 40 CPU"},
    Cause.START_TIMEOUT: {"stage": "waiting for the server", "waited_seconds": 61.5},
    Cause.REFUSED: {"detail": "No environment called ‘r’."},
    Cause.BUDGET: {"project": "team-a"},
    Cause.LIFETIME: {"lifetime": "12 h"},
    Cause.LOST: {"seen": "2026-11-21T14:20:00+00:00", "missed": "2026-11-21T15:25:00+01:00"},
}


def said(
    cause: Cause,
    evidence: dict[str, Any],
    viewer: str = "anna",
    by: str | None = "kim",
    idle_timeout: int = 1800,
    idle_presets: tuple[int, ...] = (),
) -> dict[str, Any]:
    """Return the explanation of a session that ran for 12 minutes."""
    return explain(
        cause,
        viewer=viewer,
        ended_by=by,
        evidence=evidence,
        idle_timeout=idle_timeout,
        started_at=STARTED,
        ended_at=ENDED_AT,
        idle_presets=idle_presets,
    )


@pytest.mark.parametrize("cause", Cause)
def test_a_causes_row_is_complete(cause: Cause) -> None:
    ending = CAUSES[cause]
    assert ending.state in (State.STOPPED, State.FAILED)
    assert (ending.status is Status.FAILED) == (ending.state is State.FAILED)
    for sentence in (*ending.fuller, ending.sentence):
        assert sentence[0].isupper() or sentence[0] == "{"
        assert sentence.endswith(".")
    assert ending.short
    assert not ending.short.endswith(".")
    assert ending.label
    assert ending.action in ("restart", "clone", "drives", "sessions", "logs")


def test_there_is_a_row_for_every_cause_of_the_design() -> None:
    assert set(CAUSES) == set(Cause)
    assert {str(cause) for cause in Cause} == {
        "user",
        "admin",
        "idle",
        "lifetime",
        "exited",
        "crashed",
        "out-of-memory",
        "evicted",
        "node-lost",
        "image-pull",
        "unschedulable",
        "volume",
        "quota",
        "start-timeout",
        "refused",
        "budget",
        "shutdown",
        "owner-gone",
        "lost",
    }


@pytest.mark.parametrize("cause", Cause)
def test_a_cause_with_its_evidence_is_a_whole_sentence(cause: Cause) -> None:
    told = said(cause, EVIDENCE.get(cause, {}))
    for text in (told["sentence"], told["short"]):
        assert "unknown" not in text
        assert "{" not in text
        assert "None" not in text
    assert told["sentence"].endswith(".")
    assert set(told["next"]) == {"label", "action", "changes"}
    assert all(one["text"] in told["sentence"] for one in told["times"])


@pytest.mark.parametrize("cause", Cause)
def test_a_cause_without_evidence_still_has_a_sentence(cause: Cause) -> None:
    told = explain(
        cause,
        viewer="anna",
        ended_by=None,
        evidence={},
        idle_timeout=-1,
        started_at=None,
        ended_at=None,
    )
    for text in (told["sentence"], told["short"]):
        assert text
        assert not {"{", "unknown", "None"} & set(text.replace("{", " { ").split())


@pytest.mark.parametrize("cause", Cause)
def test_of_a_causes_sentences_the_first_needs_most_and_the_usual_one_nothing(
    cause: Cause,
) -> None:
    ending = CAUSES[cause]
    needs = [
        {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        for sentence in (*ending.fuller, ending.sentence)
    ]
    for number, names in enumerate(needs):
        assert not any(earlier <= names for earlier in needs[:number]), "it is never said"


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
FIELDS = {
    field
    for ending in CAUSES.values()
    for template in (*ending.fuller, ending.sentence, ending.short)
    for _, field, _, _ in string.Formatter().parse(template)
    if field
} | {"waited_seconds", "lifetime_seconds", "container", "reason", "lines", "stage"}


@given(
    st.sampled_from(Cause),
    st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(), ANYTHING, max_size=6),
    st.none() | st.text(),
)
def test_explaining_never_fails_whatever_the_evidence(
    cause: Cause, evidence: dict[str, Any], by: str | None
) -> None:
    told = said(cause, evidence, by=by)
    assert told["sentence"]


def test_braces_in_evidence_are_text() -> None:
    told = said(Cause.REFUSED, {"detail": "{viewer} {0} {who.__class__}"})
    assert told["sentence"] == "It was not started: {viewer} {0} {who.__class__}."


@pytest.mark.parametrize(
    ("cause", "viewer", "by", "evidence", "sentence", "short"),
    [
        (Cause.USER, "anna", "anna", {}, "You stopped it.", "stopped by you"),
        (Cause.USER, "kim", "anna", {"reason": "done"}, "anna stopped it: ‘done’.",
         "stopped by anna"),
        (Cause.USER, "anna", Part.HUB, {}, "It was stopped through the hub.",
         "stopped through the hub"),
        (Cause.ADMIN, "anna", "kim", {"reason": "node maintenance"},
         "kim (administrator) stopped it: ‘node maintenance’.", "stopped by kim"),
        (Cause.ADMIN, "kim", "kim", {}, "You (administrator) stopped it.", "stopped by you"),
        (Cause.USER, "anna", None, {}, "Somebody stopped it.", "stopped by somebody"),
        (Cause.USER, "hub", "hub", {}, "You stopped it.", "stopped by you"),
        (Cause.USER, "anna", "clock", {}, "clock stopped it.", "stopped by clock"),
        (Cause.USER, "anna", OtherService("anna"), {}, "anna stopped it.", "stopped by anna"),
        (Cause.USER, "anna", Part.SERVICE, {}, "The service stopped it.", "stopped by service"),
        (Cause.IDLE, "anna", Part.CLOCK, {},
         "Nobody used it for 30 min, so it stopped at 14:32 UTC. Files on drives are kept.",
         "idle for 30 min"),
        (Cause.CRASHED, "anna", Part.SESSION, {"exit_code": 137},
         ("The program inside crashed (it was killed) 12 min after its start. "
         "Its last lines are below."), "crashed (it was killed)"),
        (Cause.CRASHED, "anna", Part.SESSION, {},
         ("The program inside crashed (no exit code) 12 min after its start. "
         "Its last lines are below."), "crashed (no exit code)"),
        (Cause.START_TIMEOUT, "anna", Part.HUB, EVIDENCE[Cause.START_TIMEOUT],
         "It was not ready after 1 min. It got as far as waiting for the server.",
         "not ready in time"),
        (Cause.LOST, "anna", Part.RECONCILER, EVIDENCE[Cause.LOST],
         "It vanished without a report between 14:20 UTC and 14:25 UTC. Files on drives are kept.",
         "vanished"),
        # Nobody noted when it was seen: its start and its end say at least as much.
        (Cause.LOST, "anna", Part.SERVICE, {},
         "It vanished without a report between 14:20 UTC and 14:32 UTC. Files on drives are kept.",
         "vanished"),
        (Cause.LOST, "anna", Part.HUB, {"detail": "somebody deleted it in the cluster"},
         "It vanished: somebody deleted it in the cluster. Files on drives are kept.", "vanished"),
        (Cause.VOLUME, "anna", Part.HUB, {"detail": "It is full. Make room."},
         "A drive could not be attached: It is full. Make room.", "drive not attached"),
        (Cause.REFUSED, "anna", Part.HUB, {"detail": "Choose another."},
         "It was not started: Choose another.", "refused"),
        (Cause.REFUSED, "anna", Part.HUB, {"detail": "."}, "It was not started.", "refused"),
        (Cause.CRASHED, "anna", Part.HUB, {"exit_code": 7, "container": "sql"},
         ("Its helper ‘sql’ crashed (exit code 7) 12 min after its start. "
         "Its last lines are below."), "crashed (exit code 7)"),
        (Cause.CRASHED, "anna", Part.HUB, {"exit_code": 137, "detail": "it did not answer"},
         ("The program inside crashed (it was killed) 12 min after its start: "
         "it did not answer."), "crashed (it was killed)"),
        (Cause.OUT_OF_MEMORY, "anna", Part.HUB, {"memory": "64 MiB", "container": "sql"},
         "Its helper ‘sql’ needed more memory than its 64 MiB.", "out of memory"),
        (Cause.OUT_OF_MEMORY, "anna", Part.HUB, {}, "It needed more memory than it may use.",
         "out of memory"),
        (Cause.EVICTED, "anna", Part.HUB, {"detail": "its machine was emptied"},
         "The cluster took it off its machine: its machine was emptied.", "evicted"),
        (Cause.EVICTED, "anna", Part.HUB, {"detail": "x", "resource": "memory"},
         "Its machine ran short of memory and the cluster took it off.", "evicted"),
        (Cause.NODE_LOST, "anna", Part.HUB, {"detail": "it does not answer"},
         "The machine it ran on went away: it does not answer.", "machine lost"),
        (Cause.IMAGE_PULL, "anna", Part.HUB, {"detail": "the registry does not answer"},
         "Its image could not be fetched: the registry does not answer.", "image not fetched"),
        (Cause.UNSCHEDULABLE, "anna", Part.HUB, {"detail": "some are closed", "size": ""},
         "No machine could take it: some are closed.", "no room"),
        (Cause.UNSCHEDULABLE, "anna", Part.HUB, {"detail": "not enough GPU", "size": "9 GPU"},
         "No machine had room for 9 GPU.", "no room"),
        (Cause.VOLUME, "anna", Part.HUB, {"detail": "its storage is gone"},
         "A drive could not be attached: its storage is gone.", "drive not attached"),
        (Cause.START_TIMEOUT, "anna", Part.HUB, {"waited_seconds": 300},
         "It was not ready after 5 min.", "not ready in time"),
        (Cause.LIFETIME, "anna", Part.HUB, {"lifetime_seconds": 7200},
         "It reached its longest life of 2 h.", "longest life"),
        (Cause.EXITED, "anna", Part.HUB, {"exit_code": 0},
         "The program inside ended by itself (exit code 0).", "ended by itself"),
    ],
)  # fmt: skip
def test_people_read_what_happened(
    cause: Cause, viewer: str, by: str | None, evidence: dict[str, Any], sentence: str, short: str
) -> None:
    told = said(cause, evidence, viewer, by)
    assert (told["sentence"], told["short"]) == (sentence, short)


# Times and next steps


def test_times_of_a_sentence_are_data_beside_it() -> None:
    told = said(Cause.LOST, EVIDENCE[Cause.LOST])
    assert told["times"] == [
        {"text": "14:20 UTC", "at": "2026-11-21T14:20:00.000Z"},
        {"text": "14:25 UTC", "at": "2026-11-21T14:25:00.000Z"},
    ]
    told = said(Cause.IDLE, {})
    assert told["times"] == [{"text": "14:32 UTC", "at": "2026-11-21T14:32:00.000Z"}]
    assert said(Cause.USER, {})["times"] == []


def test_a_time_of_another_day_is_said_with_its_day() -> None:
    told = said(Cause.LOST, {"seen": "2026-11-20T23:50:00+00:00"})
    assert "between 2026-11-20 23:50 UTC and 14:32 UTC" in told["sentence"]


@pytest.mark.parametrize("seen", ["14:20", "yesterday", "2026-11-21T14:20:00"])
def test_what_is_no_moment_is_said_and_is_no_time(seen: str) -> None:
    told = said(Cause.LOST, {"seen": seen})
    assert f"between {seen} and 14:32 UTC" in told["sentence"]
    assert [one["text"] for one in told["times"]] == ["14:32 UTC"]


@pytest.mark.parametrize(
    ("timeout", "presets", "label", "changes"),
    [
        (900, (900, 1800, 3600, -1), "Start again with 30 min", {"idle_timeout": 1800}),
        (7200, (3600, 43_200, 86_400), "Start again with 12 h", {"idle_timeout": 43_200}),
        (86_400, (900, 86_400, -1), "Start again without a limit", {"idle_timeout": -1}),
        (86_400, (900, 86_400), "Start again", {}),
        (900, (), "Start again", {}),
    ],
)
def test_after_an_idle_end_the_next_longer_timeout_of_this_hub_is_offered(
    timeout: int, presets: tuple[int, ...], label: str, changes: dict[str, Any]
) -> None:
    told = said(Cause.IDLE, {}, idle_timeout=timeout, idle_presets=presets)
    assert told["next"] == {"label": label, "action": "restart", "changes": changes}


def test_other_ends_offer_no_other_timeout() -> None:
    assert said(Cause.LIFETIME, {}, idle_presets=(3600,))["next"]["changes"] == {}


# Status


@pytest.mark.parametrize("cause", Cause)
def test_an_ended_sessions_status_follows_its_cause(cause: Cause) -> None:
    ending: Ending = CAUSES[cause]
    assert state_of_end(cause) is ending.state
    assert status_of(ending.state, cause) is ending.status
    assert status_of(State.ARCHIVED, cause) is ending.status


@pytest.mark.parametrize("cause", [None, *Cause])
def test_a_stopping_session_is_failing_only_for_a_cause_that_fails(cause: Cause | None) -> None:
    fails = cause is not None and state_of_end(cause) is State.FAILED
    wanted = Status.FAILING if fails else Status.CANCELLING
    assert status_of(State.STOPPING, cause) is wanted


@pytest.mark.parametrize("cause", [None, *Cause])
def test_a_live_sessions_status_does_not_depend_on_a_cause(cause: Cause | None) -> None:
    assert status_of(State.RUNNING, cause) is Status.IN_PROGRESS
    assert all(status_of(state, cause) is Status.PENDING for state in PENDING)


def test_an_end_without_a_cause_still_has_a_status() -> None:
    found = {state: status_of(state, None) for state in ENDED}
    assert found[State.FAILED] is Status.FAILED
    assert found[State.STOPPED] is Status.DONE


# Durations and exits


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"), (-5, "0 s"), (0.4, "0 s"), (45, "45 s"), (59.4, "59 s"), (59.6, "1 min"),
        (60, "1 min"), (90, "1 min"), (1800, "30 min"), (3599, "59 min"), (3599.6, "1 h"),
        (3600, "1 h"), (8100, "2 h 15 min"), (86_400, "24 h"), (172_799, "47 h 59 min"),
        (172_800, "2 days"), (180_000, "2 days 2 h"), (259_200, "3 days"),
        (float("inf"), "an unknown time"),
    ],
)  # fmt: skip
def test_a_duration_is_said_as_people_say_it(seconds: float, text: str) -> None:
    assert say_duration(seconds) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (0, "exit code 0"), (1, "exit code 1"), (128, "exit code 128"), (255, "exit code 255"),
        (-9, "it was killed"), (137, "it was killed"), (-11, "it broke (segmentation fault)"),
        (143, "it was ended by a signal"), (-2, "exit code -2"), (None, "no exit code"),
        ("9", "no exit code"),
    ],
)  # fmt: skip
def test_an_exit_code_is_said_by_what_it_means(code: object, text: str) -> None:
    assert say_exit(code) == text
