"""What is asked of a session's keeper and what it answers, as values and as JSON lines."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

MAX_REQUEST_BYTES = 4 * 1024 * 1024
DEFAULT_UMASK = 0o077


class LaunchError(OSError):
    """A session's processes could not be started; the message says what to change."""


class NotSupportedHere(LaunchError):
    """This system lacks the calls of the fork server: start sessions the ordinary way."""


class ProcessEnded(LaunchError):
    """A session's program ended before it was ready.

    `exit_code` is the program's (minus the signal's number if one killed it, None if unknown),
    `evidence` a cause seen from outside such as "out-of-memory", `log_tail` its last lines.
    """

    def __init__(self, exit_code: int | None, evidence: str = "", log_tail: str = "") -> None:
        super().__init__(f"The session's program ended with exit code {exit_code}.")
        self.exit_code = exit_code
        self.evidence = evidence
        self.log_tail = log_tail


@dataclass(frozen=True)
class ProcessRequest:
    """One session's processes: who they are, what they run, and what they may use.

    `key` is the session's id and generation ("s…:1"). `argv` are the arguments after the
    program. With `executable` None a Jupyter server is forked; else `executable + argv` is
    executed. `user` names the system user to become (needs root), None stays as we are.
    """

    key: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    cwd: str
    log_path: str
    executable: tuple[str, ...] | None = None
    memory_bytes: int | None = None
    cpu_cores: float | None = None
    umask: int = DEFAULT_UMASK
    user: str | None = None


@dataclass(frozen=True)
class Launched:
    """A started session: `pid` is its keeper, which lives exactly as long as its processes.

    `started` is the keeper's start time in clock ticks since boot, `server_pid` the program
    itself, `limits` a sentence about limits that could not be applied, or "".
    """

    key: str
    pid: int
    started: int
    server_pid: int
    limits: str = ""


def encode_request(request: ProcessRequest, nonce: str) -> bytes:
    """Make the one line that a keeper reads.

    Raises LaunchError if the request is too large.
    """
    fields = {**asdict(request), "env": dict(request.env), "nonce": nonce}
    line = json.dumps(fields).encode() + b"\n"
    if len(line) > MAX_REQUEST_BYTES:
        raise LaunchError("The session's environment and arguments are too large to be passed on.")
    return line


def decode_request(line: bytes) -> tuple[ProcessRequest, str]:
    """Read a request line back into a request and its nonce."""
    fields: dict[str, Any] = json.loads(line)
    nonce = str(fields.pop("nonce"))
    fields["argv"] = tuple(fields["argv"])
    if fields["executable"] is not None:
        fields["executable"] = tuple(fields["executable"])
    return ProcessRequest(**fields), nonce


def receive_request(connection: socket.socket) -> tuple[ProcessRequest, str, socket.socket | None]:
    """Read a request, its nonce and the listening socket that may come with it.

    Raises ValueError or OSError if the other side sends something else or goes away.
    """
    data, descriptors, _flags, _address = socket.recv_fds(connection, 65536, 1)
    parts = [data]
    size = len(data)
    while data and not data.endswith(b"\n") and size <= MAX_REQUEST_BYTES:
        data = connection.recv(65536)
        parts.append(data)
        size += len(data)
    request, nonce = decode_request(b"".join(parts))
    return request, nonce, socket.socket(fileno=descriptors[0]) if descriptors else None


def send_line(connection: socket.socket, fields: Mapping[str, object]) -> None:
    """Send one JSON line; an answer may be a few hundred bytes and fits any socket's buffer."""
    connection.sendall(json.dumps(dict(fields)).encode() + b"\n")
