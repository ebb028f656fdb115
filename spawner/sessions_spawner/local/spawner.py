"""`LocalSessionSpawner`: sessions as processes of this machine, forked where the system can."""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import shutil
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Enum, Float, Integer, Unicode, default
from traitlets.config import Config

from .. import hub_line, hub_process
from ..mixin import SessionSpawner
from ..plan import Plan
from ..request.quantities import parse_quantity
from ..run import Failure, Run, StartFailed
from ..settings import SessionPolicy
from ..storage.drives import DriveOwner, DriveRefused
from ..storage.folder_drives import FolderDrives
from ..storage.placing import PlaceChanged, place_drives
from ..wire.channel import LinkDown, Refused
from ..wire.messages import DriveRecord, LogLines, LogQuestion, PlacedDrive, Report
from ..wire.snapshot import Door
from .accounts import Account, NoAccount, closed_ways, find_account
from .client import (
    Launched,
    LaunchError,
    ProcessClient,
    ProcessEnded,
    ProcessRequest,
)
from .evidence import read_last_lines
from .extra_drives import attach_extras, detach_extras
from .file_log import read_file_log
from .linux import missing_calls
from .ordinary import OrdinaryProcesses
from .ways import Processes, Way, choose_way

log = logging.getLogger("jupyterhub.sessions")

_NOT_LOCAL = "Sessions on this hub are processes of one machine and cannot give this."
_LATER = "This hub does not offer this."
_NOT_READ_ONLY = "Drives of this hub cannot be attached read-only; leave it out."
_ACTIVITY_INTERVAL = "JUPYTERHUB_ACTIVITY_INTERVAL"


class LocalSessionSpawner(SessionSpawner, LocalProcessSpawner):
    """Start sessions as processes of this machine.

    Where the hub is root, each runs as the system user of its owner's name. Else, or where all
    users are said to trust each other, all of them run as the hub's own system user: that does not
    isolate users from each other.
    """

    stop_grace_seconds = Float(
        5.0,
        help="Set how long programs of a session may take to end when it stops, in seconds, before "
        "they are killed. A session without programs of its own ends at once. "
        "Example: ``c.LocalSessionSpawner.stop_grace_seconds = 10``.",
    ).tag(config=True)
    code_server = Unicode(
        help="Name the code-server program; empty looks for it on the PATH, and without one the "
        "page says that VS Code is not installed. "
        "Example: ``c.LocalSessionSpawner.code_server = '/opt/code-server/bin/code-server'``.",
    ).tag(config=True)

    start_method = Enum(
        ("automatic", "ordinary"),
        "automatic",
        help="Choose how sessions start: ``ordinary`` as plain subprocesses of the hub, which "
        "takes a few seconds; ``automatic``, the default, by a fork server within a fraction of a "
        "second where the system can (Linux 5.3 or newer), else the ordinary way. "
        "Example: ``c.LocalSessionSpawner.start_method = 'ordinary'``.",
    ).tag(config=True)

    least_uid = Integer(
        1000,
        min=1,
        help="Set the lowest number of a system user that a session may run as. The default leaves "
        "out root and the system's own users on nearly every Linux. "
        "Example: ``c.LocalSessionSpawner.least_uid = 500``.",
    ).tag(config=True)

    reserved_variables = ("SESSIONS_*", "HOME", "JUPYTERHUB_ROOT_DIR", _ACTIVITY_INTERVAL)

    _launched: Launched | None = None
    _listener: socket.socket | None = None
    _account: Account | None = None

    @property
    def isolates(self) -> bool:
        """Tell whether users are system users of their own."""
        return not hub_process.has_one_system_user(SessionPolicy(config=self.config))

    @default("profile_list")
    def _offer_own_python(self) -> list[dict[str, Any]]:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return [{"display_name": f"Python {version}", "slug": "python", "default": True}]

    def unsupported_fields(self) -> dict[str, str]:
        """Return what processes of one machine cannot give, and what comes later."""
        cluster = (
            "image",
            "resources.gpu",
            "secrets",
            "service_account",
            "cloud_sql",
            "pod_overrides",
            "pod_spec",
        )
        later = (
            "ports",
            "visibility",
            "collaborative",
        )
        found = {**dict.fromkeys(cluster, _NOT_LOCAL), **dict.fromkeys(later, _LATER)}
        return {**found, "extra_drives.read_only": _NOT_READ_ONLY}

    def doors(self) -> dict[str, Door]:
        """Return which ways into a session exist on this machine."""
        found = self.find_code_server()
        code = (
            Door() if found else Door(is_on=False, reason="VS Code is not installed on this hub.")
        )
        return {"lab": Door(), "code": code, "shell": Door()}

    def find_code_server(self) -> str:
        """Return the code-server program, or an empty text."""
        return self.code_server or shutil.which("code-server") or ""

    # Storage and process

    @property
    def _folder(self) -> Path:
        return hub_process.current().folder

    @property
    def processes(self) -> Processes:
        """The processes of this state folder, seen from the hub; one view a hub process."""
        return _processes_of(self._folder, choose_way(self.start_method, missing_calls()))

    async def prepare(self, run: Run, plan: Plan) -> Mapping[str, str]:
        """Make the folders of drives on first use."""
        drives = self.drives_of(self._folder, self.config)
        try:
            self._account = account = await asyncio.to_thread(self._find_account)
            placed = await self._place_drives(drives, run, plan, account)
            await attach_extras(drives, run, plan, placed)
        except NoAccount as error:
            raise StartFailed(Failure("refused", str(error))) from None
        except OSError as error:
            detail = f"its folder cannot be made ({error.strerror})"
            raise StartFailed(Failure("volume", detail)) from None
        except (DriveRefused, PlaceChanged) as error:
            raise StartFailed(Failure("volume", str(error))) from None
        except (LinkDown, Refused) as error:
            raise StartFailed(Failure("refused", str(error))) from None
        self._home = drives.path_of(placed[plan.mounts[0].drive])
        return {drive: one.place for drive, one in placed.items()}

    async def _place_drives(
        self, drives: FolderDrives, run: Run, plan: Plan, account: Account | None
    ) -> dict[str, PlacedDrive]:
        ids = {mount.drive for mount in plan.mounts}
        records = [run.records.get(one) or DriveRecord(id=one) for one in ids]
        owner = DriveOwner(
            self.user.name,
            uid=account.uid if account else None,
            gid=account.gid if account else None,
        )
        return await place_drives(drives, records, owner, hub_process.current().link.ask)

    def _find_account(self) -> Account | None:
        """Return the owner's system user, or None where there is one for all."""
        return find_account(self.user.name, self.least_uid) if self.isolates else None

    async def realise(self, run: Run, plan: Plan) -> str:
        """Start the process and wait until it serves."""
        listener = socket.socket()
        try:
            listener.bind(("127.0.0.1", 0))
            listener.listen(128)
            self.ip, self.port = listener.getsockname()
            request = self._make_request(run, plan)
            client = self.processes
            await client.ensure_running()
            self._launched = launched = await client.launch(request, listener)
            if launched.limits:
                self.log.warning("session.limits session=%s %s", run.id, launched.limits)
            await client.wait_ready(launched, float(self.start_timeout))
            # Kept until the route is gone: nobody else gets the port of a session that crashed.
            self._listener = listener
        except ProcessEnded as ended:
            cause = "exited" if ended.exit_code == 0 else ended.evidence or "crashed"
            raise StartFailed(
                Failure(cause, "it ended before it served", ended.exit_code)
            ) from None
        except (LaunchError, OSError) as error:
            raise StartFailed(Failure("crashed", str(error))) from None
        except TimeoutError:
            stage = "waiting for the server"
            raise StartFailed(Failure("start-timeout", stage)) from None
        except asyncio.CancelledError:
            # The hub stores no state of a start that was cancelled, so nothing may be left.
            await asyncio.shield(self.end(run))
            raise
        finally:
            if self._listener is not listener:
                listener.close()
        return f"http://127.0.0.1:{self.port}"

    async def end(self, run: Run) -> None:
        """End the whole process tree of this run."""
        await self.processes.stop(run.key, self.stop_grace_seconds)

    async def poll(self) -> int | None:
        """Return None while the process lives, else its exit code."""
        if self.run is None:
            return 0
        found = await self.processes.poll(self.run.key)
        if found.stopping:
            # A hub that was killed in mid-stop: the next one shall not wait for its answer.
            self._was_stopped = True
        elif found.alive:
            return None
        if not found.known and self._launched is None and self._start_pending:
            return None  # not launched yet: something is being made
        return found.exit_code if found.exit_code is not None else 1

    async def run_post_stop_hook(self) -> None:
        """Report the end once nothing is left, then let the fork server forget it.

        Something is left when it was a hub that was killed in mid-stop that began this end.
        """
        run = self.run
        if run is not None:
            try:
                await self.end(run)
            except LaunchError as error:
                self.log.error("session.not_ended session=%s error=%s", run.id, error)
            others = hub_line.active_spawners(hub_process.current().hub)
            runs = [one.run for one in others if one is not self and one.run]
            await detach_extras(self._folder / "drives", run, runs)
        self._let_go_of_port()
        await super().run_post_stop_hook()
        if run is not None:
            await self.processes.forget(run.key)

    async def end_seen(self, run: Run) -> Failure | None:
        """Return `out-of-memory` when the system ended the process for its memory."""
        found = await self.processes.poll(run.key)
        return Failure(found.evidence) if found.evidence == "out-of-memory" else None

    async def last_lines(self, run: Run) -> tuple[str, ...]:
        """Return the last lines of the process's log."""
        return await asyncio.to_thread(read_last_lines, self._log_path(run))

    async def read_log(self, run: Run, question: LogQuestion) -> LogLines:
        """Return lines of the process's log, the only one there is."""
        if question.container is not None:
            raise Refused("container", "Sessions of this hub have no containers; leave it out.")
        return await asyncio.to_thread(read_file_log, self._log_path(run), question)

    def clear_state(self) -> None:
        """Forget the process."""
        super().clear_state()
        self._launched = None
        self._let_go_of_port()

    def _let_go_of_port(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """Return the environment; where all run as one, the owner needs no account here."""
        env["USER"] = self.user.name
        env["SHELL"] = "/bin/bash"
        return env

    def _log_path(self, run: Run) -> Path:
        return self._folder / "processes" / f"{run.id}.log"

    def _make_request(self, run: Run, plan: Plan) -> ProcessRequest:
        home = str(self._home)
        memory = plan.settings.get("memory")
        cpu = plan.settings.get("cpu")
        return ProcessRequest(
            key=run.key,
            argv=(*self.get_args(), *_arguments_of_root(self._account)),
            env=self._make_env(plan, home),
            cwd=home,
            log_path=str(self._log_path(run)),
            executable=_executable_of(plan.settings),
            memory_bytes=int(parse_quantity(memory)) if memory else None,
            cpu_cores=float(parse_quantity(cpu)) if cpu else None,
            user=self._account.name if self._account else None,
        )

    def _make_env(self, plan: Plan, home: str) -> dict[str, str]:
        without = plan.settings.get("without_env", ())
        env = {name: text for name, text in self.get_env().items() if name not in without}
        env.update(plan.env)
        env.update(
            HOME=home,
            SESSIONS_DRIVE=home,
            SESSIONS_CODE_SERVER=self.find_code_server(),
            JUPYTERHUB_ROOT_DIR=home,
        )
        # Reports to the hub are its own affair; 300 s spares it (performance traps).
        env[_ACTIVITY_INTERVAL] = "300"
        return env

    @classmethod
    def drives_of(cls, folder: Path, config: Config) -> FolderDrives:  # noqa: ARG003 (the mixin's)
        """Return what keeps drives as folders."""
        return FolderDrives(folder / "drives")

    @classmethod
    async def sweep(
        cls, folder: Path, known_runs: Callable[[], set[str]], config: Config
    ) -> list[Report]:
        """End what a hub that was killed left behind, and report it."""
        settings = cls(config=config)
        if settings.isolates:
            for closed in closed_ways(folder, Path(sys.executable)):
                log.warning("sessions.closed_way folder=%s, which owners of sessions enter", closed)
        client = _processes_of(folder, choose_way(settings.start_method, missing_calls()))
        grace = settings.stop_grace_seconds
        reports = []
        listed = await client.list()
        known = known_runs()
        for key, _pid, _started in listed:
            if key in known:
                continue
            await client.stop(key, grace)
            session_id, _, generation = key.partition(":")
            reports.append(
                Report(id=session_id, generation=int(generation), kind="ended", cause="shutdown")
            )
        client.on_exit = _notify_hub
        return reports


_views: dict[tuple[Path, Way], Processes] = {}
_notifying: set[asyncio.Task[Any]] = set()


def _processes_of(folder: Path, way: Way) -> Processes:
    key = folder, way
    if key not in _views:
        if way is Way.ORDINARY and (reason := missing_calls()):
            log.warning("sessions.start_the_ordinary_way reason=%s", reason)
        made = ProcessClient if way is Way.FORKED else OrdinaryProcesses
        _views[key] = view = made(folder / "processes")
        atexit.register(view.leave)
    return _views[key]


def _notify_hub(key: str, _code: int) -> None:
    """Have the hub look at a server whose process ended, instead of at its next poll."""
    spawner = hub_process.current().find_spawner(key)
    if spawner is not None and spawner.ready:
        task = asyncio.create_task(spawner.poll_and_notify())
        _notifying.add(task)
        task.add_done_callback(_notifying.discard)


def _arguments_of_root(account: Account | None) -> tuple[str, ...]:
    # With one system user, sessions of a hub that runs as root are root's.
    return ("--allow-root",) if os.getuid() == 0 and account is None else ()


def _executable_of(settings: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the program of an environment, or None for what the fork server can fork."""
    executable = settings.get("executable")
    if executable is not None:
        return tuple(executable) if isinstance(executable, list | tuple) else (str(executable),)
    python = settings.get("python")
    if python is None or os.path.realpath(str(python)) == os.path.realpath(sys.executable):
        return None
    return (str(python), "-m", "jupyterhub.singleuser")
