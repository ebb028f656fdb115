"""The pod behind a launch request, as the hub process would make it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions_spawner.policy.own_yaml import Fault
from sessions_spawner.request import LaunchRequest, digest_of, to_stored
from sessions_spawner.wire.channel import Refused

from ..web.errors import wrong_fields

if TYPE_CHECKING:
    from ..web.application import Service


def has_yaml(request: LaunchRequest) -> bool:
    """Tell whether somebody wrote YAML of his own into a request."""
    return request.pod_overrides is not None or request.pod_spec is not None


async def require_pod(service: Service, owner_name: str, request: LaunchRequest) -> None:
    """Refuse YAML that makes no pod which may be sent. Raises `WrongFields`, `LinkDown`."""
    if not has_yaml(request):
        return
    rendered = await render(service, owner_name, request)
    faults = faults_in(rendered)
    if faults:
        raise wrong_fields({rendered["field"]: "; ".join(str(one) for one in faults)})


def faults_in(rendered: dict[str, Any]) -> list[Fault]:
    """Return what is wrong with a pod that was rendered."""
    return [Fault(**one) for one in rendered["faults"]]


async def render(
    service: Service,
    owner_name: str,
    request: LaunchRequest,
    *,
    is_dry_run: bool = False,
    shows_values: bool = True,
) -> dict[str, Any]:
    """Return `{field, faults}`, and `{yaml, default_yaml, diff}` where a pod can be made.

    Without `shows_values` the values of variables are left out. Raises `LinkDown`.
    """
    flags = {"dry_run": is_dry_run, "shows_values": shows_values}
    stored, digest = to_stored(request), digest_of(request)
    try:
        return await service.link.render(owner_name, stored, digest, flags)
    except Refused as refusal:
        field = "pod_spec" if request.pod_spec is not None else "pod_overrides"
        return {"field": field, "faults": [{"path": "", "message": refusal.message}]}
