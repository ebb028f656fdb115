"""System users that sessions may run as, and ways that are closed to them."""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path

import pytest

from sessions_spawner.local.accounts import Account, NoAccount, closed_ways, find_account


def test_a_user_of_the_hub_gets_the_system_user_of_the_name() -> None:
    own = pwd.getpwnam("daemon")
    assert find_account("daemon", own.pw_uid) == Account("daemon", own.pw_uid, own.pw_gid)


@pytest.mark.parametrize("name", ["nobody-has-this-name", "", "a\0b", "../x", "-a"])
def test_a_missing_system_user_is_said_with_what_to_do(name: str) -> None:
    with pytest.raises(NoAccount, match="An administrator can make one"):
        find_account(name, 1000)


@pytest.mark.parametrize(("name", "least"), [("root", 1), ("daemon", 1000), ("nobody", 1)])
def test_root_and_the_systems_own_users_are_refused(name: str, least: int) -> None:
    with pytest.raises(NoAccount, match="sessions never run as one of those"):
        find_account(name, least)


def test_ways_that_others_cannot_enter_are_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "state").mkdir(parents=True)
    closed.chmod(0o700)
    assert closed in closed_ways(closed / "state", Path(sys.executable))
    closed.chmod(0o711)
    assert closed not in closed_ways(closed / "state", Path(sys.executable))
    assert closed / "state" not in closed_ways(closed / "state", Path(os.__file__))
