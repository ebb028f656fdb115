"""The hub's end of the fork server: start, find, launch, wait for, stop and follow sessions."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import socket
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import linux, preload
from .fork_server import CONTROL_SOCKET, IDLE_SECONDS, LAUNCH_SOCKET, socket_address
from .launch_channel import LaunchChannel
from .poll_result import GONE, Gone, PollResult
from .process_request import (
    Launched,
    LaunchError,
    NotSupportedHere,
    ProcessEnded,
    ProcessRequest,
    encode_request,
)
from .program_ready import wait_until_served
from .starting import LOG_FILE, start_fork_server

__all__ = [
    "GONE",
    "Gone",
    "LaunchError",
    "Launched",
    "NotSupportedHere",
    "PollResult",
    "ProcessClient",
    "ProcessEnded",
    "ProcessRequest",
]

log = logging.getLogger(__name__)

START_WITHIN_SECONDS = 30.0
CONNECT_AGAIN_SECONDS = 0.02
ANSWER_WITHIN_SECONDS = 10.0
STOP_SLACK_SECONDS = 10.0
LEAVE_WITHIN_SECONDS = 1.0
MAX_LINE_BYTES = 16 * 1024 * 1024


class ProcessClient:
    """One hub's view of the sessions of one state folder.

    `state_folder` must be a 0700 folder of this user, or it is made. `on_exit` is called with
    key and exit code as soon as a session's last process has ended, also for those that ended
    while nobody was connected; an unknown exit code is passed on as -1.
    """

    def __init__(self, state_folder: Path, *, idle_seconds: float = IDLE_SECONDS) -> None:
        self.state_folder = Path(state_folder).absolute()
        self.idle_seconds = idle_seconds
        self.on_exit: Callable[[str, int], None] | None = None
        self._exits: dict[str, PollResult] = {}
        self._known: set[str] = set()
        self._ended: dict[str, asyncio.Event] = {}
        self._launches: dict[str, LaunchChannel] = {}
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._starting = asyncio.Lock()
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._is_closed = False
        self._last_id = 0
        self.fork_server_pid: int | None = None

    async def ensure_running(self) -> None:
        """Find the folder's fork server or start one, and stay connected to it.

        Raises NotSupportedHere on systems without the calls, LaunchError if it does not start.
        """
        if (reason := linux.missing_calls()) != "":
            raise NotSupportedHere(reason)
        async with self._starting:
            if self._writer is not None:
                return
            self.state_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.state_folder.chmod(0o700)
            try:
                async with asyncio.timeout(START_WITHIN_SECONDS):
                    await self._connect_or_start()
            except TimeoutError:
                raise LaunchError(
                    f"The fork server did not start; its log is {self.state_folder / LOG_FILE}."
                ) from None

    async def launch(self, request: ProcessRequest, listener: socket.socket | None) -> Launched:
        """Start a session's processes; answer as soon as they exist.

        The listening socket is passed on, and stays open here too: close it when it is not
        needed any more. For an executed program it is closed here, so that the program can bind
        its port. If this call fails or is cancelled, no process is left.

        Raises LaunchError with a sentence if the session cannot be started.
        """
        await self.ensure_running()
        nonce = secrets.token_hex(16)
        line = encode_request(request, nonce)
        port = listener.getsockname()[1] if listener and request.executable else 0
        if request.executable and listener is not None:
            listener.close()
            listener = None
        channel = await LaunchChannel.open(
            socket_address(self.state_folder, LAUNCH_SOCKET), request, nonce, port
        )
        try:
            launched = await channel.launch(line, listener)
        except BaseException:
            channel.close()
            raise
        self._launches[request.key] = channel
        self._known.add(request.key)
        return launched

    async def wait_ready(self, launched: Launched, timeout: float) -> None:
        """Wait until the session's program answers requests, at most `timeout` seconds.

        Raises ProcessEnded at once when it ends before, TimeoutError when the time is over,
        LaunchError if this client did not launch it.
        """
        channel = self._launches.get(launched.key)
        if channel is None:
            raise LaunchError(f"Session {launched.key} was not launched from here.")
        try:
            async with asyncio.timeout(timeout):
                if channel.port:
                    await self._wait_for_program(channel, launched)
                else:
                    await channel.wait_for_nonce()
        finally:
            channel.close()
            self._launches.pop(launched.key, None)

    async def stop(self, key: str, grace_seconds: float) -> int | None:
        """End a session's complete tree of processes and answer its program's exit code.

        Programs get SIGTERM and `grace_seconds`, then SIGKILL. None means that there was no
        such session, or that its exit code is unknown.

        Raises LaunchError if processes are left after the grace and ten seconds more.
        """
        if (channel := self._launches.pop(key, None)) is not None:
            channel.close()
        ended = self._ended.setdefault(key, asyncio.Event())
        answer = await self._ask("stop", key=key, grace=grace_seconds)
        self._note_poll(key, answer)
        if answer["alive"]:
            try:
                async with asyncio.timeout(grace_seconds + STOP_SLACK_SECONDS):
                    await ended.wait()
            except TimeoutError:
                raise LaunchError(f"Processes of session {key} cannot be ended.") from None
        self._ended.pop(key, None)
        result = self._exits.get(key)
        return result.exit_code if result else None

    def exit_code(self, key: str) -> int | Gone | None:
        """Answer a session's exit code as far as it was pushed; None while it runs."""
        if (result := self._exits.get(key)) is not None:
            return result.exit_code
        return None if key in self._known else GONE

    def evidence(self, key: str) -> str:
        """Answer what was seen from outside of a session's end: "out-of-memory", … or ""."""
        result = self._exits.get(key)
        return result.evidence if result else ""

    async def poll(self, key: str) -> PollResult:
        """Ask how a session's processes are."""
        answer = await self._ask("poll", key=key)
        self._note_poll(key, answer)
        return PollResult(
            answer["alive"],
            answer["exit_code"],
            answer["known"],
            answer["evidence"],
            answer["alive"] and answer["stopping"],
        )

    async def list(self) -> list[tuple[str, int, int]]:
        """List key, keeper's pid and start time (clock ticks) of all living sessions."""
        answer = await self._ask("list")
        found = [(str(key), int(pid), int(started)) for key, pid, started in answer["keepers"]]
        self._known.update(key for key, _pid, _started in found)
        return found

    async def forget(self, key: str) -> None:
        """Drop a collected exit code, here and in the fork server."""
        self._exits.pop(key, None)
        self._known.discard(key)
        await self._ask("forget", key=key)

    async def shut_down(self, grace_seconds: float = 5.0) -> None:
        """End all sessions and the fork server, if there is one."""
        self._is_closed = True
        if self._writer is None and not await self._try_connect():
            return
        reading = self._reading
        await self._ask("shut-down", grace=grace_seconds)
        if reading is not None:
            await asyncio.wait([reading], timeout=grace_seconds + STOP_SLACK_SECONDS)
        if self._server is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._server.wait, STOP_SLACK_SECONDS)
        await self.close()

    def leave(self) -> None:
        """Let the fork server end with its last session, now that this process ends in order.

        Needs no event loop. Without this word (a hub that was killed) it waits for the next hub.
        """
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(LEAVE_WITHIN_SECONDS)
            try:
                connection.connect(socket_address(self.state_folder, CONTROL_SOCKET))
            except (FileNotFoundError, ConnectionRefusedError):
                self._give_up_start()
                return
            with connection.makefile("rb") as answers:
                answers.readline()
                connection.sendall(b'{"do": "leave"}\n')
                answers.readline()

    def _give_up_start(self) -> None:
        """End a fork server that we started and that does not listen yet."""
        if self._server is not None and self._server.poll() is None:
            self._server.terminate()

    async def close(self) -> None:
        """Leave the fork server and its sessions running, and disconnect."""
        self._is_closed = True
        for channel in self._launches.values():
            channel.close()
        self._launches.clear()
        writer, self._writer = self._writer, None
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])
        if writer is not None:
            writer.close()  # the task does so too, but may never have run
            with contextlib.suppress(OSError):
                await writer.wait_closed()
        if self._server is not None:
            # Reaped if it has ended; else it is init's once this process ends.
            self._server.poll()
            self._server.returncode = self._server.returncode or 0

    async def _wait_for_program(self, channel: LaunchChannel, launched: Launched) -> None:
        served = asyncio.ensure_future(
            wait_until_served(launched.pid, channel.port, channel.base_url)
        )
        ended = asyncio.ensure_future(channel.wait_for_nonce())
        try:
            await asyncio.wait([served, ended], return_when=asyncio.FIRST_COMPLETED)
            await (ended if ended.done() else served)
        finally:
            for task in (served, ended):
                task.cancel()
            await asyncio.gather(served, ended, return_exceptions=True)

    async def _connect_or_start(self) -> None:
        while not await self._try_connect():
            if self._server is None or self._server.poll() is not None:
                self._server = start_fork_server(self.state_folder, self.idle_seconds)
            await asyncio.sleep(CONNECT_AGAIN_SECONDS)

    async def _try_connect(self) -> bool:
        try:
            reader, writer = await asyncio.open_unix_connection(
                socket_address(self.state_folder, CONTROL_SOCKET), limit=MAX_LINE_BYTES
            )
        except OSError:
            return False
        try:
            hello = json.loads(await reader.readline())
        except (OSError, ValueError):
            writer.close()
            return False
        if hello["fingerprint"] != preload.fingerprint() and not self._is_closed:
            log.info("fork server replaced pid=%s reason=other-packages", hello["pid"])
            writer.write(b'{"do": "retire"}\n')
            with contextlib.suppress(OSError):
                await reader.readline()
            writer.close()
            return False
        self._writer = writer
        self.fork_server_pid = int(hello["pid"])
        self._reading = asyncio.ensure_future(self._read(reader, writer))
        for fields in hello["exits"]:
            self._take_exit(fields)
        return True

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                fields = json.loads(line)
                if fields.get("event") == "exit":
                    self._take_exit(fields)
                    continue
                waiting = self._answers.pop(fields.get("id"), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(fields)
        except (OSError, ValueError) as error:
            log.warning("fork server connection broken error=%r", error)
        finally:
            self._writer = None
            writer.close()
            self._drop_answers()
        if not self._is_closed:
            # Sessions outlive a fork server; the next one finds them, and exits are pushed again.
            log.warning("fork server is gone; starting another")
            self._again = asyncio.ensure_future(self._start_again())

    async def _start_again(self) -> None:
        try:
            await self.ensure_running()
        except LaunchError as error:
            log.error("fork server not started again error=%s", error)

    def _drop_answers(self) -> None:
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("The fork server is gone."))
        self._answers.clear()

    def _take_exit(self, fields: Mapping[str, Any]) -> None:
        key = str(fields["key"])
        is_new = key not in self._exits
        code = fields["exit_code"]
        self._exits[key] = PollResult(False, code, True, str(fields["evidence"]))
        self._known.discard(key)
        if (ended := self._ended.get(key)) is not None:
            ended.set()
        if is_new and self.on_exit is not None:
            try:
                self.on_exit(key, -1 if code is None else code)
            except Exception:
                log.exception("on_exit failed key=%s", key)

    def _note_poll(self, key: str, answer: Mapping[str, Any]) -> None:
        if answer["alive"]:
            self._known.add(key)
        elif answer["known"]:
            self._take_exit({"key": key, **answer})

    async def _ask(self, command: str, **fields: object) -> dict[str, Any]:
        """Ask the fork server, once more if it went away just now."""
        for attempt in (1, 2):
            if not (self._is_closed and self._writer is not None):
                await self.ensure_running()
            try:
                return await self._try_ask(command, fields)
            except ConnectionError:
                if attempt == 2 or self._is_closed:
                    raise LaunchError("The fork server is gone.") from None
        raise AssertionError

    async def _try_ask(self, command: str, fields: Mapping[str, object]) -> dict[str, Any]:
        if self._writer is None:
            raise ConnectionError
        self._last_id += 1
        number = self._last_id
        answer = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        self._writer.write(json.dumps({"id": number, "do": command, **fields}).encode() + b"\n")
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                found: dict[str, Any] = await answer
        except TimeoutError:
            raise LaunchError("The fork server does not answer.") from None
        finally:
            self._answers.pop(number, None)
        if "error" in found:
            raise LaunchError(str(found["error"]))
        return found
