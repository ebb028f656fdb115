"""`SessionSpawner`: what local and Kubernetes sessions share, from admission to the last report."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import time
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from traitlets import Callable as CallableTrait
from traitlets import List, Union, default
from traitlets.config import Config, LoggingConfigurable

from . import hub_line, hub_process, intake, spawn_page
from .cluster_settings import SessionOffers
from .intake import Checked
from .log_lines import tidy_all
from .plan import Plan, PlanConflict, PlanFacts, make_plan
from .progress import Progress
from .request import LaunchRequest, digest_of, to_stored
from .request.environments import Environment
from .request.offers import Offers
from .run import Failure, Run, StartFailed, make_stage
from .showing import Shows
from .storage.drives import Drives
from .wire.channel import LinkDown, Refused
from .wire.messages import Admit, Admitted, Report
from .wire.snapshot import Door, DriveTerms

if TYPE_CHECKING:
    from jupyterhub.spawner import Spawner as Base
else:
    # The hub refuses a mixin derived from Spawner that lacks start, stop and poll.
    Base = LoggingConfigurable

# When a start was cancelled, the hub ends it one second later.
_HUB_ENDS_IT_SECONDS: Final = 1.5


class SessionSpawner(Shows, Base):
    """Admit, plan, realise; tell the stages and the end.

    Subclasses give `realise`, `poll`, `end`, and say what they cannot give.
    """

    profile_list = Union(
        [List(), CallableTrait()],
        help="List the environments, as KubeSpawner's ``profile_list``: entries with "
        "``display_name``, ``slug``, ``description``, ``default`` and settings of their own. A "
        "function of the spawner may return the list, so that it differs by user. Example: "
        "``c.LocalSessionSpawner.profile_list = [{'display_name': 'Python', 'slug': 'python'}]``.",
    ).tag(config=True)

    # Patterns of what every session has of its own, so that nobody else can set it.
    reserved_variables: tuple[str, ...] = ("SESSIONS_*",)

    run: Run | None = None
    # The session of the last start, also after its end; empty if it was refused.
    last_run = ""
    _progress: Progress | None = None
    _failure: Failure | None = None
    _was_stopped = False
    _began = 0.0
    _settling: asyncio.Future[None] | None = None

    @default("apply_user_options")
    def _apply_no_options(self) -> Callable[..., None]:
        # Options never become traits (facts, KubeSpawner): the plan is made from the request.
        return lambda _spawner, _options: None

    # What a kind of spawner gives

    @classmethod
    def unbound(cls, config: Config) -> SessionSpawner:
        """Return a spawner of nobody, to read the settings of."""
        return cls(config=config)

    @property
    def isolates(self) -> bool:
        """Tell whether sessions of different users are kept apart on the machine."""
        return False

    def unsupported_fields(self) -> dict[str, str]:
        """Return field → sentence for what this spawner cannot give."""
        return {}

    def literal(self, setting: str, text: str) -> str:  # noqa: ARG002 (for subclasses)
        """Return text so that it stays itself as a part of a setting of that name."""
        return text

    def doors(self) -> dict[str, Door]:
        """Return which ways into a session exist."""
        return {"lab": Door(), "code": Door(), "shell": Door()}

    def activity_base(self, of_the_machine: str) -> str:
        """Return the address of the service as sessions reach it."""
        return of_the_machine

    # Whether sessions carry labels for whoever runs the cluster.
    is_labelled = False

    async def list_offers(self) -> Offers:
        """Return what the administrator offers to be attached, to whomever. Raises `BadOffer`."""
        return SessionOffers(config=self.config).read_for_processes()

    def fixed_offers(self) -> dict[str, Any] | None:
        """Return the offers as settings; None where they change and have to be asked for."""
        return SessionOffers(config=self.config).read_for_processes().to_wire()

    async def rehearse(self, checked: Checked) -> None:
        """Look at what would be made of a request, before it is admitted. Raises `BadYaml`."""

    @classmethod
    def rehearsing(cls, hub: Any, user: Any) -> SessionSpawner:
        """Return a spawner of a user's that only shows what it would make."""
        return cls(config=hub.config, user=user, hub=hub.hub)

    async def render(self, _request: LaunchRequest, _flags: Mapping[str, bool]) -> dict[str, Any]:
        """Return what would be made of the user's request. Raises `Refused`.

        The flags are `dry_run` and `shows_values`.
        """
        raise Refused("missing", "Sessions of this hub are no pods.")

    async def pod_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of what YAML may set in the user's pods. Raises `Refused`."""
        raise Refused("missing", "Sessions of this hub are no pods.")

    def drive_terms(self) -> DriveTerms:
        """Return what drives a person may make."""
        return DriveTerms()

    @classmethod
    @abstractmethod
    def drives_of(cls, folder: Path, config: Config) -> Drives:
        """Return what keeps drives; `folder` is the state folder."""

    @abstractmethod
    async def prepare(self, run: Run, plan: Plan) -> Mapping[str, str]:
        """Make what the session needs before its program; return drive → where it lies."""

    @abstractmethod
    async def realise(self, run: Run, plan: Plan) -> str:
        """Start the program and return its address once it serves. Raises `StartFailed`."""

    def trouble(self) -> Failure | None:
        """Return what was in the way of a start whose time is over, where something saw it."""
        return None

    @abstractmethod
    async def end(self, run: Run) -> None:
        """End the program and all that it started."""

    async def end_seen(self, run: Run) -> Failure | None:  # noqa: ARG002 (for subclasses)
        """Return why a session ended by itself, where something outside saw it."""
        return None

    async def last_lines(self, run: Run) -> tuple[str, ...]:  # noqa: ARG002 (for subclasses)
        """Return the last lines that the program printed."""
        return ()

    # The hub's calls

    async def start(self) -> str:
        """Start the session: admission, plan, realisation."""
        self._progress = progress = Progress()
        self._failure = None
        self._was_stopped = False
        self._began = time.monotonic()
        self.last_run = ""
        spawn_page.keep(self)
        checked = await intake.read_request(self)
        self.run = run = await self._admit(checked)
        self.last_run = run.id
        try:
            plan = self.make_plan(run, checked)
            self._enter("preparing drive")
            self.run = run = replace(run, places=await self.prepare(run, plan))
            self._enter("starting")
            url = await self.realise(run, plan)
        except StartFailed as error:
            # A stop in mid-start ends the program too: that is no failure of the start.
            self._failure = None if self._was_stopped else error.failure
            progress.end()
            raise hub_line.make_refusal(f"The session did not start: {error}", "start") from None
        except asyncio.CancelledError:
            self._failure = self._failure_of_cancel()
            self._was_stopped = self._failure is None
            progress.end()
            hub_line.when_start_is_over(self, self._cancel_is_over)
            raise
        except Exception:
            said = "The hub failed at it; an administrator finds out why in the hub's log"
            self._failure = Failure("refused", said)
            progress.end()
            raise
        self._enter("waiting for the server")
        hub_line.when_start_is_over(self, self._start_is_over)
        return url

    async def stop(self, now: bool = False) -> None:  # noqa: ARG002 (the hub's signature)
        """End the session's program with everything that it started."""
        self._was_stopped = True
        if self._waiting_for_response and self._failure is None:
            self._failure = self._failure_of_silence()
        if self.run is not None:
            await self.end(self.run)

    async def run_post_stop_hook(self) -> None:
        """Report the end, whoever caused it: the hub calls this after every end."""
        if self.run is not None:
            report = await self._make_end_report(self.run)
            self.run = None
            hub_process.current().link.report(report)
        theirs = super().run_post_stop_hook()
        if inspect.isawaitable(theirs):
            await theirs

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the stages to the hub's progress page."""
        if self._progress is not None:
            async for event in self._progress.follow():
                yield event

    def get_state(self) -> dict[str, Any]:
        """Return what finds the session again after a restart of the hub."""
        state: dict[str, Any] = super().get_state()
        if self.run is not None:
            state["session"] = self.run.to_state()
        return state

    def load_state(self, state: dict[str, Any]) -> None:
        """Find the session again."""
        super().load_state(state)
        kept = state.get("session")
        if kept:
            self.run = Run.from_state(kept)

    # The hub's spawn page

    async def get_options_form(self) -> str:
        """Return the form of the hub's spawn page."""
        return await spawn_page.show(self)

    def run_options_from_form(self, form_data: Mapping[str, Sequence[Any]]) -> spawn_page.Options:
        """Return the launch request that was typed, checked by its own rules in `start`.

        A new drive is made first. Raises the hub's refusal; what was typed stays in the form.
        """
        return spawn_page.read(self, form_data)

    def options_from_query(self, query_data: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
        """Fill the form and start nothing: a link never starts a session."""
        raise spawn_page.fill(query_data)

    # Request and admission

    async def list_environments(self) -> tuple[Environment, ...]:
        """Return the environments that this user may start. Raises `BadProfile`."""
        return await intake.list_environments(self)

    def given_variables(self) -> tuple[str, ...]:
        """Return the variables that the administrator gives to every session."""
        return tuple(self.environment)

    async def _admit(self, checked: Checked) -> Run:
        request = checked.request
        hub = hub_process.current()
        token_sha256 = hashlib.sha256(self.api_token.encode()).hexdigest()
        question = Admit(
            owner=hub.owner_of(self.user),
            server=self.name,
            request=to_stored(request),
            request_digest=digest_of(request),
            environment_title=checked.environment.title,
            settings_digest=hub.link.settings_digest,
            token_sha256=token_sha256,
        )
        try:
            answer = Admitted(**await hub.link.admit(question.model_dump(mode="json")))
        except Refused as refusal:
            raise hub_line.make_refusal(refusal.message, refusal.code) from None
        except LinkDown:
            raise hub_line.make_refusal("Sessions are restarting. Try again.", "link") from None
        return Run(
            id=answer.id,
            generation=answer.generation,
            name=answer.name,
            request=request,
            drives=answer.drives,
            token_sha256=token_sha256,
            records=answer.records,
        )

    def make_plan(self, run: Run, checked: Checked) -> Plan:
        """Return the plan of a run. Raises `StartFailed`."""
        base = self.activity_base(hub_process.current().activity_base)
        facts = PlanFacts(
            session_id=run.id,
            name=run.name,
            layers=checked.layers,
            drive_ids=run.drives,
            activity_url=f"{base}api/v1/sessions/{run.id}/activity",
            offers=checked.offers,
            owner=self.user.name if self.is_labelled else None,
        )
        try:
            return make_plan(run.request, facts)
        except PlanConflict as conflict:
            raise StartFailed(Failure("refused", str(conflict))) from None

    # Stages and reports

    def _enter(self, stage: str) -> None:
        if self._progress is None or self.run is None:
            return
        self._progress.enter(stage)
        hub_process.current().link.tell_stage(make_stage(self.run, self.user.name, stage))

    def tell_wait(self, wait: Failure | None) -> None:
        """Tell what the start waits for at its stage and may still get; None for nothing."""
        if self._progress is not None and self.run is not None:
            told = make_stage(self.run, self.user.name, self._progress.last, wait)
            hub_process.current().link.tell_stage(told)

    def _start_is_over(self, is_ready: bool) -> None:
        progress, run = self._progress, self.run
        if progress is None or run is None:
            return
        if is_ready:
            spawn_page.forget(self)
            progress.enter("ready")
            told = {"stages": progress.to_json(), **self.seen()}
            hub_process.current().link.report(
                Report(id=run.id, generation=run.generation, kind="ready", **told),
                agrees=lambda: self.run is run and bool(self.ready),
            )
        progress.end()

    def _cancel_is_over(self, _is_ready: bool) -> None:
        self._settling = asyncio.ensure_future(self._settle_cancelled(self.run))

    async def _settle_cancelled(self, run: Run | None) -> None:
        """End a start that was cancelled, if the hub does not.

        The hub gives it a second to be over; one that takes longer, such as that of a program that
        does not want to end, it takes for a running server that can be neither stopped nor removed.
        """
        await asyncio.sleep(_HUB_ENDS_IT_SECONDS)
        is_the_hubs = self.user.spawners.get(self.name) is self
        if is_the_hubs and run is not None and self.run is run and not self.pending:
            self.log.warning("session.cancel_took_long session=%s", run.id)
            await self.user.stop(self.name)

    def _failure_of_cancel(self) -> Failure | None:
        """Tell the hub's start timeout from somebody's cancel; the hub cancels us in both."""
        if time.monotonic() - self._began < self.start_timeout - 0.5:
            return None
        stage = self._progress.last if self._progress else "created"
        return self.trouble() or Failure("start-timeout", stage)

    def _failure_of_silence(self) -> Failure | None:
        """Tell the hub's wait for an answer, when it gives up, from somebody's stop."""
        if time.monotonic() - self._began < self.http_timeout:
            return None
        return Failure("start-timeout", "waiting for the server")

    async def _make_end_report(self, run: Run) -> Report:
        failure = self._failure
        exit_code = failure.exit_code if failure else None
        if failure is None and not self._was_stopped:
            exit_code = await self.poll()
            failure = await self.end_seen(run)
        return Report(
            id=run.id,
            generation=run.generation,
            kind="ended",
            cause=failure.cause if failure else None,
            detail=failure.detail if failure else "",
            words=dict(failure.words) if failure else {},
            by_hub=self._was_stopped,
            exit_code=exit_code,
            lines=tidy_all(await self.last_lines(run), run.token_sha256),
            stages=self._progress.to_json() if self._progress else (),
            **self.seen(),
        )
