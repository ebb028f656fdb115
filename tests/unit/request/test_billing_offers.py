"""Billing projects as they are offered: their ids stand on pods as they are."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.plan.label_values import label_value
from sessions_spawner.request.offer_settings import read_offers
from sessions_spawner.request.offers import BadOffer, BillingOffer


@pytest.mark.parametrize("name", ["ml-q4", "Team_A.1", "01AB-23CD", "x" * 63])
def test_an_id_is_the_value_of_a_label(name: str) -> None:
    offers = read_offers(billing_projects={name: {"title": "Machines", "groups": ["ml"]}})
    assert offers.billing_projects == {name: BillingOffer(name, "Machines", groups=("ml",))}
    assert label_value(name) == name


@pytest.mark.parametrize("name", ["", "ml q4", "-ml", "ml-", "ml---q4", "x" * 64, "ä", 7])
def test_another_id_is_refused(name: object) -> None:
    with pytest.raises(BadOffer, match=f"billing_projects entry ‘{name}’: has to be called like"):
        read_offers(billing_projects={name: {}})


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"ml-q4": {"budget": 500}},
            (
                "billing_projects entry ‘ml-q4’: there is no setting ‘budget’; use title, "
                "description, groups."
            ),
        ),
        (["ml-q4"], "billing_projects has to be a dictionary of names and their settings."),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(settings: Any, sentence: str) -> None:
    with pytest.raises(BadOffer) as refused:
        read_offers(billing_projects=settings)
    assert str(refused.value) == sentence
