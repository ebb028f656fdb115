"""The size's share: CPU, memory and GPUs, as far as the request asks for them."""

from __future__ import annotations

from typing import Any

from ...request import LaunchRequest
from ...request.offers import GpuOffer
from ..contribution import Contribution


def contribute(request: LaunchRequest, gpu: GpuOffer | None = None) -> Contribution:
    """Return `cpu` and `memory` as Kubernetes quantities, where they were asked for.

    `gpu` is the cluster's resource and how many of it; 0 takes away what the environment gives.
    """
    asked = request.resources
    if asked is None:
        return Contribution(origin="resources", chosen_by="resources")
    sizes: dict[str, Any] = {"cpu": asked.cpu, "memory": asked.memory}
    settings = {key: value for key, value in sizes.items() if value}
    if asked.gpu is not None and gpu is not None:
        settings["gpu"] = {gpu.resource: asked.gpu}
    return Contribution(origin="resources", settings=settings, chosen_by="resources")
