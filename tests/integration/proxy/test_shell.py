"""The door `bash`, spoken to as a program would: terminado's protocol, authentication, bounds."""

from __future__ import annotations

import asyncio
import stat
import sys
from pathlib import Path

import psutil
import pytest
from tornado.httpclient import HTTPClientError

from .conftest import Reporting
from .session_process import SessionProcess, running_below
from .shell_client import shell


async def test_the_page_is_served_with_the_sessions_name_and_a_strict_policy(
    plain: SessionProcess,
) -> None:
    answer = plain.ask("bash/")
    assert answer.status_code == 200
    assert "<title>churn-model – Shell</title>" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", ["bash/", "bash/static/app.js", "code/", "sessions/idle"])
async def test_nobody_gets_in_without_authentication(plain: SessionProcess, path: str) -> None:
    for token in (None, "a-wrong-one"):
        answer = plain.ask(path, token=token)
        assert answer.status_code in {302, 403}
        assert b"churn-model" not in answer.content


@pytest.mark.parametrize("path", ["bash/websocket", "code/"])
@pytest.mark.parametrize("token", [None, "a-wrong-one"])
async def test_no_websocket_opens_without_authentication(
    plain: SessionProcess, path: str, token: str | None
) -> None:
    with pytest.raises(HTTPClientError) as refused:
        async with shell(plain, path, token):
            pass
    assert refused.value.code == 403


async def test_a_page_of_another_origin_opens_no_shell(plain: SessionProcess) -> None:
    cookie = plain.ask("bash/").headers["Set-Cookie"].split(";")[0]
    headers = {"Origin": "https://elsewhere.example", "Cookie": cookie}
    with pytest.raises(HTTPClientError) as refused:
        async with shell(plain, token=None, headers=headers):
            pass
    assert refused.value.code == 403


async def test_a_shell_starts_in_the_drives_folder_and_speaks_unicode(
    plain: SessionProcess,
) -> None:
    async with shell(plain, "bash/websocket/uni") as client:
        await client.until_kind("setup")
        await client.type("pwd; echo Grü''ße 日''本 🎉'!'\r")
        assert await client.until(r"[\r\n](/[^\r\n]*drive)\r") == str(plain.drive)
        await client.until("Grüße 日本 🎉!")


@pytest.mark.parametrize("door", ["bash", "lab"])
async def test_a_shell_has_the_sessions_python_and_what_the_user_set_up(
    plain: SessionProcess, door: str
) -> None:
    (plain.drive / ".profile").write_text("PATH=/of/the/profile:/usr/bin:/bin\nexport MINE=1\n")
    (plain.drive / ".bashrc").write_text("alias mine='echo ali''as'\n")
    path = f"bash/websocket/own{door}"
    if door == "lab":
        name = plain.ask("api/terminals", method="POST").json()["name"]
        path = f"terminals/websocket/{name}"
    async with shell(plain, path) as client:
        await client.type("mine; echo mine:$MINE:; type -p python jupyter pip\r")
        await client.until("alias\r\n")
        assert await client.until(r"mine:(1?):") == "1"
        found = await client.until(r"\n(/[^\r\n]*python)\r")
        assert Path(found).parent == Path(sys.executable).parent
        assert await client.until(r"\n(/[^\r\n]*jupyter)\r") == str(Path(found).parent / "jupyter")
        await client.type("echo $PATH\r")
        assert await client.until(r":(/of/the/profile):"), "what the profile adds is there, too"


async def test_the_same_shell_is_there_after_the_connection_was_lost(plain: SessionProcess) -> None:
    async with shell(plain) as first:
        assert await first.until_kind("setup") == ["setup", {"replay": False}]
        await first.type("echo pid:$$:\r")
        pid = await first.until(r"pid:(\d+):")
    async with shell(plain) as second:
        assert await second.until_kind("setup") == ["setup", {"replay": True}]
        assert await second.until(r"pid:(\d+):") == pid, "old output is shown again"
        await second.type("echo again:$$:\r")
        assert await second.until(r"again:(\d+):") == pid
    async with shell(plain, "bash/websocket/other") as other:
        await other.type("echo pid:$$:\r")
        assert await other.until(r"pid:(\d+):") != pid, "another name is another shell"


async def test_a_shell_has_the_size_of_its_page(plain: SessionProcess) -> None:
    async with shell(plain, "bash/websocket/size") as client:
        await client.send(["set_size", 31, 97, 0, 0])
        await client.type("stty size\r")
        await client.until("31 97\r\n")
        await client.send(["set_size", 20, 60, 0, 0])
        await client.type("stty size\r")
        await client.until("20 60\r\n")


async def test_a_shell_that_ended_says_so_and_the_next_connection_starts_one(
    plain: SessionProcess,
) -> None:
    async with shell(plain, "bash/websocket/ending") as client:
        await client.type("exit\r")
        assert await client.until_kind("disconnect") == ["disconnect", 1]
    async with shell(plain, "bash/websocket/ending") as client:
        assert await client.until_kind("setup") == ["setup", {"replay": False}]


async def test_what_is_no_message_is_left_aside(plain: SessionProcess) -> None:
    async with shell(plain, "bash/websocket/odd") as client:
        for odd in ("", "{", "3", "[]", '["stdin"]', '["stdin", 3]', '["set_size", -1, 2]'):
            await client.connection.write_message(odd)
        await client.send(["ping"])
        assert await client.until_kind("pong") == ["pong"]


async def test_a_program_waits_for_a_page_that_confirms_what_it_has_shown(
    plain: SessionProcess,
) -> None:
    async with shell(plain, "bash/websocket/flood") as client:
        await client.send(["ack", 0])
        await client.type("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo do''ne\r")
        while len(client.text) <= 900_000:
            assert await client.receive() is not None
        await client.until_silent()
        assert 900_000 < len(client.text) < 1_300_000
        await client.send(["ack", sum(kind == "stdout" for kind, *_ in client.messages)])
        while "done" not in client.text:
            assert await client.receive() is not None
            await client.send(["ack", 1])
        assert client.text.count("x") >= 3_000_000


async def test_a_shell_takes_an_interrupt_while_it_writes_without_end(
    plain: SessionProcess,
) -> None:
    async with shell(plain, "bash/websocket/yes") as client:
        await client.type("yes\r")
        await client.until("y\r\ny\r\n")
        await client.type("\x03")
        await client.type("echo stop''ped\r")
        async with asyncio.timeout(10):
            await client.until("stopped")


async def test_the_shells_program_listens_on_a_private_unix_socket_only(
    reporting: Reporting,
) -> None:
    plain = reporting.session
    plain.ask("bash/")
    [folder] = plain.private_folders()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "shell.sock").stat().st_mode) == 0o600
    below = running_below(plain.process.pid)
    [program] = [pid for pid, line in below.items() if "sessions_proxy.shell.serve" in line]
    assert psutil.Process(program).net_connections("inet") == []
    assert "of-the-session" not in Path(f"/proc/{program}/cmdline").read_text()
