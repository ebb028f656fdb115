"""The few Linux calls that Python's library does not wrap."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NAME = 15
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

_STD_DESCRIPTORS = frozenset({0, 1, 2})


def missing_calls() -> str:
    """Say in a sentence why this system cannot run a fork server, or answer an empty text."""
    if not sys.platform.startswith("linux"):
        return f"Fast starts need Linux; this system is {sys.platform}."
    if not hasattr(os, "pidfd_open"):
        return "Fast starts need Python's pidfd_open, which this Python does not have."
    if not os.path.exists("/proc/self/stat"):
        return "Fast starts need /proc, which is not mounted here."
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return "Fast starts need Linux 5.3 or newer (pidfd_open is refused here)."
    return ""


def _prctl(option: int, value: int | bytes) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    argument = ctypes.c_char_p(value) if isinstance(value, bytes) else ctypes.c_ulong(value)
    zero = ctypes.c_ulong(0)
    if libc.prctl(ctypes.c_int(option), argument, zero, zero, zero) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl({option}): {os.strerror(number)}")


def forbid_dumps() -> None:
    """Keep other processes of this user from reading this one's memory and environment.

    Programs that this one executes can be dumped again. Where the system is no Linux, nothing
    happens.
    """
    if sys.platform == "linux":
        _prctl(PR_SET_DUMPABLE, 0)


def become_subreaper() -> None:
    """Receive every orphaned descendant as a child."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this process a signal when its parent ends."""
    _prctl(PR_SET_PDEATHSIG, signal_number)


def forbid_new_privileges() -> None:
    """Make setuid programs powerless for this process and all that it starts."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def set_name(name: str) -> None:
    """Set the name that `ps` and `top` show; at most 15 characters are kept."""
    _prctl(PR_SET_NAME, name.encode()[:15])


def peer_of(connection: socket.socket) -> tuple[int, int]:
    """Answer pid and uid of the process that made a unix connection, as the kernel noted them."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    pid, uid, _gid = struct.unpack("3i", raw)
    return pid, uid


def close_all_but(keep: set[int]) -> None:
    """Close every descriptor of this process except the standard ones and those in `keep`."""
    kept = keep | _STD_DESCRIPTORS
    for name in os.listdir("/proc/self/fd"):
        descriptor = int(name)
        if descriptor not in kept:
            try:
                os.close(descriptor)
            except OSError:
                continue  # the listing's own descriptor


def boot_id() -> str:
    """Answer this boot's identity, because pids and start times are only unique within one.

    Where the system does not tell, it is empty.
    """
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""
