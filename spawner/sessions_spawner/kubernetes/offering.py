"""What the settings offer to sessions in pods, and what they say about the pods themselves."""

from __future__ import annotations

from typing import Any

from traitlets.config import Config

from ..cluster_settings import PodRules, SessionOffers
from ..hub_process import HubProcess
from ..policy.pod_policy import PodPolicy
from ..request.labelled_accounts import OFFERED, settings_of_labelled
from ..request.offers import BadOffer, Offers
from .cluster_calls import CALL_ERRORS, explain


def fixed_offers(config: Config, own_ports: tuple[int, ...]) -> dict[str, Any] | None:
    """Return the offers as settings; None where accounts are offered by their label.

    `own_ports` are those of the session's own programs. Raises `BadOffer`.
    """
    offers = SessionOffers(config=config)
    return None if offers.labelled_accounts else offers.read(own_ports).to_wire()


async def list_offers(
    config: Config, own_ports: tuple[int, ...], api: Any, namespace: str
) -> Offers:
    """Return what the settings offer, and the service accounts that have the label.

    Raises `BadOffer`.
    """
    offers = SessionOffers(config=config)
    labelled = await _labelled_accounts(api, namespace) if offers.labelled_accounts else {}
    return offers.read(own_ports, labelled)


async def _labelled_accounts(api: Any, namespace: str) -> dict[str, dict[str, Any]]:
    call = api.list_namespaced_service_account
    try:
        listed = await call(namespace, label_selector=OFFERED, _request_timeout=5)
    except CALL_ERRORS as error:
        raise BadOffer(f"service accounts cannot be listed: {explain(error).detail}") from None
    plain = api.api_client.sanitize_for_serialization(listed)
    return settings_of_labelled(plain.get("items") or ())


def read_policy(hub: HubProcess, variables: tuple[str, ...]) -> PodPolicy:
    """Return the administrator's word on pods; `variables` are those that no YAML may set."""
    limits, gpu = hub.limits(), SessionOffers(config=hub.config).gpu
    bounds = {name: most for name in ("cpu", "memory") if (most := getattr(limits, name))}
    if gpu:
        bounds[gpu["resource"]] = str(gpu.get("most", 1))
    return PodRules(config=hub.config).read(bounds, (*hub.policy().env_refused, *variables))
