"""The secrets' share: variables and files by name, never a value."""

from __future__ import annotations

from ...request import LaunchRequest
from ...request.attached import AttachedSecret, attached_secrets
from ...request.offers import Offers
from ..contribution import Contribution, SecretFolder, SecretKey


def contribute(request: LaunchRequest, offers: Offers) -> tuple[Contribution, ...]:
    """Return one contribution a secret."""
    return tuple(_make(one) for one in attached_secrets(request, offers))


def _make(one: AttachedSecret) -> Contribution:
    offer = one.offer
    folder = (
        (SecretFolder(one.folder, offer.secret, offer.keys, offer.mode),)
        if one.folder is not None
        else ()
    )
    return Contribution(
        origin=one.origin,
        secret_env={name: SecretKey(offer.secret, key) for name, key in one.env.items()},
        secret_folders=folder,
        chosen_by=f"secrets.{one.place}",
    )
