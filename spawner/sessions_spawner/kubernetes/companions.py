"""What is made beside a run's pod and ends with it: Services, and what KubeSpawner makes there."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .spawner import KubeSessionSpawner


async def make_companions(
    spawner: KubeSessionSpawner, service: dict[str, Any] | None, owner: Any
) -> None:
    """Make a run's Service, if it has one, and what the administrator has on in KubeSpawner.

    `owner` is the client's reference to the pod: what refers to it ends with it.
    """
    kube: Any = spawner  # KubeSpawner has no types
    api, namespace = kube.api, kube.namespace
    if service is not None:
        reference = api.api_client.sanitize_for_serialization(owner)
        service["metadata"]["ownerReferences"] = [reference]
        await api.create_namespaced_service(namespace, service)
    if kube.internal_ssl:
        await api.create_namespaced_secret(namespace, kube.get_secret_manifest(owner))
    if kube.internal_ssl or kube.services_enabled:
        own = kube.get_service_manifest(owner, kube.port)
        await api.create_namespaced_service(namespace, own)
    if kube.after_pod_created_hook:
        made = kube.after_pod_created_hook(spawner, await read_whole_pod(spawner))
        if inspect.isawaitable(made):
            await made


async def read_whole_pod(spawner: KubeSessionSpawner) -> Any:
    """Return the pod with every field, for the administrator's hooks: the watch keeps few."""
    pod = await spawner.api.read_namespaced_pod(spawner.pod_name, spawner.namespace)
    return spawner.api.api_client.sanitize_for_serialization(pod)
