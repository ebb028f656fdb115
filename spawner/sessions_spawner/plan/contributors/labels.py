"""The labels' share: what a cluster's objects say of their session."""

from __future__ import annotations

from ...request import LaunchRequest
from ...request.labelled_accounts import LABEL_PREFIX
from ..contribution import Contribution
from ..label_values import label_value


def contribute(request: LaunchRequest, session_id: str, owner: str | None) -> Contribution:
    """Return the labels, keys with a prefix and valid values; none where nobody looks for them.

    What KubeSpawner sets itself (`app.kubernetes.io/name`, `managed-by`, `component`) is left to
    it: the hub finds its pods by that.
    """
    if owner is None:
        return Contribution(origin="labels")
    values = {
        "app.kubernetes.io/instance": session_id,
        "app.kubernetes.io/part-of": LABEL_PREFIX,
        f"{LABEL_PREFIX}/session": session_id,
        f"{LABEL_PREFIX}/owner": owner,
        f"{LABEL_PREFIX}/environment": request.environment,
    }
    if request.billing_project is not None:
        values[f"{LABEL_PREFIX}/billing-project"] = request.billing_project
    return Contribution(
        origin="labels", labels={key: label_value(text) for key, text in values.items()}
    )
