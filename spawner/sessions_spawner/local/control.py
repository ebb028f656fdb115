"""The control socket of the fork server: commands as JSON lines, and exits pushed as they come.

Nothing secret passes here. A command `{"id", "do", …}` is answered by `{"id", …}`; an exit is
`{"event": "exit", "key", "exit_code", "evidence"}`.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from typing import Any

from .notes import Note

MAX_COMMAND_BYTES = 64 * 1024
MAX_WAITING_BYTES = 4 * 1024 * 1024

Command = Callable[[Mapping[str, Any]], dict[str, object]]


class ControlConnection:
    """One client's connection; it never makes the fork server wait."""

    def __init__(self, connection: socket.socket, peer: int) -> None:
        connection.setblocking(False)
        self.socket = connection
        self.peer = peer
        self.is_open = True
        self._received = b""
        self._to_send = b""

    @property
    def has_to_write(self) -> bool:
        """Say whether bytes wait for the client to read."""
        return bool(self._to_send)

    def read_commands(self) -> list[dict[str, Any]]:
        """Read what has come and answer the whole commands in it."""
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        *lines, self._received = (self._received + data).split(b"\n")
        if not data or len(self._received) > MAX_COMMAND_BYTES:
            self.is_open = False
            return []
        return [command for command in map(_parse, lines) if command is not None]

    def send(self, fields: Mapping[str, object]) -> None:
        """Send one line, or keep it until the client reads; a client that never does is cut."""
        self._to_send += json.dumps(dict(fields)).encode() + b"\n"
        self.flush()
        if len(self._to_send) > MAX_WAITING_BYTES:
            self.is_open = False

    def flush(self) -> None:
        """Send as much as the client takes now."""
        try:
            sent = self.socket.send(self._to_send) if self._to_send else 0
        except BlockingIOError:
            return
        except OSError:
            self.is_open = False
            return
        self._to_send = self._to_send[sent:]


def exit_event(note: Note) -> dict[str, object]:
    """Make the line that tells of a session's end."""
    return {"event": "exit", **exit_fields(note)}


def exit_fields(note: Note) -> dict[str, object]:
    """Make the part of an answer that describes an ended session."""
    return {"key": note.key, "exit_code": note.exit_code, "evidence": note.evidence}


def answer(commands: Mapping[str, Command], asked: Mapping[str, Any]) -> dict[str, object]:
    """Run one command and answer it; a wrong one is answered with an error."""
    command = commands.get(str(asked.get("do")))
    if command is None:
        return {"id": asked.get("id"), "error": "There is no such command."}
    try:
        return {"id": asked.get("id"), **command(asked)}
    except (KeyError, TypeError, ValueError):
        return {"id": asked.get("id"), "error": "The command lacks a field or has a wrong one."}


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        command = json.loads(line)
    except ValueError:
        return None
    return command if isinstance(command, dict) else None
