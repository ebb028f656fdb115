"""A rule names places that pods have, and meets exactly those."""

from __future__ import annotations

import pytest

from sessions_spawner.policy.overrides.changes import Entry, Steps
from sessions_spawner.policy.overrides.patterns import RuleError, parse_pattern

NOTEBOOK = Entry(1, "name", "notebook")
LIMIT: Steps = ("spec", "containers", NOTEBOOK, "resources", "limits", "cpu")


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("spec", True),
        ("spec.containers", True),
        ("spec.containers[*]", True),
        ("spec.containers[*].resources", True),
        ("spec.containers[*].resources.limits[*]", True),
        ('spec.containers[*].resources.limits["cpu"]', True),
        ('spec.containers["notebook"].resources.limits["c*"]', True),
        ('spec.containers["note?ook"]', True),
        ('spec.containers["proxy"]', False),
        ("spec.initContainers[*]", False),
        ("spec.containers[*].resources.requests", False),
        ('spec.containers[*].resources.limits["memory"]', False),
        ("metadata", False),
    ],
)
def test_a_pattern_covers_its_place_and_everything_in_it(text: str, covers: bool) -> None:
    assert parse_pattern(text).covers(LIMIT) is covers


def test_a_pattern_does_not_cover_what_holds_its_place() -> None:
    pattern = parse_pattern("spec.containers[*].resources.limits")
    assert not pattern.covers(LIMIT[:4])
    assert pattern.is_at(LIMIT[:5])
    assert not pattern.is_at(LIMIT)


def test_keys_with_dots_and_slashes_are_quoted() -> None:
    pattern = parse_pattern('metadata.annotations["sessions.jupyter.org/*"]')
    assert pattern.covers(("metadata", "annotations", "sessions.jupyter.org/a.b"))
    assert not pattern.covers(("metadata", "annotations", "sessions.jupyter.orgs"))
    assert not pattern.covers(("metadata", "labels", "sessions.jupyter.org/a"))


def test_an_entry_without_a_key_is_met_by_the_star_alone() -> None:
    place: Steps = ("spec", "containers", Entry(0))
    assert parse_pattern("spec.containers[*]").covers(place)
    assert not parse_pattern('spec.containers["?*"]').covers(place)


def test_ports_are_told_by_their_numbers() -> None:
    pattern = parse_pattern('spec.containers[*].ports["80*"]')
    port = Entry(0, "containerPort", "8080")
    assert pattern.covers(("spec", "containers", NOTEBOOK, "ports", port, "name"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "A rule cannot be empty"),
        ("spec.container", "can never match: ‘spec’ has no field ‘container’."),
        ("status.phase", "can never match: ‘a pod’ has no field ‘status’."),
        ("spec.containers.name", 'can never match: ‘spec.containers’ has entries: write [*] or'),
        ("spec.nodeSelector.disk", '‘spec.nodeSelector’ has entries: write [*] or ["disk"].'),
        ("spec.hostPID[*]", "‘spec.hostPID’ is no list and no mapping with keys of one's own."),
        ("spec.hostPID.x", "‘spec.hostPID’ has no field ‘x’."),
        ('spec["hostPID"]', "‘spec’ is no list and no mapping with keys of one's own."),
        ('spec.tolerations["a"]', "‘spec.tolerations’ has entries without a key: write [*]."),
        ('metadata.finalizers["a"]', "‘metadata.finalizers’ has entries without a key"),
        ("spec.containers[0]", "write fields as a.b, entries as [*] or"),
        ("spec.containers[name=a]", "write fields as a.b, entries as [*] or"),
        (".spec", "write fields as a.b"),
        ("spec.", "write fields as a.b"),
        ("spec.containers[*]name", "write fields as a.b"),
        ("spec..hostPID", "write fields as a.b"),
        (" spec", "write fields as a.b"),
        ('spec.nodeSelector[""]', "write fields as a.b"),
    ],
)  # fmt: skip
def test_a_rule_that_can_never_match_is_an_error(text: str, sentence: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_pattern(text)
    assert sentence in str(caught.value)


def test_a_pattern_knows_what_it_reaches_and_what_is_replaced_whole() -> None:
    assert parse_pattern("spec.tolerations[*].key").whole == "spec.tolerations"
    assert parse_pattern("spec.tolerations").whole is None
    assert parse_pattern('spec.nodeSelector["a"]').is_value()
    assert not parse_pattern("spec.nodeSelector").is_value()
    assert not parse_pattern("spec.affinity").is_value()
