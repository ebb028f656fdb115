"""Whole manifests of many launch requests; `python -m tests.support.session_manifests` renews."""

from __future__ import annotations

import pytest

from tests.support.manifest_cases import CASES
from tests.support.session_manifests import GOLDEN, make_ours, to_golden


@pytest.mark.parametrize("name", CASES)
def test_what_is_sent_for_a_request_is_as_it_was_reviewed(name: str) -> None:
    case = CASES[name]
    expected = (GOLDEN / f"{name}.json").read_text(encoding="utf-8")
    assert to_golden(case, make_ours(case)) == expected


def test_every_golden_manifest_has_its_case() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} == set(CASES)
    assert len(CASES) >= 30
