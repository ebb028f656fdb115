"""Kernels: in use while one is busy, else last used when one last ran something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from .uses import Use, enumerate_names


@dataclass(frozen=True)
class Kernel:
    """What the server knows of a kernel; `at` is when it last worked, in seconds since 1970.

    jupyter_server leaves out of both what clients ask by themselves (`untracked_message_types`):
    reconnecting or asking for a kernel's name is neither work nor a use.
    """

    name: str
    busy: bool
    at: float


def make_use(kernels: Iterable[Kernel], now: float) -> Use | None:
    """Make the line of the session's kernels; None if there is no kernel."""
    known = list(kernels)
    busy = [kernel.name for kernel in known if kernel.busy]
    if len(busy) == 1:
        return Use("notebook", now, busy=True, sentence=f"The kernel of {busy[0]} is busy.")
    if busy:
        sentence = f"{len(busy)} kernels are busy: {enumerate_names(busy)}."
        return Use("notebook", now, busy=True, sentence=sentence)
    if not known:
        return None
    last = max(known, key=lambda kernel: kernel.at)
    sentence = f"The kernel of {last.name} last ran something."
    return Use("notebook", last.at, busy=False, sentence=sentence)


class Kernels:
    """The kernels of a running server, named by their notebooks.

    A use is remembered after its kernel was shut down: that it was used stays true.
    """

    def __init__(self, kernel_manager: Any, session_manager: Any) -> None:
        self.kernel_manager = kernel_manager
        self.session_manager = session_manager
        self.names: dict[str, str] = {}
        self.last: Use | None = None

    async def look(self, now: float) -> Use | None:
        """Return the kernels' use now; None if no kernel ever ran."""
        ids = list(self.kernel_manager.list_kernel_ids())
        if any(kernel_id not in self.names for kernel_id in ids):
            await self._learn_names()
        self.names = {kernel_id: self.names.get(kernel_id, "a console") for kernel_id in ids}
        found = [self._describe(kernel_id) for kernel_id in ids if kernel_id in self.kernel_manager]
        use = make_use(found, now)
        if use is None and self.last is not None and self.last.busy:
            use = Use("notebook", self.last.at, busy=False, sentence="A kernel was shut down.")
        if use is not None:
            self.last = use
        return self.last

    async def _learn_names(self) -> None:
        for session in await self.session_manager.list_sessions():
            kernel = session.get("kernel") or {}
            if kernel.get("id") and session.get("type") == "notebook":
                self.names[kernel["id"]] = PurePosixPath(session["path"]).name

    def _describe(self, kernel_id: str) -> Kernel:
        kernel = self.kernel_manager.get_kernel(kernel_id)
        at = getattr(kernel, "last_activity", None)
        return Kernel(
            name=self.names[kernel_id],
            busy=getattr(kernel, "execution_state", "") == "busy",
            at=at.timestamp() if at is not None else 0.0,
        )
