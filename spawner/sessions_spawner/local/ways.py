"""The two ways of starting a session on this machine, and which one a system gets."""

from __future__ import annotations

import socket
from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from .poll_result import PollResult
from .process_request import Launched, ProcessRequest


class Way(StrEnum):
    """How a session's process comes to be."""

    FORKED = "forked"
    ORDINARY = "ordinary"


def choose_way(wanted: str, missing: str) -> Way:
    """Return the way of a session's start.

    `wanted` is the setting: `automatic` or `ordinary`. `missing` is a sentence on what this system
    lacks for a fork server, or empty.
    """
    return Way.ORDINARY if wanted == Way.ORDINARY or missing else Way.FORKED


class Processes(Protocol):
    """One hub's view of the sessions of one state folder, whichever way they start."""

    on_exit: Callable[[str, int], None] | None

    async def ensure_running(self) -> None:
        """Make ready for launches. Raises `LaunchError`."""

    async def launch(self, request: ProcessRequest, listener: socket.socket | None) -> Launched:
        """Start a session's processes. Raises `LaunchError`; then nothing is left."""

    async def wait_ready(self, launched: Launched, timeout: float) -> None:
        """Wait until the program answers, at most `timeout` seconds.

        Raises `ProcessEnded`, `TimeoutError`.
        """

    async def stop(self, key: str, grace_seconds: float) -> int | None:
        """End a session's processes and answer its exit code. Raises `LaunchError`."""

    async def poll(self, key: str) -> PollResult:
        """Answer how a session's processes are."""

    async def list(self) -> list[tuple[str, int, int]]:
        """List key, pid and start time of all living sessions."""

    async def forget(self, key: str) -> None:
        """Drop a collected exit code."""

    def leave(self) -> None:
        """Say that this hub ends in order."""
