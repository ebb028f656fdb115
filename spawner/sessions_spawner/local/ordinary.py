"""Sessions as plain subprocesses of the hub, for systems that cannot have a fork server.

Each runs in a session and process group of its own, and has a note like a keeper's, so that the
next hub finds it. Nobody stands above a server that ends by itself: what it left in other process
groups ends on its own, or stays.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pwd
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import limits, linux, notes, tree
from .launch_channel import log_tail
from .notes import Note
from .poll_result import PollResult
from .process_request import Launched, LaunchError, ProcessEnded, ProcessRequest
from .program_ready import wait_until_served

log = logging.getLogger(__name__)

KEEP_EXITS_SECONDS = 7 * 24 * 3600.0
STOP_SLACK_SECONDS = 10.0
LOOK_AGAIN_SECONDS = 0.02
EXIT_NOT_FOUND = 127
_SERVER = ("-P", "-m", "sessions_spawner.local.ordinary_server")
# Run as the session's system user, before its program: setuid programs are powerless from here on.
_CONFINED = f"""
import ctypes, os, sys
if ctypes.CDLL(None).prctl({linux.PR_SET_NO_NEW_PRIVS}, 1, 0, 0, 0) != 0:
    sys.exit("New privileges cannot be forbidden here.")
try:
    os.execvp(sys.argv[1], sys.argv[1:])
except OSError as error:
    print(f"The program {{sys.argv[1]}} cannot be started: {{error.strerror}}.", file=sys.stderr)
    os._exit({EXIT_NOT_FOUND})
"""


@dataclass
class _Child:
    """One living subprocess of ours."""

    request: ProcessRequest
    process: subprocess.Popen[bytes]
    port: int
    note: Note
    ended: asyncio.Event
    is_stopping: bool = False


class OrdinaryProcesses:
    """One hub's view of the sessions of one state folder; see `Processes`.

    `on_exit` is called with key and exit code when the program of a session that we started has
    ended; of what another hub started, only `poll` tells.
    """

    def __init__(self, state_folder: Path) -> None:
        self.state_folder = Path(state_folder).absolute()
        self.on_exit: Callable[[str, int], None] | None = None
        self._children: dict[str, _Child] = {}

    async def ensure_running(self) -> None:
        """Make the folder; there is nothing to be started."""
        self.state_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.state_folder.chmod(0o700)

    async def launch(self, request: ProcessRequest, listener: socket.socket | None) -> Launched:
        """Start a session's program on the socket `listener`, or on its port.

        Our own server inherits the socket; another program has to bind the port itself. Here the
        socket is closed.

        Raises LaunchError with a sentence if the session cannot be started; then nothing is left.
        """
        if listener is None:
            raise LaunchError("A session needs a port.")
        await self.ensure_running()
        await asyncio.to_thread(notes.remove_older, self.state_folder, KEEP_EXITS_SECONDS)
        port = listener.getsockname()[1]
        # From here on without an await: a start that is cancelled leaves nothing unknown behind.
        group = limits.prepare(_group_name(), request.memory_bytes, request.cpu_cores)
        try:
            process = _start(request, listener)
        except LaunchError:
            limits.remove(group.cgroups)
            raise
        finally:
            listener.close()
        sentence = limits.put(group, process.pid)
        started = tree.start_ticks(process.pid) or 0
        note = Note(request.key, process.pid, started, linux.boot_id(), group.cgroups)
        child = _Child(request, process, port, note, asyncio.Event())
        try:
            notes.create(self.state_folder, note)
        except OSError as error:
            process.kill()
            process.wait()
            limits.remove(group.cgroups)
            raise LaunchError(f"Session {request.key} cannot be noted: {error}.") from None
        self._children[request.key] = child
        loop = asyncio.get_running_loop()
        # A thread of its own: one of the loop's would hold up the end of the hub.
        threading.Thread(target=self._watch, args=(child, loop), daemon=True).start()
        return Launched(request.key, process.pid, started, process.pid, sentence)

    async def wait_ready(self, launched: Launched, timeout: float) -> None:
        """Wait until the session's program answers requests, at most `timeout` seconds.

        Raises ProcessEnded at once when it ends before, TimeoutError when the time is over.
        """
        child = self._children.get(launched.key)
        if child is None:
            raise LaunchError(f"Session {launched.key} was not launched from here.")
        base_url = child.request.env.get("JUPYTERHUB_SERVICE_PREFIX", "/")
        served = asyncio.ensure_future(wait_until_served(launched.pid, child.port, base_url))
        ended = asyncio.ensure_future(child.ended.wait())
        try:
            async with asyncio.timeout(timeout):
                await asyncio.wait([served, ended], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (served, ended):
                task.cancel()
            await asyncio.gather(served, ended, return_exceptions=True)
        if child.ended.is_set():
            note, tail = child.note, log_tail(Path(child.request.log_path))
            raise ProcessEnded(note.exit_code, note.evidence, tail)

    async def stop(self, key: str, grace_seconds: float) -> int | None:
        """End a session's program and what it started, and answer its exit code.

        Programs get SIGTERM and `grace_seconds`, then SIGKILL. None means that there was no
        such session, or that its exit code is unknown.

        Raises LaunchError if processes are left after the grace and ten seconds more.
        """
        child = self._children.get(key)
        note = child.note if child else notes.read(self.state_folder, key)
        if note is None:
            return None
        if child is not None:
            child.is_stopping = True
        await _end_all(note, grace_seconds)
        if child is not None:
            await child.ended.wait()
            note = child.note
        elif not note.ended:
            note = note.with_exit(None, "lost")
            notes.replace_note(self.state_folder, note)
        await asyncio.to_thread(limits.remove, note.cgroups)
        return note.exit_code

    async def poll(self, key: str) -> PollResult:
        """Answer how a session's program is, also if another hub started it."""
        child = self._children.get(key)
        note = child.note if child else notes.read(self.state_folder, key)
        if note is None:
            return PollResult(False, None, False)
        if note.ended:
            return PollResult(False, note.exit_code, True, note.evidence)
        if child is not None or note.is_alive():
            return PollResult(True, None, True, stopping=child is not None and child.is_stopping)
        return PollResult(False, None, True, "lost")

    async def list(self) -> list[tuple[str, int, int]]:
        """List key, pid and start time (clock ticks) of all living sessions."""
        found = await asyncio.to_thread(notes.read_all, self.state_folder)
        living = [note for note in found if not note.ended and note.is_alive()]
        return [(note.key, note.pid, note.started) for note in living]

    async def forget(self, key: str) -> None:
        """Drop a collected exit code."""
        child = self._children.get(key)
        if child is not None and not child.note.ended:
            return
        self._children.pop(key, None)
        note = notes.read(self.state_folder, key)
        if note is not None and not note.is_alive():
            notes.remove(self.state_folder, key)

    def leave(self) -> None:
        """Leave what runs to the next hub."""

    def _watch(self, child: _Child, loop: asyncio.AbstractEventLoop) -> None:
        """Wait for the program's end, in a thread."""
        if hasattr(os, "waitid"):
            # Not collected yet: until then the number of its process group is surely its own.
            os.waitid(os.P_PID, child.process.pid, os.WEXITED | os.WNOWAIT)
            _signal_group(child.process.pid, signal.SIGTERM)
        code = child.process.wait()
        kills = limits.out_of_memory_kills(child.note.cgroups) if code == -signal.SIGKILL else 0
        note = child.note.with_exit(code, "out-of-memory" if kills else "")
        with contextlib.suppress(OSError):  # the folder may be gone with the hub
            notes.replace_note(self.state_folder, note)
        with contextlib.suppress(RuntimeError):  # so may the loop
            loop.call_soon_threadsafe(self._take_exit, child, note)

    def _take_exit(self, child: _Child, note: Note) -> None:
        child.note = note
        child.ended.set()
        if self.on_exit is not None:
            self.on_exit(note.key, -1 if note.exit_code is None else note.exit_code)


def _group_name() -> str:
    return f"session-{os.getpid()}-{time.monotonic_ns()}"


def _start(request: ProcessRequest, listener: socket.socket) -> subprocess.Popen[bytes]:
    passed: tuple[int, ...] = ()
    program = request.executable
    if program is None:
        passed = (listener.fileno(),)
        program = (sys.executable, *_SERVER, str(listener.fileno()))
    else:
        listener.close()
    program = (*_confinement(request), *program)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(request.log_path, flags, 0o600)
    except OSError as error:
        raise LaunchError(f"The session's log cannot be opened: {error.strerror}.") from None
    try:
        return subprocess.Popen(
            [*program, *request.argv],
            env=dict(request.env),
            cwd=request.cwd,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            umask=request.umask,
            pass_fds=passed,
            **_identity(request, descriptor),
        )
    except LaunchError:
        raise
    except OSError as error:
        sentence = f"The program {program[0]} cannot be started: {error.strerror}."
        os.write(descriptor, sentence.encode() + b"\n")
        raise ProcessEnded(EXIT_NOT_FOUND, "", sentence) from None
    finally:
        os.close(descriptor)


def _confinement(request: ProcessRequest) -> tuple[str, ...]:
    """Return what goes before a program that becomes another system user's."""
    if request.user is None or sys.platform != "linux":
        return ()
    return (sys.executable, "-I", "-S", "-c", _CONFINED)


def _identity(request: ProcessRequest, log_descriptor: int) -> Mapping[str, Any]:
    """Return what makes the program another system user's, as far as that is asked for."""
    if request.user is None:
        return {}
    account = pwd.getpwnam(request.user)
    if account.pw_uid == 0:
        raise LaunchError("A session never runs as root by name.")
    os.fchown(log_descriptor, account.pw_uid, account.pw_gid)
    groups = os.getgrouplist(account.pw_name, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": groups}


async def _end_all(note: Note, grace_seconds: float) -> None:
    """End the program, its descendants and its process group, and see that they are gone.

    Raises LaunchError if some stay.
    """
    family: dict[int, tree.Process] = {}
    for number, seconds in (
        (signal.SIGTERM, grace_seconds),
        (signal.SIGKILL, STOP_SLACK_SECONDS),
    ):
        until = time.monotonic() + seconds
        told: set[int] = set()
        while await asyncio.to_thread(_look, note, family):
            if time.monotonic() > until:
                break
            for process in family.values():
                if process.pid not in told:
                    _signal(process, number)
                    told.add(process.pid)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        else:
            return
    raise LaunchError(f"Processes of session {note.key} cannot be ended.")


def _look(note: Note, family: dict[int, tree.Process]) -> bool:
    """Bring a session's processes up to date; answer whether any is left."""
    everything = {one.pid: one for one in tree.all_processes() if not one.is_zombie}
    for pid, known in list(family.items()):
        now = everything.get(pid)
        if now is None or now.started != known.started:
            del family[pid]
    leader = everything.get(note.pid)
    is_strange = leader is not None and leader.started != note.started
    if not is_strange:
        family.update({pid: one for pid, one in everything.items() if one.group == note.pid})
    _add_descendants(family, everything.values())
    return bool(family)


def _add_descendants(family: dict[int, tree.Process], everything: Iterable[tree.Process]) -> None:
    found = True
    while found:
        more = [one for one in everything if one.parent in family and one.pid not in family]
        family.update({one.pid: one for one in more})
        found = bool(more)


def _signal(process: tree.Process, number: int) -> None:
    if process.started and tree.start_ticks(process.pid) != process.started:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(process.pid, number)


def _signal_group(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
