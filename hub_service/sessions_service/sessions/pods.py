"""The pod behind a launch request, as the hub process would make it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sessions_spawner.policy.own_yaml import Fault
from sessions_spawner.policy.yaml_edits import leave_out, put_instead
from sessions_spawner.request import LaunchRequest, digest_of, to_stored
from sessions_spawner.wire.channel import Refused

from ..web.errors import wrong_fields
from .suggestions import make_check

if TYPE_CHECKING:
    from ..web.application import Service


NO_PODS: Final = "Sessions of this hub are processes of its machine: there is no pod."
_MOST_FIXES: Final = 3


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


def yaml_of(request: LaunchRequest) -> tuple[str, str]:
    """Return the field with somebody's YAML, and the text; two empty texts for none."""
    for field, text in (
        ("pod_overrides", request.pod_overrides),
        ("pod_spec", request.pod_spec),
    ):
        if text is not None:
            return field, text
    return "", ""


def checks_of(request: LaunchRequest, faults: Iterable[Fault], field: str) -> list[dict[str, Any]]:
    """Return faults as checks of the preview: place, line, rule, and what would mend them."""
    own_field, text = yaml_of(request)
    is_own = field == own_field
    return [
        make_check(
            field,
            one.message,
            path=one.path,
            line=one.line,
            rule=one.rule,
            code="yaml" if is_own else "field",
            fixes=tuple(_fixes(own_field, text, one)) if is_own else (),
        )
        for one in faults
    ]


def _fixes(field: str, text: str, fault: Fault) -> Iterator[dict[str, Any]]:
    """Give changes of the YAML after which a fault is gone."""
    name = fault.path.rpartition(".")[2]
    for value in fault.instead[:_MOST_FIXES]:
        changed = put_instead(text, fault.path, value)
        if changed is not None:
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            yield {"label": f"Set {name} to {shown}", "changes": {field: changed}}
    # All containers together are never what is too much.
    shorter = None if fault.path in ("", "spec.containers") else leave_out(text, fault.path)
    if shorter is not None:
        yield {"label": f"Remove {name}", "changes": {field: shorter or None}}


def faults_in(rendered: dict[str, Any]) -> list[Fault]:
    """Return what is wrong with a pod that was rendered."""
    return [
        Fault(**{**one, "instead": tuple(one.get("instead", ()))}) for one in rendered["faults"]
    ]


async def render(
    service: Service,
    owner_name: str,
    request: LaunchRequest,
    *,
    is_dry_run: bool = False,
    shows_values: bool = True,
) -> dict[str, Any]:
    """Return `{field, faults}`, and what `PodOut` has where a pod can be made.

    Without `shows_values` the values of variables are left out. Raises `LinkDown`.
    """
    flags = {"dry_run": is_dry_run, "shows_values": shows_values}
    stored, digest = to_stored(request), digest_of(request)
    try:
        return await service.link.render(owner_name, stored, digest, flags)
    except Refused as refusal:
        field = "pod_spec" if request.pod_spec is not None else "pod_overrides"
        return {"field": field, "faults": [{"path": "", "message": refusal.message}]}
