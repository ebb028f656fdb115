"""`KubeSessionSpawner`: sessions as pods, with everything that KubeSpawner can be set to."""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from kubespawner.objects import make_owner_reference
from kubespawner.spawner import KubeSpawner
from tornado.web import HTTPError
from traitlets import Enum, Unicode, default
from traitlets.config import Config

from .. import hub_process
from ..drive_settings import SessionDrives
from ..intake import Checked, check_own
from ..mixin import SessionSpawner
from ..plan import Plan
from ..policy.own_yaml import BadYaml, read_own_yaml
from ..policy.pod_policy import PodPolicy
from ..policy.pod_schema import pod_schema
from ..request import LaunchRequest
from ..request.offers import NO_OFFERS, Offers
from ..run import Failure, Run, StartFailed
from ..storage.claim_objects import ClaimTerms
from ..storage.claims import ClaimDrives
from ..storage.sharing import Together
from ..wire.channel import Refused
from ..wire.messages import LogLines, LogQuestion, Report, Seen
from ..wire.snapshot import DriveTerms
from .attaching import attach_drives, require_fit_there
from .bodies import ACTIVITY_INTERVAL, make_bodies
from .cluster_calls import CALL_ERRORS, explain
from .companions import make_companions, read_whole_pod
from .diagnosis import Finding
from .field_words import describe_field
from .offering import fixed_offers, list_offers, read_policy
from .overrides import Overrides, literal
from .pod_log import read_pod_log
from .rehearsal import rehearse, show, try_pod
from .run_pod import RunPod, failure_of
from .sweeping import end_left_pods
from .watches import follow, watch_of
from .watching import PodWatch

_SYNC_SECONDS: Final = 10.0


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

    reserved_variables = ("SESSIONS_*", "HOME", "JUPYTERHUB_ROOT_DIR", ACTIVITY_INTERVAL)
    is_labelled = True

    # Where this run has to be, since somebody holds a drive of its there.
    together: Together | None = None
    _pod: RunPod | None = None
    _offers: Offers = NO_OFFERS

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
            "visibility",
            "collaborative",
        )
        return dict.fromkeys(later, "This hub does not offer this.")

    def literal(self, setting: str, text: str) -> str:
        """Return text so that it is no template, for KubeSpawner and for Kubernetes."""
        return literal(setting, text)

    def activity_base(self, _of_the_machine: str) -> str:
        """Return the address of the service as pods reach it."""
        hub = hub_process.current().hub
        address = (self.proxy_address or hub.bind_url).rstrip("/")
        base = hub.base_url.rstrip("/")
        if not address.endswith(base):
            address += base
        return f"{address}/services/sessions/"

    # What may be attached, and what a pod may be

    def _own_ports(self) -> tuple[int, ...]:
        return (int(self.port),)

    def fixed_offers(self) -> dict[str, Any] | None:
        """Return the offers as settings; None where accounts are offered by their label."""
        return fixed_offers(self.config, self._own_ports())

    async def list_offers(self) -> Offers:
        """Return what the settings offer, and the service accounts that have the label."""
        return await list_offers(self.config, self._own_ports(), self.api, self.namespace)

    def pod_policy(self) -> PodPolicy:
        """Return the administrator's word on pods."""
        own = (*self.given_variables(), *self.reserved_variables)
        return read_policy(hub_process.current(), own)

    async def rehearse(self, checked: Checked) -> None:
        """Make somebody's YAML fit before anything is admitted. Raises `BadYaml`."""
        self._offers = checked.offers
        if read_own_yaml(checked.request) is not None:
            await rehearse(self, checked)

    async def render(self, request: LaunchRequest, flags: Mapping[str, bool]) -> dict[str, Any]:
        """Return the pod of a request, its default and their difference, or what is wrong.

        `flags` are `dry_run`, `shows_values` and `compares` (what only the preview says).

        Raises `Refused` for a request that breaks another rule.
        """
        try:
            checked = await check_own(self, request)
            bodies = await rehearse(self, checked)
        except BadYaml as error:
            return {"field": error.field, "faults": [asdict(one) for one in error.faults]}
        except HTTPError as error:
            raise Refused("policy", getattr(error, "jupyterhub_message", str(error))) from None
        own = read_own_yaml(request)
        rules = self.pod_policy().rules
        wanted = {name: flags[name] for name in ("shows_values", "compares")}
        shown = await asyncio.to_thread(show, bodies, rules, **wanted)
        is_tried = flags["dry_run"]
        found = await try_pod(self.api, self.namespace, bodies.pod, own) if is_tried else ()
        field = own.field if own else "environment"
        return {
            **shown,
            "field": field,
            "faults": [asdict(one) for one in found],
        }

    async def pod_schema(self) -> dict[str, Any]:
        """Return the schema of what YAML may set, with Kubernetes' words on each field."""
        return pod_schema(self.pod_policy().rules, describe_field)

    # A start

    def dress(self, run: Run, plan: Plan) -> None:
        """Put on the settings of a run's environment, and the name of its pod."""
        self.undress()
        self._overrides.put_on(plan.settings.get("traits", {}))
        self.pod_name = f"session-{run.id}-{run.generation}"
        self.dns_name = self.dns_name_template.format(namespace=self.namespace, name=self.pod_name)

    def undress(self) -> None:
        """Take off the settings of an environment."""
        self.together = None
        self._overrides.take_off()

    async def prepare(self, run: Run, plan: Plan) -> Mapping[str, str]:
        """Put on the environment's settings, and have the claims of all drives."""
        self.dress(run, plan)
        self._pod = None
        attachment = await attach_drives(self, run, plan)
        self.together = attachment.together
        return attachment.places

    async def realise(self, run: Run, plan: Plan) -> str:
        """Make the pod and wait until its server answers."""
        pod = self._find_pod()
        pod.sight.tell = self._tell_seen
        await self.synced_watch()
        try:
            await self._make(pod, run, plan)
            follow(self.pod_name, self)
            seen = await pod.wait_running(self.tell_wait)
            url: str = self._get_pod_url(await read_whole_pod(self) if self.get_pod_url else seen)
            await pod.wait_answer(posixpath.join(url, self.server.base_url.strip("/"), "api"))
        except CALL_ERRORS as error:
            await asyncio.shield(pod.clear(self.delete_grace_period))
            raise StartFailed(failure_of(explain(error))) from None
        except BaseException:
            # Whatever it was, a cancel among it: a pod without a session is nobody's.
            await asyncio.shield(pod.give_up(self.delete_grace_period))
            raise
        return url

    def _tell_seen(self) -> None:
        """Tell how the pod of a start looks now, and the stage that this is."""
        sight, run, progress = self._find_pod().sight, self.run, self._progress
        if run is None or progress is None or progress.is_over:
            return
        if sight.stage and progress.is_before(sight.stage):
            self._enter(sight.stage)
        told = Seen(id=run.id, generation=run.generation, **sight.to_report())
        hub_process.current().link.tell_seen(told)

    def seen(self) -> Mapping[str, Any]:
        """Return what is seen of the pod."""
        return self._find_pod().sight.to_report()

    async def read_log(self, run: Run, question: LogQuestion) -> LogLines:  # noqa: ARG002 (its pod)
        """Return lines of a container's log."""
        pod = self._find_pod()
        return await read_pod_log(self.api, self.namespace, pod.name, pod.now, question)

    def trouble(self) -> Failure | None:
        """Return what kept the pod from starting, as far as the cluster said."""
        return self._find_pod().failure

    async def _make(self, pod: RunPod, run: Run, plan: Plan) -> None:
        """Make the run's objects, checked as they are sent."""
        try:
            bodies = await make_bodies(self, run, plan, self._offers, hooks=True)
        except BadYaml as error:
            raise StartFailed(Failure("refused", f"{error.field}: {error}")) from None
        if self.together is not None:
            await require_fit_there(self, bodies.pod, self.together)
        uid = await pod.make(bodies.pod, bodies.secret)
        await make_companions(self, bodies.service, make_owner_reference(self.pod_name, uid))

    # Afterwards

    async def end(self, run: Run) -> None:  # noqa: ARG002 (its pod is known by name)
        """Delete the pod, and wait until it is gone."""
        await self._find_pod().end(self.delete_grace_period)

    async def poll(self) -> int | None:
        """Return None while the pod lives, or nobody can tell; else its exit code."""
        if self.run is None:
            return 0
        follow(self.pod_name, self)
        if not await self.watch().wait_synced(_SYNC_SECONDS):
            return None
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

    async def _make_end_report(self, run: Run) -> Report:
        report = await super()._make_end_report(run)
        if not self._find_pod().may_run_on:
            return report
        return report.model_copy(update={"words": {**report.words, "may_still_run": 1}})

    async def run_post_stop_hook(self) -> None:
        """Report the end, and remove a pod that ended by itself."""
        run = self.run
        await super().run_post_stop_hook()
        if run is not None:
            await self._find_pod().clear(self.delete_grace_period)
        self._pod = None

    def hear(self, finding: Finding) -> None:
        """Tell what a look at the pod found that the session goes on with."""
        if self.run is not None:
            for item in self._find_pod().news.take(finding):
                hub_process.current().link.report(
                    Report(
                        id=self.run.id,
                        generation=self.run.generation,
                        kind="noticed",
                        words=item.words,
                    )
                )

    def clear_state(self) -> None:
        """Forget the pod, and take off the environment's settings."""
        super().clear_state()
        self.undress()

    @classmethod
    def drives_of(cls, folder: Path, config: Config) -> ClaimDrives:  # noqa: ARG003 (the mixin's)
        """Return what keeps drives as claims."""
        return cls.unbound(config).claim_drives()

    def drive_terms(self) -> DriveTerms:
        """Return what drives a person may make."""
        policy = SessionDrives(config=self.config)
        return DriveTerms(
            size=self.drive_size,
            size_max=policy.size_max,
            total_max=policy.total_max,
            storage_class=self.drive_storage_class,
            storage_classes=tuple(policy.storage_classes),
            access_mode=self.drive_access_mode,
        )

    @classmethod
    async def sweep(
        cls, _folder: Any, known_runs: Callable[[], set[str]], config: Config
    ) -> list[Report]:
        """End pods that a hub that was killed left behind, and report them.

        Which runs are known is asked once the cluster has answered: until then others may have been
        started.
        """
        return await end_left_pods(cls.unbound(config), known_runs)

    def _find_pod(self) -> RunPod:
        """Return this run's pod; after a restart of the hub it is known by its name alone."""
        if self._pod is None:
            named = self.run.drives if self.run else {}
            places = self.run.places if self.run else {}
            drives = {places.get(drive, drive): name for name, drive in named.items()}
            watch = self.watch()
            self._pod = RunPod(self.api, self.namespace, self.pod_name, watch, drives)
        return self._pod

    def watch(self) -> PodWatch:
        """Return the watch over this hub's pods."""
        return watch_of(self.api, self.namespace, hub_process.current().name)

    async def synced_watch(self) -> PodWatch:
        """Return the watch once it knows all pods. Raises `StartFailed`."""
        watch = self.watch()
        if not await watch.wait_synced(_SYNC_SECONDS):
            raise StartFailed(failure_of(explain(TimeoutError())))
        return watch

    def claim_drives(self) -> ClaimDrives:
        """Return what keeps drives, with these settings."""
        policy = SessionDrives(config=self.config)
        terms = ClaimTerms(
            size=self.drive_size,
            storage_class=self.drive_storage_class,
            access_mode=self.drive_access_mode,
            adoptable=tuple(policy.adoptable),
            removes_adopted=policy.adopted_are_removed,
        )
        return ClaimDrives(self.api, self.namespace, terms)
