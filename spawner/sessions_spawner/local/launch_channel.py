"""The hub's end of one launch connection: pass the request on, then hear of readiness or end."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from pathlib import Path
from typing import Any

from .process_request import Launched, LaunchError, ProcessEnded, ProcessRequest

LOG_TAIL_BYTES = 8192
LOG_TAIL_LINES = 30


class LaunchChannel:
    """One launch connection; `port` is 0 unless the program was executed."""

    def __init__(
        self, connection: socket.socket, request: ProcessRequest, nonce: str, port: int
    ) -> None:
        self.request_key = request.key
        self.log_path = request.log_path
        self.base_url = request.env.get("JUPYTERHUB_SERVICE_PREFIX", "/")
        self.port = port
        self._nonce = nonce
        self._connection = connection
        self._received = b""

    @classmethod
    async def open(
        cls, address: str, request: ProcessRequest, nonce: str, port: int
    ) -> LaunchChannel:
        """Connect to the fork server's launch socket.

        Raises LaunchError if it cannot be reached.
        """
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(connection, address)
        except OSError as error:
            connection.close()
            raise LaunchError(f"The fork server takes no launches: {error.strerror}.") from None
        return cls(connection, request, nonce, port)

    def close(self) -> None:
        """Close the connection; before the keeper's answer this gives the launch up."""
        self._connection.close()

    async def launch(self, line: bytes, listener: socket.socket | None) -> Launched:
        """Send the request with its listening socket and wait for the keeper's answer.

        Raises LaunchError with the keeper's sentence.
        """
        try:
            descriptors = [listener.fileno()] if listener is not None else []
            sent = socket.send_fds(self._connection, [line], descriptors)
            await asyncio.get_running_loop().sock_sendall(self._connection, line[sent:])
            answer = await self._read_line()
        except OSError:
            answer = None
        if answer is None:
            raise LaunchError("The session's process ended before it was started.")
        if "error" in answer:
            raise LaunchError(str(answer["error"]))
        return Launched(
            self.request_key,
            int(answer["pid"]),
            int(answer["started"]),
            int(answer["server_pid"]),
            str(answer["limits"]),
        )

    async def wait_for_nonce(self) -> None:
        """Wait until the server has proven itself.

        Raises ProcessEnded when it ends before, or proves nothing.
        """
        try:
            answer = await self._read_line()
        except OSError:
            answer = None
        if answer is not None and secrets.compare_digest(str(answer.get("ready", "")), self._nonce):
            return
        code = answer.get("ended") if answer else None
        evidence = str(answer.get("evidence", "")) if answer else ""
        raise ProcessEnded(code, evidence, log_tail(Path(self.log_path)))

    async def _read_line(self) -> dict[str, Any] | None:
        loop = asyncio.get_running_loop()
        while b"\n" not in self._received:
            data = await loop.sock_recv(self._connection, 65536)
            if not data:
                return None
            self._received += data
        line, _newline, self._received = self._received.partition(b"\n")
        answer = json.loads(line)
        return answer if isinstance(answer, dict) else None


def log_tail(path: Path) -> str:
    """Answer a log's last lines, or "" if it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - LOG_TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-LOG_TAIL_LINES:])
