"""What drives may be asked for: the sentence says what to change."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sessions_service.drives.terms import why_not_grow, wrong_choices, wrong_growth, wrong_total
from sessions_spawner.wire.snapshot import DriveTerms

FOLDERS = DriveTerms()
FIXED = DriveTerms(size="10Gi")
CHOICE = DriveTerms(size="10Gi", size_max="100Gi", storage_class="plain", storage_classes=("fast",))


@pytest.mark.parametrize("size", [None, "1Gi", "100Gi", "50G"])
@pytest.mark.parametrize("kind", [None, "plain", "fast"])
def test_what_is_offered_is_taken(size: str | None, kind: str | None) -> None:
    assert wrong_choices(CHOICE, size, kind) == {}


def test_more_than_is_offered_is_refused_with_the_bound() -> None:
    assert wrong_choices(CHOICE, "101Gi", "slow") == {
        "size": "Choose 100Gi or less.",
        "storage_class": "Choose one of: fast, plain.",
    }
    assert wrong_choices(FIXED, "11Gi", "fast") == {
        "size": "Choose 10Gi or less.",
        "storage_class": "Leave it out.",
    }


def test_drives_together_have_no_more_than_they_may() -> None:
    bounded = DriveTerms(size="10Gi", size_max="100Gi", total_max="100Gi")
    assert wrong_total(bounded, Decimal(60 << 30), "40Gi") == ""
    assert wrong_total(bounded, Decimal(60 << 30), "41Gi") == (
        "Your drives have 60 of 100 GiB. Choose 40 GiB or less."
    )
    assert wrong_total(bounded, Decimal("63.96") * 2**30, "41Gi") == (
        "Your drives have 63.9 of 100 GiB. Choose 36 GiB or less."
    )
    assert wrong_total(bounded, Decimal(100 << 30), "1Gi") == (
        "Your drives have 100 of 100 GiB. Delete one first."
    )
    assert wrong_total(CHOICE, Decimal(900 << 30), "100Gi") == "", "without a bound"
    assert wrong_total(FOLDERS, Decimal(0), None) == "", "without sizes"


def test_folders_have_no_size() -> None:
    assert wrong_choices(FOLDERS, None, None) == {}
    assert "no size" in wrong_choices(FOLDERS, "1Gi", None)["size"]
    assert "no size" in wrong_growth(FOLDERS, None, "1Gi")
    assert "no size" in why_not_grow(FOLDERS, None)


def test_a_drive_only_grows_and_only_as_far_as_it_may() -> None:
    assert wrong_growth(CHOICE, "10Gi", "20Gi") == ""
    assert wrong_growth(CHOICE, "10Gi", "10Gi") == ""
    assert wrong_growth(CHOICE, "10Gi", "9Gi") == "A drive only grows: choose more than 10Gi."
    assert wrong_growth(CHOICE, "10Gi", "1Ti") == "Choose 100Gi or less."
    assert why_not_grow(CHOICE, "10Gi") == ""
    assert "100Gi" in why_not_grow(CHOICE, "100Gi")
    assert "10Gi" in why_not_grow(FIXED, "10Gi")
    assert why_not_grow(CHOICE, "1e9") == "", "a size written otherwise is the cluster's to judge"
