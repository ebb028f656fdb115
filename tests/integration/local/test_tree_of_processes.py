"""What a session's program starts ends with it, whatever it does; and how its end is told."""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sessions_spawner.local import limits, tree
from sessions_spawner.local.client import LaunchError, ProcessClient, ProcessEnded
from tests.integration.local.processes import (
    Sessions,
    are_gone,
    eventually,
    pids_below,
)
from tests.support.system_users import let_others_in

UP = "import pathlib, time, os, signal; up = pathlib.Path('up').touch\n"
WAIT = UP + "up(); time.sleep(600)\n"
DAEMON = (
    UP
    + """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.setsid()
        pathlib.Path("daemon").write_text(str(os.getpid()))
        up()
        time.sleep(600)
    os._exit(0)
os.wait()
time.sleep(600)
"""
)
DEAF = (
    UP
    + """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    up()
time.sleep(600)
"""
)
LEAVES_A_CHILD = (
    UP
    + """
if os.fork() == 0:
    time.sleep(600)
up()
raise SystemExit(7)
"""
)
FORKS_WITHOUT_END = (
    UP
    + """
for _ in range(20):
    if os.fork() == 0:
        os.setsid()
        while True:
            if os.fork() == 0:
                time.sleep(0.2)
                os._exit(0)
            os.wait()
up()
time.sleep(600)
"""
)
EATS_MEMORY = UP + "up(); time.sleep(0.2); held = [b'x' * (1 << 20) for _ in range(4096)]\n"
TELLS_WHO_IT_IS = (
    UP
    + """
tell = lambda name, value: pathlib.Path(name).write_text(repr(value))
tell("who", (os.getuid(), os.getgid()))
tell("gains", "NoNewPrivs:\\t0" in pathlib.Path("/proc/self/status").read_text())
tell("reads", os.access(os.environ["STATE"], os.R_OK))
up()
time.sleep(600)
"""
)

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def _can_write_cgroups() -> bool:
    probe = limits.prepare(f"sessions-probe-{os.getpid()}", 1 << 30, None)
    limits.remove(probe.cgroups)
    return bool(probe.cgroups)


async def test_a_daemonised_grandchild_ends_with_its_session(programs: Sessions) -> None:
    launched, request = await programs.run(DAEMON)
    daemon = int((Path(request.cwd) / "daemon").read_text())
    assert daemon in pids_below(launched.pid)

    await programs.client.stop(request.key, 5)

    assert are_gone([launched.pid, launched.server_pid, daemon])


async def test_processes_that_ignore_sigterm_end_after_the_grace(programs: Sessions) -> None:
    launched, request = await programs.run(DEAF)
    pids = pids_below(launched.pid)
    assert len(pids) == 2
    begun = time.monotonic()

    code = await programs.client.stop(request.key, 0.5)

    assert 0.5 <= time.monotonic() - begun < 3
    assert code == -signal.SIGKILL
    assert are_gone([launched.pid, *pids])


async def test_a_second_stop_may_shorten_the_grace(programs: Sessions) -> None:
    _launched, request = await programs.run(DEAF)
    slow = asyncio.ensure_future(programs.client.stop(request.key, 60))
    await asyncio.sleep(0)

    async with asyncio.timeout(5):
        assert await programs.client.stop(request.key, 0) == -signal.SIGKILL
        assert await slow == -signal.SIGKILL


async def test_a_session_that_forks_without_end_is_ended_completely(programs: Sessions) -> None:
    launched, request = await programs.run(FORKS_WITHOUT_END)

    await programs.client.stop(request.key, 0)

    assert are_gone([launched.pid, *pids_below(launched.pid)])
    assert request.key not in [key for key, _pid, _started in await programs.client.list()]


async def test_when_the_program_ends_the_rest_of_its_tree_ends_too(programs: Sessions) -> None:
    exits: list[tuple[str, int]] = []
    programs.client.on_exit = lambda key, code: exits.append((key, code))
    launched, request = await programs.run(LEAVES_A_CHILD)

    await eventually(lambda: (request.key, 7) in exits, 10, "the exit is pushed")

    assert are_gone([launched.pid, launched.server_pid])
    assert pids_below(launched.pid) == []


async def test_an_exit_code_is_kept_until_it_is_forgotten(
    programs: Sessions, state_folder: Path
) -> None:
    _launched, request = await programs.run(UP + "up(); raise SystemExit(3)")
    await eventually(lambda: programs.client.exit_code(request.key) == 3, 10, "the exit is pushed")

    later = ProcessClient(state_folder)
    pushed: list[tuple[str, int]] = []
    later.on_exit = lambda key, code: pushed.append((key, code))
    found = await later.poll(request.key)
    assert (found.alive, found.known, found.exit_code) == (False, True, 3)
    assert (request.key, 3) in pushed
    await later.forget(request.key)
    assert not (await later.poll(request.key)).known
    await later.close()


async def test_a_program_that_ends_at_once_tells_code_and_log(programs: Sessions) -> None:
    script = "print('the reason is this'); raise SystemExit(5)"
    request, listener = programs.prepare(executable=(sys.executable, "-c", script))
    launched = await programs.client.launch(request, listener)

    with pytest.raises(ProcessEnded) as caught:
        async with asyncio.timeout(5):
            await programs.client.wait_ready(launched, 60)

    assert caught.value.exit_code == 5
    assert "the reason is this" in caught.value.log_tail


async def test_a_missing_program_ends_with_a_plain_sentence(programs: Sessions) -> None:
    request, listener = programs.prepare(executable=("/no/such/python",))
    launched = await programs.client.launch(request, listener)

    with pytest.raises(ProcessEnded) as caught:
        await programs.client.wait_ready(launched, 10)

    assert caught.value.log_tail == "There is no program /no/such/python here."


async def test_another_program_on_the_port_is_not_taken_for_the_session(
    programs: Sessions,
) -> None:
    request, listener = programs.prepare(executable=(sys.executable, "-c", WAIT))
    port = listener.getsockname()[1]
    launched = await programs.client.launch(request, listener)
    stranger = await asyncio.start_server(_answer_ok, "127.0.0.1", port)

    with pytest.raises(TimeoutError):
        await programs.client.wait_ready(launched, 0.5)

    stranger.close()
    await stranger.wait_closed()


async def _answer_ok(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    writer.close()


async def test_a_log_that_cannot_be_opened_is_said_and_nothing_is_left(
    programs: Sessions,
) -> None:
    request, listener = programs.prepare(log_path="/no/such/folder/log")

    with listener, pytest.raises(LaunchError, match="log cannot be opened"):
        await programs.client.launch(request, listener)

    assert not (await programs.client.poll(request.key)).known


async def test_the_same_session_is_not_launched_twice(programs: Sessions) -> None:
    launched, request = await programs.run(WAIT)

    with pytest.raises(LaunchError, match="started already"):
        await programs.client.launch(request, None)

    assert tree.is_alive(launched.pid, launched.started)


async def test_the_log_is_for_its_owner_and_links_are_not_followed(programs: Sessions) -> None:
    _launched, request = await programs.run(WAIT)
    assert stat.S_IMODE(Path(request.log_path).stat().st_mode) == 0o600

    linked, listener = programs.prepare()
    listener.close()
    Path(linked.log_path).symlink_to(programs.folder / "elsewhere")
    with pytest.raises(LaunchError, match="log cannot be opened"):
        await programs.client.launch(linked, None)
    assert not (programs.folder / "elsewhere").exists()


async def test_a_program_sees_its_own_environment_and_umask_only(
    programs: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_CANARY", "1")
    script = UP + "pathlib.Path('env').write_text(repr(sorted(os.environ)))\n" + WAIT
    _launched, request = await programs.run(script, env={"MINE": "x", "LC_ALL": "C.UTF-8"})

    path = Path(request.cwd) / "env"
    assert path.read_text() == repr(["HOME", "LC_ALL", "MINE", "PATH", "SESSIONS_KEEPER"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@needs_root
async def test_a_session_of_another_user_runs_as_that_user_and_gains_nothing(
    programs: Sessions, state_folder: Path
) -> None:
    account = pwd.getpwnam("nobody")
    home = programs.folder / "home-of-nobody"
    home.mkdir()
    os.chown(home, account.pw_uid, account.pw_gid)
    let_others_in(home.parent)
    launched, request = programs.prepare(
        executable=("/usr/bin/python3", "-c", TELLS_WHO_IT_IS),
        argv=(),
        cwd=str(home),
        user="nobody",
        env={"STATE": str(state_folder)},
    )[::-1]
    launched.close()

    started = await programs.client.launch(request, None)
    await eventually((home / "up").exists, 10, "the program is up")

    assert (home / "who").read_text() == repr((account.pw_uid, account.pw_gid))
    assert (home / "gains").read_text() == "False"
    assert (home / "reads").read_text() == "False"
    await programs.client.stop(request.key, 1)
    assert are_gone([started.pid, started.server_pid])


@pytest.mark.skipif(not _can_write_cgroups(), reason="control groups cannot be written here")
async def test_a_session_that_uses_up_its_memory_is_told_apart(programs: Sessions) -> None:
    launched, request = await programs.run(EATS_MEMORY, memory_bytes=64 << 20, cpu_cores=0.5)
    assert launched.limits == ""
    key = request.key

    await eventually(lambda: programs.client.exit_code(key) is not None, 10, "the exit is pushed")

    assert programs.client.exit_code(key) == -signal.SIGKILL
    assert programs.client.evidence(key) == "out-of-memory"
    name = f"session-{launched.pid}-{launched.started}"
    assert list(Path("/sys/fs/cgroup").rglob(name)) == []


def test_without_control_groups_memory_is_limited_for_each_process() -> None:
    script = (
        "from sessions_spawner.local.limits import Limits, enter\n"
        "enter(Limits(data_bytes=600 << 20))\n"
        "bytearray(700 << 20)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


async def test_a_killed_keeper_takes_its_whole_tree_along(programs: Sessions) -> None:
    launched, request = await programs.run(DAEMON)
    pids = pids_below(launched.pid)
    assert len(pids) == 2
    key = request.key

    os.kill(launched.pid, signal.SIGKILL)
    await eventually(lambda: programs.client.exit_code(key) is not None, 10, "the exit is pushed")

    assert are_gone(pids)
    assert programs.client.evidence(key) == "keeper-killed"
