"""System users that sessions run as, where the hub is root and people need not trust each other."""

from __future__ import annotations

import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

# The kernel shows owners that it does not know as this one, so it is nobody's own.
_OVERFLOW_UID = 65534


class NoAccount(Exception):
    """A person has no system user that a session may run as; the sentence says what to do."""


@dataclass(frozen=True)
class Account:
    """One system user; supplementary groups are looked up when a process becomes this user."""

    name: str
    uid: int
    gid: int


def find_account(name: str, least_uid: int) -> Account:
    """Return the system user called like a user of the hub.

    Raises `NoAccount` if there is none, or if it is the system's own (`uid` below `least_uid`).
    """
    try:
        found = pwd.getpwnam(name)
    except (KeyError, ValueError):
        raise NoAccount(
            f"there is no system user ‘{name}’ on this machine. An administrator can make one "
            f"(useradd {name})."
        ) from None
    if found.pw_uid == 0 or found.pw_uid < least_uid or found.pw_uid == _OVERFLOW_UID:
        raise NoAccount(
            f"the system user ‘{name}’ is the system's own (uid {found.pw_uid}), and sessions "
            "never run as one of those. Sign in under another name."
        )
    return Account(found.pw_name, found.pw_uid, found.pw_gid)


def closed_ways(state: Path, python: Path) -> list[Path]:
    """Return the folders that others cannot enter and sessions of system users need to.

    `state` is the state folder, which is opened when it is needed, `python` the interpreter.
    """
    wanted = [*state.absolute().parents]
    for program in (python.absolute(), python.resolve()):
        wanted.extend(program.parents)
    found = [one for one in dict.fromkeys(wanted) if not one.stat().st_mode & stat.S_IXOTH]
    return sorted(found)
