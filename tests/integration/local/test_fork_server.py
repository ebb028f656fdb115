"""The fork server itself: found again, refused to strangers, killed, idle, replaced."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sessions_spawner.local import preload
from sessions_spawner.local.client import GONE, LaunchError, NotSupportedHere, ProcessClient
from tests.integration.local.processes import (
    Sessions,
    are_gone,
    eventually,
    parent_of,
    pids_below,
)
from tests.integration.local.test_tree_of_processes import DAEMON, UP, WAIT, needs_root
from tests.support.system_users import let_others_in

CONNECTS = (
    UP
    + """
import socket
answers = []
for name in ("control.sock", "launch.sock"):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(os.path.join(os.environ["STATE"], name))
    connection.settimeout(5)
    answers.append(connection.recv(100))
pathlib.Path("answers").write_text(repr(answers))
up()
time.sleep(600)
"""
)
CONNECTS_ONCE = """
import os, socket, sys
if len(sys.argv) > 2:
    os.setuid(int(sys.argv[2]))
connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
connection.settimeout(5)
print(connection.recv(10))
"""
LAUNCHES_AND_WAITS = """
import asyncio, sys, pathlib
from sessions_spawner.local.client import ProcessClient, ProcessRequest
async def main(state, folder):
    client = ProcessClient(pathlib.Path(state))
    request = ProcessRequest(
        key="of-a-dead-hub:1", argv=(), env={}, cwd=folder, log_path=folder + "/log",
        executable=(sys.executable, "-c", "import time; time.sleep(600)"),
    )
    print((await client.launch(request, None)).pid, flush=True)
    await asyncio.sleep(600)
asyncio.run(main(*sys.argv[1:]))
"""
MAY_HOLD = {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "HOME", "PYTHONPATH", "LD_LIBRARY_PATH"}


async def test_sessions_are_found_again_by_the_next_hub(
    programs: Sessions, state_folder: Path
) -> None:
    launched, request = await programs.run(WAIT)
    await programs.client.close()

    later = ProcessClient(state_folder)
    assert (request.key, launched.pid, launched.started) in await later.list()
    assert (await later.poll(request.key)).alive
    assert await later.stop(request.key, 5) == -signal.SIGTERM
    await later.close()
    assert are_gone([launched.pid, launched.server_pid])


async def test_a_session_of_a_hub_that_was_killed_in_mid_launch_is_listed(
    client: ProcessClient, state_folder: Path, tmp_path: Path
) -> None:
    await client.ensure_running()
    command = [sys.executable, "-c", LAUNCHES_AND_WAITS, str(state_folder), str(tmp_path)]
    hub = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert hub.stdout is not None
    keeper = int(await hub.stdout.readline())
    hub.kill()
    await hub.wait()

    assert ("of-a-dead-hub:1", keeper) in [(key, pid) for key, pid, _ in await client.list()]
    await client.stop("of-a-dead-hub:1", 0)
    assert are_gone([keeper])


async def test_a_launch_that_is_given_up_leaves_no_process(lone_programs: Sessions) -> None:
    client = lone_programs.client
    await client.ensure_running()
    server = client.fork_server_pid
    assert server is not None
    for turn in range(10):
        request, listener = lone_programs.prepare(executable=(sys.executable, "-c", WAIT))
        with listener:
            launch = asyncio.ensure_future(client.launch(request, listener))
            await asyncio.wait([launch], timeout=turn * 0.002)
            launch.cancel()
            await asyncio.wait([launch])
        await client.stop(request.key, 0)

    await eventually(lambda: pids_below(server) == [], 10, "no keeper is left")
    assert await client.list() == []


async def test_a_session_s_own_process_is_refused(programs: Sessions, state_folder: Path) -> None:
    _launched, request = await programs.run(CONNECTS, env={"STATE": str(state_folder)})

    assert (Path(request.cwd) / "answers").read_text() == "[b'', b'']"


async def test_a_launch_by_somebody_without_a_control_connection_is_refused(
    client: ProcessClient, state_folder: Path
) -> None:
    await client.ensure_running()
    command = [sys.executable, "-c", CONNECTS_ONCE, str(state_folder / "launch.sock")]
    assert await asyncio.to_thread(subprocess.check_output, command) == b"b''\n"


@needs_root
async def test_another_user_is_refused_even_where_the_folder_is_open(
    lone_client: ProcessClient,
) -> None:
    await lone_client.ensure_running()
    folder = lone_client.state_folder
    let_others_in(folder)
    for name in ("control.sock", "launch.sock"):
        (folder / name).chmod(0o666)
        command = ["/usr/bin/python3", "-c", CONNECTS_ONCE, str(folder / name), "65534"]
        assert await asyncio.to_thread(subprocess.check_output, command) == b"b''\n"


async def test_a_state_folder_is_its_owner_s_alone(client: ProcessClient) -> None:
    await client.ensure_running()
    folder = client.state_folder
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}

    assert folder.stat().st_mode & 0o777 == 0o700
    assert modes.pop("keepers", 0o700) == 0o700
    assert set(modes) >= {"control.sock", "launch.sock", "fork_server.lock", "fork_server.log"}
    assert set(modes.values()) == {0o600}


async def test_sessions_survive_a_killed_fork_server_and_are_followed_by_the_next(
    lone_programs: Sessions,
) -> None:
    client = lone_programs.client
    launched, request = await lone_programs.run(WAIT)
    first = parent_of(launched.pid)

    os.kill(first, signal.SIGKILL)
    await eventually(lambda: are_gone([first]), 5, "the fork server is gone")

    assert (await client.poll(request.key)).alive
    assert (request.key, launched.pid, launched.started) in await client.list()
    assert await client.stop(request.key, 5) == -signal.SIGTERM
    assert are_gone([launched.pid, launched.server_pid])


async def test_a_session_whose_keeper_ended_unseen_is_told_as_lost(
    lone_programs: Sessions,
) -> None:
    client = lone_programs.client
    launched, request = await lone_programs.run(WAIT)
    os.kill(parent_of(launched.pid), signal.SIGKILL)
    os.kill(launched.pid, signal.SIGKILL)

    await eventually(lambda: client.evidence(request.key) != "", 20, "the end is told")

    assert client.evidence(request.key) == "lost"
    assert are_gone([launched.pid, launched.server_pid])


async def test_a_retired_fork_server_makes_room_and_its_sessions_go_on(
    lone_programs: Sessions,
) -> None:
    client = lone_programs.client
    launched, request = await lone_programs.run(DAEMON)
    retired = parent_of(launched.pid)
    await client.close()
    reader, writer = await asyncio.open_unix_connection(str(client.state_folder / "control.sock"))
    await reader.readline()
    writer.write(b'{"id": 1, "do": "retire"}\n')
    await reader.readline()
    writer.close()

    later = ProcessClient(client.state_folder, idle_seconds=30)
    assert (await later.poll(request.key)).alive
    assert later.fork_server_pid != retired
    await later.stop(request.key, 5)
    await eventually(lambda: are_gone([retired]), 5, "the retired fork server has ended")
    await later.close()


async def test_an_idle_fork_server_ends_by_itself(tmp_path: Path) -> None:
    client = ProcessClient(tmp_path / "state", idle_seconds=0.3)
    await client.ensure_running()
    server = client.fork_server_pid
    assert server is not None
    assert not are_gone([server])

    await client.close()

    await eventually(lambda: are_gone([server]), 5, "the fork server has ended")


async def test_a_shut_down_ends_all_sessions_and_the_fork_server(lone_programs: Sessions) -> None:
    launched, _request = await lone_programs.run(DAEMON)
    pids = pids_below(launched.pid)
    server = lone_programs.client.fork_server_pid
    assert server is not None

    await lone_programs.client.shut_down(grace_seconds=2)

    assert are_gone([launched.pid, *pids])
    await eventually(lambda: are_gone([server]), 5, "the fork server has ended")


async def test_two_clients_of_one_folder_share_one_fork_server(tmp_path: Path) -> None:
    clients = [ProcessClient(tmp_path / "state") for _ in range(2)]

    await asyncio.gather(*(client.ensure_running() for client in clients))

    assert clients[0].fork_server_pid == clients[1].fork_server_pid
    await clients[1].close()
    await clients[0].shut_down()


@needs_root  # which alone may look into a process that forbids dumps
async def test_the_fork_server_holds_nothing_of_the_hub(
    lone_client: ProcessClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONFIGPROXY_AUTH_TOKEN", "canary")
    read_end, write_end = os.pipe()
    os.set_inheritable(write_end, True)
    await lone_client.ensure_running()
    process = Path(f"/proc/{lone_client.fork_server_pid}")

    entries = (process / "environ").read_bytes().decode().split("\0")
    assert {entry.partition("=")[0] for entry in entries if entry} <= MAY_HOLD
    assert len(list((process / "task").iterdir())) == 1
    links = [path.readlink().name for path in (process / "fd").iterdir()]
    assert not any(link.startswith("pipe:") for link in links)
    os.close(read_end)
    os.close(write_end)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every process")
async def test_sessions_cannot_look_into_keeper_or_fork_server(programs: Sessions) -> None:
    launched, _request = await programs.run(WAIT)

    for pid in (launched.pid, parent_of(launched.pid)):
        for name in ("environ", "mem"):
            assert not os.access(f"/proc/{pid}/{name}", os.R_OK)


async def test_a_wrong_command_is_answered_and_does_no_harm(client: ProcessClient) -> None:
    await client.ensure_running()
    reader, writer = await asyncio.open_unix_connection(str(client.state_folder / "control.sock"))
    await reader.readline()
    for line in (b"no json", b"[]", b'{"id": 1, "do": "x"}', b'{"id": 2, "do": "stop"}'):
        writer.write(line + b"\n")

    answers = [json.loads(await reader.readline()) for _ in range(2)]

    assert [answer["id"] for answer in answers] == [1, 2]
    assert all("error" in answer for answer in answers)
    writer.close()
    assert await client.list() == []


async def test_a_folder_deeper_than_a_socket_address_works(tmp_path: Path) -> None:
    client = ProcessClient(tmp_path / ("d" * 120) / "state")
    await client.ensure_running()
    assert await client.list() == []
    await client.shut_down()


async def test_other_systems_are_told_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(NotSupportedHere, match="need Linux"):
        await ProcessClient(tmp_path / "state").ensure_running()


async def test_a_session_that_nobody_launched_is_unknown(client: ProcessClient) -> None:
    assert not (await client.poll("nobody:1")).known
    assert await client.stop("nobody:1", 1) is None
    assert client.exit_code("nobody:1") is GONE


async def test_too_large_a_request_is_refused(programs: Sessions) -> None:
    request, listener = programs.prepare(env={"LARGE": "x" * (5 << 20)})
    with listener, pytest.raises(LaunchError, match="too large"):
        await programs.client.launch(request, listener)


def test_preloading_leaves_out_what_reads_a_session_s_environment() -> None:
    script = (
        "import sys, json, os; from sessions_spawner.local import preload; preload.load();"
        "print(json.dumps([sorted(sys.modules), len(os.listdir('/proc/self/task'))]))"
    )
    modules, threads = json.loads(subprocess.check_output([sys.executable, "-c", script]))
    assert threads == 1
    assert not {*preload.FRESH, "jupyterhub.singleuser"} & set(modules)
    assert {"jupyterlab.labapp", "jupyter_server.serverapp"} <= set(modules)
