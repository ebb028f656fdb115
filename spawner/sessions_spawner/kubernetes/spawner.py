"""`KubeSessionSpawner`: sessions as pods, with everything that KubeSpawner can be set to."""

from __future__ import annotations

import asyncio
import inspect
import posixpath
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final

from kubespawner.objects import make_owner_reference
from kubespawner.spawner import KubeSpawner
from traitlets import Enum, Unicode, default
from traitlets.config import Config

from .. import hub_process
from ..mixin import Failure, Run, SessionSpawner, StartFailed
from ..plan import Plan
from ..request import digest_of
from ..storage.claims import ClaimDrives, claim_name
from ..wire.messages import Report
from .cluster_calls import CALL_ERRORS, explain
from .overrides import Overrides
from .pods import (
    GENERATION,
    OWNER,
    SESSION,
    Frame,
    complete,
    find_notebook,
    labels_of,
    make_secret,
)
from .run_pod import RunPod, failure_of
from .watches import follow, watch_of
from .watching import PodWatch

_SYNC_SECONDS: Final = 10.0
_ACTIVITY_INTERVAL: Final = "JUPYTERHUB_ACTIVITY_INTERVAL"
# The hub's own variables whose values are secrets: they lie in the session's Secret.
_HUB_SECRETS: Final = ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN")


class KubeSessionSpawner(SessionSpawner, KubeSpawner):
    """Start sessions as pods of a Kubernetes cluster.

    All settings of KubeSpawner apply. A session's drives are claims of their own, so
    ``storage_pvc_ensure`` and ``delete_pvc`` are off.
    """

    home = Unicode(
        "/home/jovyan",
        help="Name the folder of the image that a session's drive is mounted at. "
        "Example: ``c.KubeSessionSpawner.home = '/home/dev'``.",
    ).tag(config=True)
    drive_size = Unicode(
        "10Gi",
        help="Set the size of a drive that is made without one, as a Kubernetes quantity. "
        "Example: ``c.KubeSessionSpawner.drive_size = '50Gi'``.",
    ).tag(config=True)
    drive_storage_class = Unicode(
        None,
        allow_none=True,
        help="Name the storage class of drives; None takes the cluster's default class. "
        "Example: ``c.KubeSessionSpawner.drive_storage_class = 'fast'``.",
    ).tag(config=True)
    drive_access_mode = Enum(
        ("ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod"),
        "ReadWriteOnce",
        help="Choose how drives can be mounted: by pods of one machine, of many, or by one pod. "
        "Example: ``c.KubeSessionSpawner.drive_access_mode = 'ReadWriteMany'``.",
    ).tag(config=True)
    proxy_address = Unicode(
        help="Name the address at which pods reach the hub's proxy; empty takes "
        "``c.JupyterHub.bind_url``. Sessions report their use there. "
        "Example: ``c.KubeSessionSpawner.proxy_address = 'http://proxy-public'``.",
    ).tag(config=True)

    reserved_variables = ("SESSIONS_*", "HOME", "JUPYTERHUB_ROOT_DIR", _ACTIVITY_INTERVAL)
    is_labelled = True

    _pod: RunPod | None = None

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.storage_pvc_ensure = False
        self.delete_pvc = False
        self._overrides = Overrides(self)

    @classmethod
    def unbound(cls, config: Config) -> KubeSessionSpawner:
        """Return a spawner of nobody, to read the settings of."""
        nobody = SimpleNamespace(name="nobody", id=0, url="/")
        return cls(config=config, user=nobody)

    @default("uid")
    def _run_as_nobody_special(self) -> int:
        return 1000

    @default("fs_gid")
    def _own_drives_by_group(self) -> int:
        return 100

    @property
    def isolates(self) -> bool:
        """Tell that pods of different users are kept apart."""
        return True

    def unsupported_fields(self) -> dict[str, str]:
        """Return what comes later."""
        later = (
            "image",
            "resources.gpu",
            "secrets",
            "service_account",
            "cloud_sql",
            "billing_project",
            "visibility",
            "collaborative",
            "max_lifetime",
            "pod_overrides",
            "pod_spec",
        )
        return dict.fromkeys(later, "This hub does not offer this.")

    def activity_base(self, _of_the_machine: str) -> str:
        """Return the address of the service as pods reach it."""
        hub = hub_process.current().hub
        address = (self.proxy_address or hub.bind_url).rstrip("/")
        base = hub.base_url.rstrip("/")
        if not address.endswith(base):
            address += base
        return f"{address}/services/sessions/"

    # A start

    async def prepare(self, run: Run, plan: Plan) -> None:
        """Put on the environment's settings, and have the claims of all drives."""
        self._overrides.take_off()
        self._overrides.put_on(plan.settings.get("traits", {}))
        self.pod_name = f"session-{run.id}-{run.generation}"
        self._pod = None
        labels = {OWNER: plan.labels[OWNER]}
        drives = self._drives()
        named = {mount.drive for mount in plan.mounts}
        try:
            await asyncio.gather(
                *(drives.ensure(one, size=self.drive_size, labels=labels) for one in named)
            )
        except CALL_ERRORS as error:
            raise StartFailed(failure_of(explain(error))) from None

    async def realise(self, run: Run, plan: Plan) -> str:
        """Make the pod and wait until its server answers."""
        pod = self._find_pod()
        await self._watch().wait_synced(float(self.start_timeout))
        try:
            await self._make(pod, run, plan)
            follow(self.pod_name, self)
            url: str = self._get_pod_url(await pod.wait_running())
            await pod.wait_answer(posixpath.join(url, self.server.base_url.strip("/"), "api"))
        except CALL_ERRORS as error:
            await asyncio.shield(pod.discard())
            raise StartFailed(failure_of(explain(error))) from None
        except StartFailed:
            await asyncio.shield(self._end_with_evidence(pod))
            raise
        except asyncio.CancelledError:
            await asyncio.shield(self._end_with_evidence(pod))
            raise
        return url

    async def _end_with_evidence(self, pod: RunPod) -> None:
        await pod.keep_evidence()
        await pod.end(self.delete_grace_period)
        await pod.discard()

    def trouble(self) -> Failure | None:
        """Return what kept the pod from starting, as far as the cluster said."""
        return self._find_pod().failure

    async def _make(self, pod: RunPod, run: Run, plan: Plan) -> None:
        """Make KubeSpawner's pod with the session's share, and what belongs to it."""
        manifest: Any = await self.get_pod_manifest()
        if self.modify_pod_hook:
            manifest = await _awaited(self.modify_pod_hook(self, manifest))
        given = self.api.api_client.sanitize_for_serialization(manifest)
        values = self._secret_values(given, run)
        body = complete(given, plan, self._frame(run, plan, tuple(values)))
        uid = await pod.make(body, make_secret(self.pod_name, values, labels_of(plan)))
        await self._make_companions(make_owner_reference(self.pod_name, uid))

    async def _make_companions(self, owner: Any) -> None:
        """Make what KubeSpawner makes beside a pod, where the administrator has it on."""
        if self.internal_ssl:
            secret = self.get_secret_manifest(owner)
            await self.api.create_namespaced_secret(self.namespace, secret)
        if self.internal_ssl or self.services_enabled:
            service = self.get_service_manifest(owner, self.port)
            await self.api.create_namespaced_service(self.namespace, service)
        if self.after_pod_created_hook:
            pod = await self._watch().wait_for(self.pod_name, lambda pod: pod)
            await _awaited(self.after_pod_created_hook(self, pod))

    def _secret_values(self, pod: Mapping[str, Any], run: Run) -> dict[str, str]:
        """Return the variables whose values nobody reads off the pod."""
        env = find_notebook(pod).get("env") or ()
        given = {one["name"]: one.get("value") for one in env}
        found = {name: str(given[name]) for name in _HUB_SECRETS if given.get(name)}
        return {**found, **run.request.env}

    def _frame(self, run: Run, plan: Plan, secret_env: tuple[str, ...]) -> Frame:
        return Frame(
            name=self.pod_name,
            home=self.home,
            claims={mount.drive: claim_name(mount.drive) for mount in plan.mounts},
            hub=hub_process.current().name,
            generation=run.generation,
            request_digest=digest_of(run.request),
            env={
                "HOME": self.home,
                "SESSIONS_DRIVE": self.home,
                "SESSIONS_OWN_NETWORK": "1",
                "JUPYTERHUB_ROOT_DIR": self.home,
                _ACTIVITY_INTERVAL: "300",
            },
            secret_env=secret_env,
        )

    # Afterwards

    async def end(self, run: Run) -> None:  # noqa: ARG002 (its pod is known by name)
        """Delete the pod, and wait until it is gone."""
        await self._find_pod().end(self.delete_grace_period)

    async def poll(self) -> int | None:
        """Return None while the pod lives, or nobody can tell; else its exit code."""
        if self.run is None:
            return 0
        if not await self._watch().wait_synced(_SYNC_SECONDS):
            return None
        follow(self.pod_name, self)
        pod = self._find_pod()
        is_to_come = self._start_pending and not pod.is_made
        return None if is_to_come and pod.now is None else pod.poll()

    async def end_seen(self, run: Run) -> Failure | None:  # noqa: ARG002 (its pod is known)
        """Return why the session ended by itself, from what the cluster says."""
        pod = self._find_pod()
        await pod.keep_evidence()
        return pod.failure

    async def last_lines(self, run: Run) -> tuple[str, ...]:  # noqa: ARG002 (its pod is known)
        """Return what the pod printed last, and the events around its end."""
        return self._find_pod().lines

    async def run_post_stop_hook(self) -> None:
        """Report the end, and remove a pod that ended by itself."""
        run = self.run
        await super().run_post_stop_hook()
        if run is not None:
            await self._find_pod().delete(0)
        self._pod = None

    def clear_state(self) -> None:
        """Forget the pod, and take off the environment's settings."""
        super().clear_state()
        self._overrides.take_off()

    @classmethod
    async def remove_drive(cls, _folder: Any, drive_id: str) -> None:
        """Remove a drive's claim. Raises `OSError`, `ValueError`."""
        spawner = cls.unbound(hub_process.current().config)
        try:
            await spawner._drives().remove(drive_id)
        except CALL_ERRORS as error:
            raise OSError(explain(error).detail) from None

    @classmethod
    async def sweep(cls, _folder: Any, known: set[str], config: Config) -> list[Report]:
        """End pods that a hub that was killed left behind, and report them."""
        spawner = cls.unbound(config)
        watch = spawner._watch()
        if not await watch.wait_synced(_SYNC_SECONDS):
            return []
        reports = []
        for name, pod in list(watch.pods.items()):
            labels = pod["metadata"].get("labels", {})
            run = labels[SESSION], int(labels[GENERATION])
            if f"{run[0]}:{run[1]}" in known:
                continue
            left = RunPod(spawner.api, spawner.namespace, name, watch)
            await left.delete(spawner.delete_grace_period)
            reports.append(Report(id=run[0], generation=run[1], kind="ended", cause="shutdown"))
        return reports

    def _find_pod(self) -> RunPod:
        """Return this run's pod; after a restart of the hub it is known by its name alone."""
        if self._pod is None:
            named = self.run.drives if self.run else {}
            drives = {claim_name(drive): name for name, drive in named.items()}
            watch = self._watch()
            self._pod = RunPod(self.api, self.namespace, self.pod_name, watch, drives)
        return self._pod

    def _watch(self) -> PodWatch:
        return watch_of(self.api, self.namespace, hub_process.current().name)

    def _drives(self) -> ClaimDrives:
        return ClaimDrives(
            self.api,
            self.namespace,
            storage_class=self.drive_storage_class,
            access_mode=self.drive_access_mode,
        )


async def _awaited(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value
