"""What the hub process has one of: the link's end, the settings, the answers to the service."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from traitlets.config import Config

from . import hub_line
from .collector import settle_memory
from .local.linux import forbid_dumps
from .log_answers import LogAnswers
from .page_settings import SessionsPage
from .pod_answers import PodAnswers
from .request import digest_of, to_stored
from .request.environments import BadProfile, Environment, read_profiles
from .request.offers import BadOffer
from .settings import IdleTimeouts, SessionLimits, SessionPolicy, SessionsLink
from .storage.answers import DriveAnswers
from .storage.drives import Drives
from .wire.channel import Body, LinkDown, Refused
from .wire.hub_end import HubEnd
from .wire.messages import GoingRun, LiveServer, Owner
from .wire.runs import RunDigest
from .wire.secret import read_secret
from .wire.snapshot import NavigationItem, Snapshot

log = logging.getLogger(__name__)

SERVICE: Final = "sessions"
# Between two restarts of a dead service; the hub itself looks every 30 s.
_LEAST_PAUSE_SECONDS: Final = 1.0
_MOST_PAUSE_SECONDS: Final = 30.0


class HubProcess:
    """The hub process's share of the product; made by `configure`.

    `hub` is the running JupyterHub application, `folder` the state folder, `port` the service's
    inner port, `address` the service's end of the link, `secret` the link's if it is not in the
    state folder.
    """

    def __init__(
        self,
        hub: Any,
        folder: Path,
        port: int,
        *,
        address: str = "unix:",
        secret: bytes | None = None,
    ) -> None:
        self.hub = hub
        self.folder = folder
        self._port = port
        self._secret = secret
        self.link = HubEnd(
            folder / "link",
            make_snapshot=self.make_snapshot,
            answerers={
                "owner": self.describe_owner,
                "members": self.list_members,
                "environments": self.list_environments,
                "offers": self.list_offers,
                "live": self.list_live,
                "run": self.describe_run,
                "cluster": self.look_at_cluster,
                **DriveAnswers(self.drives).answerers,
                **LogAnswers(self.find_spawner).answerers,
                **PodAnswers(hub).answerers,
            },
            address=address,
            secret=secret,
            when_silent=self._look_at_service,
        )
        self._looked_at = 0.0
        self._pause = _LEAST_PAUSE_SECONDS

    @cached_property
    def name(self) -> str:
        """What tells this hub's objects in a cluster from others'; nobody else can guess it."""
        secret = self._secret or read_secret(self.folder / "link" / "link.secret")
        return hmac.new(secret, b"cluster", "sha256").hexdigest()[:32]

    @property
    def activity_base(self) -> str:
        """The address of the service as programs on this machine reach it."""
        return f"http://127.0.0.1:{self._port}{self.hub.base_url}services/sessions/"

    def serve(self) -> None:
        """Begin, once the hub has loaded its servers: end what a dead hub left, open the link."""
        if hub_line.write_ahead(self.hub):
            self.hub.log.info("sessions.hub_database journal=wal")
        hub_line.without_pings(self.hub)
        self.hub.log.info("sessions.hub_memory settled=%d", settle_memory())
        self._sweeping = asyncio.create_task(self._sweep())
        self.link.start()

    async def _look_at_service(self) -> None:
        """Have a service that has ended started again at once; one that never lives, less often."""
        since = time.monotonic() - self._looked_at
        if since < self._pause or not await hub_line.restart_if_dead(self.hub, SERVICE):
            return
        calm = since > 2 * _MOST_PAUSE_SECONDS
        self._pause = _LEAST_PAUSE_SECONDS if calm else min(2 * self._pause, _MOST_PAUSE_SECONDS)
        self._looked_at = time.monotonic()

    async def _sweep(self) -> None:
        sweep = self.hub.spawner_class.sweep
        for report in await sweep(self.folder, self.known_runs, self.config):
            self.link.report(report)

    def known_runs(self) -> set[str]:
        """Return the keys of all runs that the hub has now, also of those it does not yet serve."""
        return {one.run.key for one in hub_line.loaded_spawners(self.hub) if one.run is not None}

    @property
    def config(self) -> Config:
        """The configuration as it is now."""
        config: Config = self.hub.config
        return config

    def limits(self) -> SessionLimits:
        """Return the limits of a person."""
        return SessionLimits(config=self.config)

    def idle(self) -> IdleTimeouts:
        """Return the settings of idle timeouts."""
        return IdleTimeouts(config=self.config)

    def policy(self) -> SessionPolicy:
        """Return the settings of what may be asked for."""
        return SessionPolicy(config=self.config)

    def find_spawner(self, key: str) -> Any | None:
        """Return the spawner that runs this run of a session."""
        for spawner in hub_line.active_spawners(self.hub):
            if spawner.run is not None and spawner.run.key == key:
                return spawner
        return None

    def make_snapshot(self) -> Snapshot:
        """Return the settings as the service needs them."""
        spawner_class = self.hub.spawner_class
        limits, idle, policy = self.limits(), self.idle(), self.policy()
        link = SessionsLink(config=self.config)
        page = SessionsPage(config=self.config)
        spawner = spawner_class.unbound(self.config)
        static = None if callable(spawner.profile_list) else read_profiles(spawner.profile_list)
        return Snapshot(
            environments=None if static is None else [one.to_wire() for one in static],
            unsupported=spawner.unsupported_fields(),
            offers=spawner.fixed_offers(),
            running_limit=limits.running,
            drive_limit=limits.drives,
            requests_per_second=limits.requests_per_second,
            drive_grace_seconds=policy.drive_grace_seconds,
            drive_terms=spawner.drive_terms(),
            env_refused=(*policy.env_refused, *spawner.given_variables()),
            env_reserved=spawner.reserved_variables,
            idle_presets=tuple(idle.presets),
            idle_default=idle.default_within,
            idle_max=idle.max_seconds,
            idle_may_be_never=idle.may_be_unbounded,
            extend_max=idle.extend_within,
            cpu_max=limits.cpu,
            memory_max=limits.memory,
            start_timeout=spawner.start_timeout,
            reconcile_seconds=link.reconcile_seconds,
            hub_calls=link.hub_calls,
            users_trust_each_other=policy.users_trust_each_other,
            shared_address=not self.hub.subdomain_host,
            isolates=spawner.isolates,
            cluster=spawner.is_labelled,
            email_suffix=policy.email_suffix,
            doors=spawner.doors(),
            hub_version=hub_line.HUB_VERSION,
            announcement=self.announcement(page),
            navigation_items=tuple(NavigationItem(**item) for item in page.navigation_items),
        )

    def announcement(self, page: SessionsPage) -> str:
        """Return what is announced above the page: its own text, or else the hub's."""
        own: str | None = page.announcement
        return hub_line.announcement_of(self.hub) if own is None else own

    async def offer_of(self, user: Any) -> dict[str, Any]:
        """Return a user's drives and a sentence on his limit; the default drive if nobody knows.

        `notes` says something of some of the drives.
        """
        nothing = {"drives": ["default"], "notes": {}, "room": ""}
        owner = self.owner_of(user)
        try:
            return {**nothing, **await self.link.ask("offer", {"owner_key": owner.key})}
        except (LinkDown, Refused, TimeoutError):
            return nothing

    async def make_drive(self, user: Any, name: str) -> None:
        """Have a drive of a user's, made now if there is none. Raises `Refused`, `LinkDown`."""
        owner = self.owner_of(user)
        question = {"owner_key": owner.key, "owner": owner.name, "name": name}
        await self.link.ask("make_drive", question)

    async def last_session(self, owner: Any, server: str, run: str, viewer: str) -> dict[str, Any]:
        """Return `{id, sentence}` of the session that a server last was; empty if nobody knows.

        `run` is its id where that is known; the sentence says to a viewer why it ended.
        """
        key = self.owner_of(owner).key
        question = {"owner_key": key, "server": server, "id": run, "viewer": viewer}
        try:
            return await self.link.ask("last", question)
        except (LinkDown, Refused, TimeoutError):
            return {}

    async def describe_owner(self, body: Body) -> Body:
        """Answer who a user is: when made, in which groups."""
        user = hub_line.user_called(self.hub, str(body["name"]))
        if user is None:
            raise Refused("missing", "There is no such user.")
        services = hub_line.services_of(self.hub, user)
        owner = self.owner_of(user).model_copy(update={"services": tuple(services)})
        return owner.model_dump(mode="json")

    async def list_members(self, body: Body) -> Body:
        """Answer which persons are in a group."""
        members = hub_line.members_of_group(self.hub, str(body["group"]))
        return {"keys": [Owner(name=name, created=made).key for name, made in members]}

    def owner_of(self, user: Any) -> Owner:
        """Return the owner behind a user of the hub."""
        return Owner(
            name=user.name,
            created=hub_line.when_user_was_made(user),
            groups=tuple(sorted(group.name for group in user.groups)),
            rights=tuple(sorted(hub_line.rights_of(user))),
        )

    async def list_environments(self, body: Body) -> Body:
        """Answer which environments a user may start (`profile_list` may be a function)."""
        user = hub_line.user_called(self.hub, str(body["name"]))
        if user is None:
            raise Refused("missing", "There is no such user.")
        spawner = user.get_spawner("")
        try:
            environments: tuple[Environment, ...] = await spawner.list_environments()
        except BadProfile as error:
            raise Refused("profile_list", f"Tell the administrator: {error}") from None
        return {"environments": [one.to_wire() for one in environments]}

    async def list_offers(self, _body: Body) -> Body:
        """Answer what is offered to be attached, to whomever."""
        spawner = self.hub.spawner_class.unbound(self.config)
        try:
            offers = await spawner.list_offers()
        except BadOffer as error:
            raise Refused("offers", f"Tell the administrator: {error}") from None
        return {"offers": offers.to_wire()}

    def drives(self) -> Drives:
        """Return what keeps drives, by the settings as they are now."""
        drives: Drives = self.hub.spawner_class.drives_of(self.folder, self.config)
        return drives

    async def list_live(self, body: Body) -> Body:
        """Answer which servers are ready or pending, and of which runs reports wait.

        Those of the service's running runs are left out if they are these (`agrees`).
        """
        servers = list(hub_line.active_spawners(self.hub))
        running = [(one.run.id, one.run.generation) for one in servers if _is_running(one)]
        agrees = body.get("running") == str(RunDigest(running))
        told = [one for one in servers if not (agrees and _is_running(one))]
        return {
            "servers": [self._describe(one) for one in told],
            "reported": self.link.waiting_runs(),
            "agrees": agrees,
        }

    async def describe_run(self, body: Body) -> Body:
        """Answer what a run that goes on was started with."""
        spawner = self.find_spawner(f"{body['id']}:{body['generation']}")
        if spawner is None or spawner.run is None:
            raise Refused("missing", "There is no such run.")
        run = spawner.run
        return GoingRun(
            owner=self.owner_of(spawner.user),
            server=spawner.name,
            id=run.id,
            generation=run.generation,
            name=run.name,
            request=to_stored(run.request),
            request_digest=digest_of(run.request),
            drives=dict(run.drives),
            token_sha256=run.token_sha256,
            places=dict(run.places),
        ).model_dump(mode="json")

    async def look_at_cluster(self, _body: Body) -> Body:
        """Answer what the cluster has of sessions, and what the hub may not do there."""
        spawner = self.hub.spawner_class.unbound(self.config)
        if not spawner.is_labelled:
            raise Refused("missing", "Sessions of this hub are no pods.")
        # Hubs without pods need not have the cluster's client.
        from .kubernetes.examining import look_at_cluster

        return (await look_at_cluster(spawner, self.name)).model_dump(mode="json")

    def _describe(self, spawner: Any) -> dict[str, Any]:
        run = spawner.run
        return LiveServer(
            owner=spawner.user.name,
            created=hub_line.when_user_was_made(spawner.user),
            server=spawner.name,
            id=run.id if run else "",
            generation=run.generation if run else 0,
            ready=spawner.ready,
            pending=spawner.pending,
            token_sha256=run.token_sha256 if run else "",
        ).model_dump(mode="json")


def _is_running(spawner: Any) -> bool:
    return bool(spawner.ready and spawner.run is not None)


def has_one_system_user(policy: SessionPolicy) -> bool:
    """Tell whether all sessions run as the hub's own system user (security decision 8)."""
    return policy.users_trust_each_other or os.geteuid() != 0


_current: HubProcess | None = None


def attach(
    hub: Any, folder: Path, port: int, *, address: str = "unix:", secret: bytes | None = None
) -> HubProcess:
    """Make the hub process's end, and close the process to debuggers. One a process.

    Its memory and its first environment hold what makes somebody the administrator; a session of
    the same system user could read them.
    """
    global _current  # noqa: PLW0603 (a process has one hub)
    from .hub_pages import sessions_page

    forbid_dumps()
    hub.log.addFilter(hub_line.HidesOptions())
    # For our templates of the hub's pages; whatever the file gives to templates stays.
    hub.template_vars.setdefault("sessions_page", sessions_page)
    _current = HubProcess(hub, folder, port, address=address, secret=secret)
    return _current


def current() -> HubProcess:
    """Return the hub process's end. Raises `RuntimeError` when `configure` was not called."""
    if _current is None:
        raise RuntimeError("Call sessions_service.hub.configure(c) in jupyterhub_config.py.")
    return _current


def when_serving(hub: Any, call: Callable[[], None]) -> asyncio.Task[None]:
    """Call once the hub answers requests: its spawners are loaded then."""

    async def wait() -> None:
        # The hub tells nobody when it has loaded its servers.
        while not hub_line.is_serving(hub):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        call()

    return asyncio.create_task(wait())
