"""The rules on what may be attached: what is offered to the owner, one thing at a time.

A thing that does not exist and one that is offered to others alone get the same sentence: the facts
hold what is offered to the owner and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from ..request import LaunchRequest
from ..request.attached import attached_instances, attached_secrets, name_of_port
from ..request.images import parse_image
from ..request.offer_settings import LEAST_PORT
from .facts import Facts
from .refusal import Refusal

IMAGE_RIGHT: Final = "custom-image"
_NO_RIGHT_TO_IMAGES: Final = (
    "You may not choose an image of your own; ask the administrator for the scope "
    "custom:sessions:custom-image."
)
NO_UDP: Final = "UDP needs the administrator’s setting and only works inside the cluster."
_PORT_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def secrets_are_offered(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse secrets that are not offered to the owner, or not in the way that was chosen."""
    if not facts.can_give("secrets"):
        return
    for place, asked in enumerate(request.secrets):
        if asked.name not in facts.offers.secrets:
            yield Refusal(f"secrets.{place}.name", _not_offered("secret", asked.name))
    for one in attached_secrets(request, facts.offers):
        asked = request.secrets[one.place]
        if asked.as_ not in one.offer.ways:
            ways = " or ".join(f"‘{way}’" for way in one.offer.ways)
            yield Refusal(f"secrets.{one.place}.as", f"This secret is offered as {ways}.")
        elif asked.path is not None and asked.as_ == "env":
            sentence = "Variables have no path; leave it out, or choose ‘files’."
            yield Refusal(f"secrets.{one.place}.path", sentence)


def account_is_offered(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse a service account that is not offered to the owner."""
    asked = request.service_account
    if asked is None or not facts.can_give("service_account"):
        return
    if asked not in facts.offers.service_accounts:
        yield Refusal("service_account", _not_offered("service account", asked))


def billing_project_is_offered(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse a billing project that is not offered to the owner."""
    asked = request.billing_project
    if asked is None or not facts.can_give("billing_project"):
        return
    if asked not in facts.offers.billing_projects:
        yield Refusal("billing_project", _not_offered("billing project", asked))


def instances_are_offered(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse Cloud SQL instances that are not offered to the owner, or lack their account."""
    if not facts.can_give("cloud_sql"):
        return
    for place, asked in enumerate(request.cloud_sql):
        if asked.instance not in facts.offers.cloud_sql:
            sentence = _not_offered("Cloud SQL instance", asked.instance)
            yield Refusal(f"cloud_sql.{place}.instance", sentence)
        if asked.port is not None and asked.port < LEAST_PORT:
            yield Refusal(f"cloud_sql.{place}.port", _PORT_TOO_LOW)
    needed: dict[str, str] = {}
    for one in attached_instances(request, facts.offers):
        if one.offer.service_account is not None:
            needed.setdefault(one.offer.service_account, one.origin)
    for account, origin in needed.items():
        if account != request.service_account:
            sentence = f"The {origin} needs the service account ‘{account}’; choose it."
            yield Refusal("service_account", sentence)


def image_is_offered(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse an image that fits none of the administrator's patterns."""
    if request.image is None or not facts.can_give("image"):
        return
    if IMAGE_RIGHT not in facts.rights:
        yield Refusal("image", _NO_RIGHT_TO_IMAGES)
        return
    if not facts.offers.images:
        yield Refusal("image", "No images of one's own are allowed here; leave it out.")
        return
    try:
        image = parse_image(request.image)
    except ValueError as error:
        yield Refusal("image", str(error))
        return
    if not any(pattern.fits(image) for pattern in facts.offers.images):
        listed = ", ".join(pattern.text for pattern in facts.offers.images)
        yield Refusal("image", f"‘{image}’ is not allowed here. Use one like: {listed}.")


def gpus_are_offered(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse more GPUs than one session may have."""
    asked = request.resources.gpu if request.resources else None
    if not asked or not facts.can_give("resources.gpu"):
        return
    if facts.offers.gpu is None:
        yield Refusal("resources.gpu", "No GPUs are offered here; leave it out.")
    elif asked > facts.offers.gpu.most:
        yield Refusal("resources.gpu", f"Ask for {facts.offers.gpu.most} or less.")


def ports_can_be_opened(request: LaunchRequest, facts: Facts) -> Iterator[Refusal]:
    """Refuse ports that no program can listen on, UDP without the setting, and bad names."""
    if not facts.can_give("ports"):
        return
    names = Counter(name_of_port(port) for port in request.ports)
    for place, port in enumerate(request.ports):
        if port.number < LEAST_PORT:
            yield Refusal(f"ports.{place}.number", _PORT_TOO_LOW)
        if port.protocol == "UDP" and not facts.offers.udp:
            yield Refusal(f"ports.{place}.protocol", NO_UDP)
        name = name_of_port(port)
        if not _PORT_NAME.fullmatch(name):
            sentence = "Use lower case letters, digits and hyphens, with no hyphen at an end."
            yield Refusal(f"ports.{place}.name", sentence)
        elif names[name] > 1:
            yield Refusal(f"ports.{place}.name", f"‘{name}’ is there twice; choose another name.")


_PORT_TOO_LOW: Final = f"Choose a port from {LEAST_PORT} to 65535."


def _not_offered(kind: str, name: str) -> str:
    return f"No {kind} called ‘{name}’ is offered to you; choose one that is listed."
