"""Which way a session starts follows from the setting and from what the system lacks."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys

import pytest

from sessions_spawner.local import tree
from sessions_spawner.local.limits import Limits, put
from sessions_spawner.local.linux import boot_id, missing_calls
from sessions_spawner.local.ways import Way, choose_way
from tests.support.waiting import wait_for

MAC = "Fast starts need Linux; this system is darwin."


@pytest.mark.parametrize(
    ("wanted", "missing", "way"),
    [
        ("automatic", "", Way.FORKED),
        ("automatic", MAC, Way.ORDINARY),
        ("ordinary", "", Way.ORDINARY),
        ("ordinary", MAC, Way.ORDINARY),
    ],
)
def test_a_system_without_what_a_fork_server_needs_starts_sessions_the_ordinary_way(
    wanted: str, missing: str, way: Way
) -> None:
    assert choose_way(wanted, missing) is way


def test_a_system_that_is_no_linux_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert missing_calls() == MAC


def test_a_python_without_descriptors_of_processes_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    assert "pidfd_open" in missing_calls()


@pytest.mark.skipif(shutil.which("ps") is None, reason="there is no program ps here")
def test_ps_tells_the_same_of_a_process_as_the_system_does() -> None:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as child:
        (found,) = [one for one in tree.list_by_ps() if one.pid == child.pid]
        known = tree.read_process(child.pid)
        child.kill()
    assert known is not None
    assert (found.parent, found.group, found.is_zombie) == (os.getpid(), child.pid, False)
    assert (known.parent, known.group, known.is_zombie) == (os.getpid(), child.pid, False)
    assert found.started == 0


def test_a_process_whose_start_nobody_knows_is_alive_while_its_pid_is_taken() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        assert tree.is_alive(child.pid, 0)
        child.send_signal(signal.SIGKILL)
        child.wait()
        wait_for(lambda: not tree.is_alive(child.pid, 0), what="the pid to be free")


def test_a_boot_has_an_identity_here() -> None:
    assert len(boot_id()) == 36


def test_limits_that_a_system_does_not_take_are_said() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        unreachable = Limits(cgroups=("/nonexistent/group",))
        assert "not applied" in put(unreachable, child.pid)
        assert put(Limits(), child.pid) == ""
        assert put(Limits(data_bytes=1 << 30, sentence="Said."), child.pid) == "Said."
        soft, _hard = resource.prlimit(child.pid, resource.RLIMIT_DATA)
        child.kill()
    assert soft == 1 << 30
