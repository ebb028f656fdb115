"""A run's objects as they are sent: KubeSpawner's pod, the session's share, somebody's YAML."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .. import hub_process
from ..plan import Plan
from ..policy.overrides.merge import OverridesRefused
from ..policy.own_yaml import BadYaml, Fault, read_own_yaml, refused
from ..policy.pod_policy import PodPolicy, customise, require_fit
from ..request import LaunchRequest, digest_of
from ..request.offers import Offers
from ..run import Run
from .own_storage import require_free_paths, without_claim
from .pods import NOTEBOOK, Frame, complete, find_notebook, labels_of, make_secret, make_service

if TYPE_CHECKING:
    from .spawner import KubeSessionSpawner

ACTIVITY_INTERVAL: Final = "JUPYTERHUB_ACTIVITY_INTERVAL"
# The hub's own variables whose values are secrets: they lie in the session's Secret.
_HUB_SECRETS: Final = ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN")


@dataclass(frozen=True)
class Bodies:
    """What is sent for one run; `default` is its pod without anybody's YAML."""

    pod: dict[str, Any]
    default: dict[str, Any]
    secret: dict[str, Any]
    service: dict[str, Any] | None = None


async def make_bodies(
    spawner: KubeSessionSpawner, run: Run, plan: Plan, offers: Offers, *, hooks: bool
) -> Bodies:
    """Return the objects of a run, checked as they will be sent.

    `offers` are those to the owner. `hooks` calls the administrator's `modify_pod_hook`, which may
    have effects.

    Raises:
        BadYaml: for YAML that may not be so, or a pod that may not be sent at all.
    """
    kubespawner: Any = spawner  # KubeSpawner has no types
    manifest = await kubespawner.get_pod_manifest()
    if hooks and spawner.modify_pod_hook:
        manifest = spawner.modify_pod_hook(spawner, manifest)
        manifest = await manifest if inspect.isawaitable(manifest) else manifest
    given = without_claim(
        spawner.api.api_client.sanitize_for_serialization(manifest), spawner.pvc_name
    )
    require_free_paths(given, plan, spawner.home)
    values = _secret_values(given, run)
    default = complete(given, plan, _frame(spawner, run, plan, tuple(values)))
    pod = fit_pod(default, run.request, spawner.pod_policy(), offers)
    name, labels = spawner.pod_name, labels_of(plan)
    # KubeSpawner's own Service, where there is one, is called like the pod.
    has_own = spawner.services_enabled or spawner.internal_ssl
    service_name = f"{name}-ports" if has_own else name
    service = make_service(service_name, plan, labels) if plan.ports else None
    return Bodies(pod, default, make_secret(name, values, labels), service)


def fit_pod(
    default: Mapping[str, Any], request: LaunchRequest, policy: PodPolicy, offers: Offers
) -> dict[str, Any]:
    """Return the pod with the request's YAML applied, as it may be sent. Raises `BadYaml`."""
    own = read_own_yaml(request)
    try:
        pod = customise(default, own, policy) if own else dict(default)
        require_fit(pod, default, policy, offers, request.environment)
    except OverridesRefused as error:
        if own is not None:
            raise refused(own, error) from None
        faults = tuple(Fault(one.field, one.message) for one in error.refusals)
        raise BadYaml("environment", faults) from None
    return _notebook_first(pod)


def _notebook_first(pod: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pod with the session's own container first.

    KubeSpawner looks for its port in the containers before it too, which may have none.
    """
    containers = sorted(pod["spec"]["containers"], key=lambda one: one["name"] != NOTEBOOK)
    return {**pod, "spec": {**pod["spec"], "containers": containers}}


def _secret_values(pod: Mapping[str, Any], run: Run) -> dict[str, str]:
    """Return the variables whose values nobody reads off the pod."""
    env = find_notebook(pod).get("env") or ()
    given = {one["name"]: one.get("value") for one in env}
    found = {name: str(given[name]) for name in _HUB_SECRETS if given.get(name)}
    return {**found, **run.request.env}


def _frame(spawner: KubeSessionSpawner, run: Run, plan: Plan, secret_env: tuple[str, ...]) -> Frame:
    home = spawner.home
    return Frame(
        name=spawner.pod_name,
        home=home,
        # A rehearsal has placed no drive, and calls it by its name.
        claims={one.drive: run.places.get(one.drive, one.drive) for one in plan.mounts},
        node=spawner.together.node if spawner.together else None,
        hub=hub_process.current().name,
        generation=run.generation,
        request_digest=digest_of(run.request),
        env={
            "HOME": home,
            "SESSIONS_DRIVE": home,
            "SESSIONS_OWN_NETWORK": "1",
            **({} if spawner.notebook_dir else {"JUPYTERHUB_ROOT_DIR": home}),
            ACTIVITY_INTERVAL: "300",
        },
        secret_env=secret_env,
    )
