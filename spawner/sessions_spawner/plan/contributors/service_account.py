"""The service account's share: as whom a session speaks to the cluster and its cloud."""

from __future__ import annotations

from ...request import LaunchRequest
from ..contribution import Contribution


def contribute(request: LaunchRequest) -> Contribution:
    """Return the account's name, if one was chosen: without one no token is mounted."""
    account = request.service_account
    return Contribution(
        origin="service account",
        settings={"service_account": account} if account is not None else {},
        chosen_by="service_account",
    )
