"""A single-user server that is forked, on a socket that was passed to it."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from pycrdt import (
    Doc,
    Text,
    YMessageType,
    create_sync_message,
    create_update_message,
    handle_sync_message,
)

from sessions_spawner.local.client import ProcessEnded
from tests.integration.local.processes import (
    Sessions,
    are_gone,
    eventually,
    parent_of,
    pids_below,
)
from tests.support.websockets import websocket

CONFIG_THAT_NOTES_RANDOM = """
import random, pathlib, os
pathlib.Path(os.environ["HOME"], "random").write_text(str(random.random()))
"""
HUB_CANARY = "canary-of-the-hub-3141592653"
FIRST_CANARY = "canary-of-first-2718281828"


async def test_a_forked_server_answers_on_the_passed_socket(sessions: Sessions) -> None:
    session = await sessions.start()

    assert (await session.fetch("api", token="")).status == 200
    assert (await session.fetch("api/status")).json["kernels"] == 0
    assert (await session.fetch("lab")).status == 200
    assert (await session.fetch("api/status", token="")).status == 403


async def test_sign_in_cookies_are_bound_to_the_session_s_own_path(sessions: Sessions) -> None:
    session = await sessions.start()

    answer = await session.fetch("lab", token="")

    assert answer.status == 302
    cookies = answer.headers.get_all("Set-Cookie") or []
    states = [cookie for cookie in cookies if "oauth-state" in cookie]
    assert states
    assert all(f"Path={session.prefix}" in cookie for cookie in states)


async def test_lab_keeps_its_settings_in_the_session_s_own_home(sessions: Sessions) -> None:
    session = await sessions.start()

    path = "lab/api/settings/@jupyterlab/apputils-extension:themes"
    answer = await session.fetch(path, method="PUT", body={"raw": "{}"})

    assert answer.status == 204
    kept = session.home / ".jupyter" / "lab" / "user-settings"
    assert list(kept.rglob("*.jupyterlab-settings"))


async def test_two_sessions_draw_different_random_numbers(sessions: Sessions) -> None:
    drawn = []
    for _ in range(2):
        request, listener = await asyncio.to_thread(sessions.prepare)
        config = Path(request.cwd) / ".jupyter"
        config.mkdir()
        (config / "jupyter_server_config.py").write_text(CONFIG_THAT_NOTES_RANDOM)
        with listener:
            launched = await sessions.client.launch(request, listener)
            await sessions.client.wait_ready(launched, 30)
        drawn.append((Path(request.cwd) / "random").read_text())

    assert drawn[0] != drawn[1]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can read another process's memory")
async def test_nothing_of_the_hub_or_another_session_is_in_a_session_or_the_fork_server(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_CANARY", HUB_CANARY)
    first = await sessions.start(env={"FIRST_CANARY": FIRST_CANARY})
    second = await sessions.start()
    server, keeper = second.launched.server_pid, second.launched.pid
    fork_server = parent_of(keeper)

    assert await asyncio.to_thread(_canaries_in, first.launched.server_pid, FIRST_CANARY)
    for pid in (server, keeper, fork_server):
        foreign = (HUB_CANARY, FIRST_CANARY, first.token)
        assert not await asyncio.to_thread(_canaries_in, pid, *foreign)
    assert not await asyncio.to_thread(_canaries_in, fork_server, second.token)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can read another process's descriptors")
async def test_a_session_inherits_no_socket_of_the_fork_server(sessions: Sessions) -> None:
    first = (await sessions.start()).launched
    second = (await sessions.start()).launched

    own = _sockets_of(second.server_pid)
    assert own
    assert not own & _sockets_of(first.server_pid)
    assert not own & _sockets_of(parent_of(second.pid))


async def test_a_stop_ends_kernels_and_leaves_no_runtime_files(sessions: Sessions) -> None:
    session = await sessions.start()
    assert (await session.fetch("api/kernels", method="POST", body={})).status == 201
    pids = pids_below(session.launched.pid)
    assert len(pids) >= 2

    code = await sessions.client.stop(session.request.key, 5)

    assert code == 0
    assert are_gone([session.launched.pid, *pids])
    assert list(session.home.rglob("kernel-*.json")) == []
    assert list(session.home.rglob("jpserver-*")) == []


async def test_an_idle_session_stops_long_before_its_grace_is_over(sessions: Sessions) -> None:
    session = await sessions.start()

    async with asyncio.timeout(2):
        code = await sessions.client.stop(session.request.key, 30)

    assert code == 0
    assert are_gone([session.launched.pid, session.launched.server_pid])


async def test_an_edit_that_was_not_saved_yet_is_saved_at_the_stop(sessions: Sessions) -> None:
    session = await sessions.start()
    (session.home / "a.txt").write_text("before")
    path = "api/collaboration/session/a.txt"
    room = await session.fetch(path, method="PUT", body={"format": "text", "type": "file"})
    address = (
        f"{session.url}api/collaboration/room/text:file:"
        f"{room.json['fileId']}?sessionId={room.json['sessionId']}"
    )
    headers = {"Authorization": f"token {session.token}"}
    async with websocket(address, headers) as socket:
        document: Doc[Text] = Doc()
        await socket.write_message(create_sync_message(document), binary=True)
        while str(document.get("source", type=Text)) != "before":
            message = await socket.read_message()
            assert isinstance(message, bytes)
            if message[0] == YMessageType.SYNC:
                reply = handle_sync_message(message[1:], document)
                if reply is not None:
                    await socket.write_message(reply, binary=True)

        state = document.get_state()
        document.get("source", type=Text).insert(0, "edited ")
        update = create_update_message(document.get_update(state))
        await socket.write_message(update, binary=True)
        assert (await session.fetch("api/status")).status == 200
        await sessions.client.stop(session.request.key, 10)

    assert (session.home / "a.txt").read_text() == "edited before"


async def test_a_server_that_shuts_itself_down_ends_its_session_with_exit_code_0(
    sessions: Sessions,
) -> None:
    session = await sessions.start()
    key = session.request.key

    assert (await session.fetch("api/shutdown", method="POST")).status == 200

    await eventually(lambda: sessions.client.exit_code(key) is not None, 10, "the exit is told")
    assert sessions.client.exit_code(key) == 0


async def test_a_server_that_cannot_start_tells_its_last_lines(sessions: Sessions) -> None:
    with pytest.raises(ProcessEnded) as caught:
        await sessions.start(argv=("--allow-root", "--ServerApp.root_dir=/no/such/folder"))

    assert caught.value.exit_code == 1
    assert "/no/such/folder" in caught.value.log_tail


async def test_another_server_application_is_refused_with_a_sentence(sessions: Sessions) -> None:
    with pytest.raises(ProcessEnded) as caught:
        await sessions.start(env={"JUPYTERHUB_SINGLEUSER_EXTENSION": "0"})

    assert "name it as the environment's executable" in caught.value.log_tail


async def test_a_server_that_cannot_be_forked_is_executed_and_waited_for(
    sessions: Sessions,
) -> None:
    program = (sys.executable, "-m", "jupyterhub.singleuser")

    session = await sessions.start(executable=program)

    assert (await session.fetch("api/status")).json["kernels"] == 0
    await sessions.client.stop(session.request.key, 5)
    assert are_gone([session.launched.pid, session.launched.server_pid])


def _sockets_of(pid: int) -> set[str]:
    links = (path.readlink().name for path in Path(f"/proc/{pid}/fd").iterdir())
    return {link for link in links if link.startswith("socket:")}


def _canaries_in(pid: int, *canaries: str) -> list[str]:
    """Search a process's environment and all the memory that it can write."""
    held = bytearray(Path(f"/proc/{pid}/environ").read_bytes())
    spans = [line.split()[:2] for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    found: set[str] = set()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for span, rights in [("0-0", "rw"), *spans]:
            start, end = (int(number, 16) for number in span.split("-"))
            if "w" not in rights:
                continue
            try:
                memory.seek(start)
                held += memory.read(end - start)
            except (OSError, ValueError):
                continue  # gone since, or a device
            found.update(canary for canary in canaries if canary.encode() in held)
            held.clear()
    return sorted(found)
