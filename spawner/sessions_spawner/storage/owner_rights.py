"""Work on a folder with the rights of the system user who owns it, and no more."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def run_as_owner(folder: int, work: Callable[[], T]) -> T:
    """Return what the work returns, done as the system user who owns an open folder.

    Raises what the work raises, and `PermissionError` if the hub may not act as that user.
    """
    owner = os.fstat(folder)
    if owner.st_uid == os.geteuid():
        return work()
    done: list[T] = []
    raised: list[Exception] = []

    def run() -> None:
        try:
            _act_as(owner.st_uid, owner.st_gid)
            done.append(work())
        except Exception as error:
            raised.append(error)

    # These rights are a thread's own and end with it.
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
    return done[0]


def _act_as(uid: int, gid: int) -> None:
    """Have the calling thread touch files with another system user's rights (setfsuid(2))."""
    libc = ctypes.CDLL(None)
    for call, number in ((libc.setfsgid, gid), (libc.setfsuid, uid)):
        call(number)
        if call(-1) != number:  # which changes nothing and answers what holds
            raise PermissionError("the hub may not act as its owner")
