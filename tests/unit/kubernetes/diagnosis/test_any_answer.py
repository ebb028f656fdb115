"""Whatever a cluster's JSON holds, looking at it gives a value: partial, missing, null, wrong."""

from __future__ import annotations

import copy
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from sessions_service.lifecycle.causes import Cause as ServiceCause
from sessions_spawner.kubernetes.diagnosis import Cause, Finding, Verdict, explain_refusal, look
from sessions_spawner.request.fields import has_control_characters
from tests.support.pod_sentences import sentence_of
from tests.support.pod_states import (
    condition,
    crash_loop,
    make_claim,
    make_container,
    make_event,
    make_node,
    make_pod,
    mounts_claim,
    running,
    terminated,
    unscheduled,
    waiting,
    well,
)

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20)
)
KEYS = st.sampled_from(
    ["metadata", "spec", "status", "name", "state", "waiting", "reason", "phase", "conditions"]
) | st.text(max_size=8)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)
TARGET = condition("DisruptionTarget", "True", "TerminationByKubelet", "low on resource: memory")
SIDE = make_container("side", crash_loop("side"), last=terminated("Error", 7), always=True)
PODS = [
    make_pod(well(), phase="Running", conditions=[condition("Ready", "True")]),
    make_pod(make_container(state=waiting("ErrImagePull", "not found"))),
    make_pod(make_container(state=waiting("PodInitializing")), init=[SIDE]),
    make_pod(make_container(state=terminated("OOMKilled", 137)), phase="Failed", deleted_at=9),
    make_pod(well(), conditions=[TARGET], deleted_at=5, volumes=[mounts_claim()]),
    make_pod(make_container(state=running()), phase="Failed", reason="Evicted", message="x"),
    unscheduled("0/1 nodes: 1 Insufficient cpu", requests={"cpu": "9"}, volumes=[mounts_claim()]),
]
EVENTS = [
    make_event("FailedMount", 'failed for volume "drive" : secret "x" not found', count=4),
    make_event("FailedScheduling", "1 Insufficient nvidia.com/gpu.", count=None),
    make_event("ProvisioningFailed", 'storageclass "x" not found', about=make_claim()),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the paths of all places in a JSON value."""
    inner: list[Any] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


@st.composite
def damaged(draw: st.DrawFn, among: list[Any]) -> Any:
    """Draw an object of which some places hold something else, or nothing."""
    whole = [copy.deepcopy(draw(st.sampled_from(among)))]
    for _ in range(draw(st.integers(0, 4))):
        path = draw(st.sampled_from(places(whole)[1:]))
        holder: Any = whole
        for key in path[:-1]:
            holder = holder[key]
        if isinstance(holder, dict) and draw(st.booleans()):
            del holder[path[-1]]
        else:
            holder[path[-1]] = draw(JSON)
        if not places(whole)[1:]:
            break
    return whole[0]


def check(finding: Finding, *, stopped_by_us: bool) -> None:
    """Check what holds of every finding."""
    check_harmless(*finding.evidence, *finding.lines)
    check_harmless(*(text for one in finding.unready for text in (one.name, one.why)))
    if finding.is_ready:
        assert finding.is_running
        assert not finding.unready
    if finding.is_over:
        assert not finding.is_running
        assert finding.verdict or stopped_by_us
    if finding.verdict:
        check_verdict(finding.verdict)
        assert finding.verdict.is_final or not finding.is_over


def check_verdict(verdict: Verdict) -> None:
    """Check what holds of every verdict: it makes a whole sentence."""
    assert verdict.cause in get_args(Cause)
    sentence = sentence_of(verdict)
    assert sentence.endswith((".", "…"))
    check_harmless(sentence, verdict.detail, *map(str, verdict.words.values()))
    check_harmless(*verdict.fields, *verdict.fields.values())


def check_harmless(*texts: str) -> None:
    """Check that texts are short and can be shown anywhere."""
    assert all(len(text) <= 500 for text in texts)
    assert not [text for text in texts if has_control_characters(text)]


def test_the_causes_are_of_the_closed_list() -> None:
    assert set(get_args(Cause)) <= {str(cause) for cause in ServiceCause}


@given(
    damaged(PODS) | JSON,
    st.lists(damaged(EVENTS) | JSON, max_size=4) | JSON,
    st.lists(damaged([make_claim(), make_claim(phase="Lost")]) | JSON, max_size=2) | JSON,
    st.lists(damaged([make_node(), make_node("node1", "Unknown", "x")]) | JSON, max_size=2) | JSON,
    st.booleans(),
    st.booleans(),
)
def test_looking_never_fails(
    pod: Any, events: Any, claims: Any, nodes: Any, is_gone: bool, stopped_by_us: bool
) -> None:
    finding = look(
        pod,
        events,
        claims=claims,
        claim_events=events,
        nodes=nodes,
        drives={"claim-data": "data"},
        is_gone=is_gone,
        stopped_by_us=stopped_by_us,
    )
    check(finding, stopped_by_us=stopped_by_us)


@given(damaged(PODS), st.lists(damaged(EVENTS), max_size=4))
def test_looking_twice_finds_the_same_and_changes_nothing(pod: Any, events: Any) -> None:
    before = copy.deepcopy((pod, events))
    assert repr(look(pod, events)) == repr(look(pod, events))
    assert repr((pod, events)) == repr(before)


STATUS = {
    "kind": "Status",
    "message": 'pods "c" is forbidden: exceeded quota: rq, requested: pods=1, used: pods=1, '
    "limited: pods=1",
    "details": {"causes": [{"field": "spec.x", "message": "Required value"}]},
}


REFUSED = (
    "exceeded quota: q, requested: {0}=1, used: {0}={0}, limited: {0}",
    "failed quota: q: must specify {0} for: main; {0}",
    "insufficient quota to consume: {0}",
    "maximum {0} usage per {0} is {0}, but limit is {0}",
    'violates PodSecurity "restricted:latest": {0} ({0}), {0} (((',
    'cannot {0} resource "{0}"',
    'serviceaccount "{0}" not found',
    'admission webhook "x" denied the request: {0}',
)


@given(st.sampled_from(REFUSED), st.text() | st.text("\x1b[]();:=,.Aa0\u202e\n ", max_size=60))
def test_hostile_words_in_a_refusal_are_harmless(template: str, hostile: str) -> None:
    for text in (hostile, f"cpu{hostile}", hostile * 20):
        message = template.replace("{0}", text)
        check_verdict(explain_refusal(403, {"message": message}))


PENDING = (
    waiting("CreateContainerConfigError", 'secret "{0}" not found'),
    waiting("CreateContainerError", "{0}"),
    waiting("{0}", "{0}"),
    waiting("ErrImagePull", "{0}"),
    terminated("StartError", 128, 'exec: "{0}": stat {0}: no such file or directory'),
    terminated("Error", 1, "{0}"),
)


@given(st.sampled_from(PENDING), st.text(min_size=1) | st.text("\x1b[]m\u202e\n\x07;", min_size=1))
def test_hostile_words_in_a_pod_are_harmless(state: dict[str, Any], hostile: str) -> None:
    ((kind, said),) = state.items()
    filled = {
        key: word.replace("{0}", hostile * 9) if isinstance(word, str) else word
        for key, word in said.items()
    }
    container = make_container(hostile, {kind: filled}, image=hostile)
    events = [make_event(hostile, hostile), make_event("FailedMount", f'volume "{hostile}" : x')]
    for pod in (make_pod(container), make_pod(make_container(), init=[container])):
        check(look(pod, events), stopped_by_us=False)


@given(st.integers() | st.sampled_from([401, 403, 404, 409, 422, 429, 500]),
       damaged([STATUS]) | JSON)  # fmt: skip
def test_explaining_a_refusal_never_fails(status: int, body: Any) -> None:
    check_verdict(explain_refusal(status, body))
