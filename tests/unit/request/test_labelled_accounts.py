"""A label and annotations offer a service account; a misspelt one offers it to nobody."""

from __future__ import annotations

from typing import Any

import pytest

from sessions_spawner.request.labelled_accounts import OFFERED, settings_of_labelled
from sessions_spawner.request.offer_settings import read_offers
from sessions_spawner.request.offers import AccountOffer, BadOffer


def account(name: str, **annotations: str) -> dict[str, Any]:
    """Return a ServiceAccount object as the API server lists it, with annotations of ours."""
    key, _, value = OFFERED.partition("=")
    told = {f"jupyterhub-sessions/{one}": text for one, text in annotations.items()}
    return {
        "metadata": {
            "name": name,
            "labels": {key: value},
            "annotations": {"iam.gke.io/gcp-service-account": "a@p.example", **told},
        }
    }


def test_annotations_say_title_description_and_groups() -> None:
    listed = [
        account("train", title="Training", description="Writes models", groups="ml, ops ,"),
        account("plain"),
        {"metadata": {"name": "bare", "annotations": None}},
    ]
    found = read_offers(service_accounts=settings_of_labelled(listed)).service_accounts
    assert found == {
        "train": AccountOffer("train", "Training", "Writes models", ("ml", "ops")),
        "plain": AccountOffer("plain", "plain"),
        "bare": AccountOffer("bare", "bare"),
    }


def test_a_misspelt_annotation_is_refused_instead_of_offering_to_everybody() -> None:
    with pytest.raises(BadOffer) as refused:
        settings_of_labelled([account("train", group="ml")])
    assert str(refused.value) == (
        "service account ‘train’: there is no annotation ‘jupyterhub-sessions/group’; use "
        "jupyterhub-sessions/title, jupyterhub-sessions/description, jupyterhub-sessions/groups."
    )


@pytest.mark.parametrize("groups", ["", " ", ","])
def test_groups_that_name_none_are_refused(groups: str) -> None:
    with pytest.raises(BadOffer, match="names no group; leave the annotation out to offer it"):
        settings_of_labelled([account("train", groups=groups)])
