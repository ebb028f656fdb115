"""A value of a wrong type never passes a control that reads it, and never raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_spawner.policy.pod_security import Level, evaluate
from tests.support.pod_manifests import CONTAINERS, broken, pod_with

LEVELS: tuple[Level, ...] = ("baseline", "restricted")
CONTEXTS = tuple(f"{where}.securityContext" for where in ("spec", *CONTAINERS))
APPARMOR = 'metadata.annotations["container.apparmor.security.beta.kubernetes.io/main"]'

OBJECTS = (
    "metadata.annotations",
    *CONTAINERS,
    *CONTEXTS,
    *(f"{context}.windowsOptions" for context in CONTEXTS),
    *(f"{context}.seLinuxOptions" for context in CONTEXTS),
    *(f"{context}.appArmorProfile" for context in CONTEXTS),
    *(f"{context}.seccompProfile" for context in CONTEXTS),
    *(f"{context}.capabilities" for context in CONTEXTS[1:]),
    *(f"{container}.ports[0]" for container in CONTAINERS),
    *(f"{container}.livenessProbe" for container in CONTAINERS),
    *(f"{container}.startupProbe.httpGet" for container in CONTAINERS),
    *(f"{container}.lifecycle" for container in CONTAINERS),
    *(f"{container}.lifecycle.preStop.tcpSocket" for container in CONTAINERS),
    "spec.securityContext.sysctls[0]",
    "spec.volumes[0]",
    "spec.volumes[0].emptyDir",
)
LISTS = (
    *("spec.initContainers", "spec.containers", "spec.ephemeralContainers", "spec.volumes"),
    *(f"{context}.capabilities.add" for context in CONTEXTS[1:]),
    *(f"{context}.capabilities.drop" for context in CONTEXTS[1:]),
    *(f"{container}.ports" for container in CONTAINERS),
    "spec.securityContext.sysctls",
)
BOOLEANS = (
    *("spec.hostNetwork", "spec.hostPID", "spec.hostIPC"),
    *(f"{context}.windowsOptions.hostProcess" for context in CONTEXTS),
    *(f"{context}.runAsNonRoot" for context in CONTEXTS),
    *(f"{context}.privileged" for context in CONTEXTS[1:]),
    *(f"{context}.allowPrivilegeEscalation" for context in CONTEXTS[1:]),
)
NUMBERS = (
    *(f"{context}.runAsUser" for context in CONTEXTS),
    *(f"{container}.ports[0].hostPort" for container in CONTAINERS),
)
TEXTS = (
    APPARMOR,
    *(f"{context}.seLinuxOptions.{name}" for context in CONTEXTS for name in ("type", "user")),
    *(f"{context}.appArmorProfile.type" for context in CONTEXTS),
    *(f"{context}.seccompProfile.type" for context in CONTEXTS),
    *(f"{context}.procMount" for context in CONTEXTS[1:]),
    *(f"{context}.capabilities.add[0]" for context in CONTEXTS[1:]),
    *(f"{context}.capabilities.drop[1]" for context in CONTEXTS[1:]),
    *(f"{container}.readinessProbe.httpGet.host" for container in CONTAINERS),
    "spec.securityContext.sysctls[0].name",
)
# Of every type, with those that Python takes for false, for none or for a like value.
ODD: tuple[Any, ...] = (
    *(True, False, 0, 1, 1000, 0.0, 1.5, float("nan"), "", "true", "false", "0", "Default"),
    *(b"", b"true", [], ["ALL"], [None], [[]], {}, {"type": "RuntimeDefault"}, set(), object()),
)


def wrong(*fine: type) -> list[Any]:
    return [value for value in ODD if type(value) not in fine]


@pytest.mark.parametrize("path", OBJECTS)
def test_what_is_no_object_breaks_the_controls_that_look_inside(path: str) -> None:
    assert [value for value in wrong(dict) if not broken({path: value})] == []


@pytest.mark.parametrize("path", LISTS)
def test_what_is_no_list_breaks_the_controls_that_go_through_it(path: str) -> None:
    assert [value for value in wrong(list) if not broken({path: value})] == []


@pytest.mark.parametrize("path", BOOLEANS)
def test_what_is_no_boolean_is_neither_true_nor_false(path: str) -> None:
    assert [value for value in wrong(bool) if not broken({path: value})] == []


@pytest.mark.parametrize("path", NUMBERS)
def test_what_is_no_whole_number_is_neither_zero_nor_another(path: str) -> None:
    assert [value for value in wrong(int) if not broken({path: value})] == []


@pytest.mark.parametrize("path", TEXTS)
def test_what_is_no_text_is_no_allowed_name(path: str) -> None:
    assert [value for value in wrong(str) if not broken({path: value})] == []


@pytest.mark.parametrize("value", wrong(dict))
@pytest.mark.parametrize("level", LEVELS)
def test_a_spec_or_metadata_that_is_no_object_is_refused(level: Level, value: Any) -> None:
    assert ("hostNamespaces", "spec") in broken({"spec": value}, level)
    assert ("appArmorProfile", "metadata") in broken({"metadata": value}, level)
    assert evaluate(value, level) != ()


def test_the_sentence_says_which_type_is_wanted() -> None:
    found = evaluate(pod_with({"spec.containers[0].securityContext": "off"}), "baseline")
    assert {(one.path, one.message) for one in found} == {
        (
            "spec.containers[0].securityContext",
            "Make this an object with named fields, or leave it out.",
        )
    }
    for level in LEVELS:
        found = evaluate(pod_with({"spec.volumes": {}}), level)
        assert [one.message for one in found] == ["Make this a list, or leave it out."]
        found = evaluate(pod_with({"spec.volumes": ["/"]}), level)
        assert [one.path for one in found] == ["spec.volumes[0]"]


def test_one_place_is_named_once_by_each_control() -> None:
    found = evaluate(pod_with({"spec.containers": "none"}), "restricted")
    assert len(found) == len(set(found))
    assert {one.path for one in found} == {"spec.containers"}


def test_wrong_types_that_only_forgive_forgive_nothing() -> None:
    assert broken({"spec.os": 7, "spec.hostUsers": "false"}, "restricted", "v1.37") == set()


ANY_KEY = st.one_of(
    st.sampled_from([*"abc", "spec", "metadata", "securityContext", "containers", "type", "name"]),
    st.none(),
    st.booleans(),
    st.integers(),
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(ANY_KEY, inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(
    st.sampled_from([*OBJECTS, *LISTS, *BOOLEANS, *NUMBERS, *TEXTS, "spec.os", "spec.hostUsers"]),
    ANYTHING,
    st.sampled_from(["v1.0", "v1.18", "v1.22", "v1.34", "v1.37"]),
)
def test_nothing_that_stands_anywhere_raises(path: str, value: Any, version: str) -> None:
    for level in LEVELS:
        broken({path: value}, level, version)


@settings(deadline=None)
@given(ANYTHING)
def test_no_manifest_raises(pod: Any) -> None:
    for level in LEVELS:
        evaluate(pod, level, "v1.18")
        evaluate({"spec": pod, "metadata": pod}, level)
