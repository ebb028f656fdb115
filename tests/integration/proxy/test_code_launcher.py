"""The program behind the door `code`, by itself: absent, broken, tried again, crashed, ended."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.parts import find_code_server
from tests.support.waiting import wait_for

from .session_process import SessionProcess, is_running, running_below

# Listens where code-server would, and answers every request with its process id.
SMALL_SERVER = """\
import os, socketserver, sys
from http.server import BaseHTTPRequestHandler
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
    def address_string(self):
        return "peer"
path = sys.argv[sys.argv.index("--socket") + 1]
socketserver.UnixStreamServer(path, Handler).serve_forever()
"""

# Like code-server on a busy machine: listens, and sets its socket's mode when somebody found it.
SETS_ITS_MODE_LATE = """\
import os, sys, time
path = sys.argv[sys.argv.index("--socket") + 1]
door = os.path.join(os.path.dirname(path), "code.sock")
if os.fork() == 0:
    while not os.path.exists(door):
        time.sleep(0.01)
    os.chmod(path, 0o600)
    os.replace(path + ".mode", path + ".done")
    os._exit(0)
open(path + ".mode", "w").close()
"""


def write_program(path: Path, body: str) -> None:
    """Put a program at `path`, whole at once."""
    new = path.with_suffix(".new")
    new.write_text(f"#!{sys.executable}\n{body}")
    new.chmod(0o755)
    new.replace(path)


@contextmanager
def launcher(
    folder: Path, program: str | None = None, drive: Path | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Run the door's program for `folder`/code-server or another; give it and its socket."""
    folder.mkdir(exist_ok=True)
    socket = folder / "code.sock"
    drive = drive or folder / "drive"
    drive.mkdir(exist_ok=True)
    options = ["--socket", str(socket), "--base-url", "/", "--folder", str(drive)]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "sessions_proxy.code.launch", *options],
        env={**os.environ, "SESSIONS_CODE_SERVER": program or str(folder / "code-server")},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(socket.exists, what="the socket")
        yield process, socket
    finally:
        process.terminate()
        process.wait(30)


def ask(socket: Path, method: str = "GET") -> httpx.Response:
    """Send one request to a unix socket."""
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket)), timeout=90) as client:
        return client.request(method, "http://session/")


def answers(socket: Path) -> str:
    """Return what is answered with success; nothing while there is no answer."""
    try:
        answer = ask(socket)
    except httpx.TransportError:
        return ""
    return answer.text if answer.status_code == 200 else ""


def test_without_vs_code_the_address_answers_a_plain_page(tmp_path: Path) -> None:
    with launcher(tmp_path) as (_process, socket):
        answer = ask(socket)
    assert answer.status_code == 404
    assert "VS Code is not installed in this session." in answer.text


def test_the_session_answers_that_page_too_and_offers_no_icon(plain: SessionProcess) -> None:
    answer = plain.ask("code/")
    assert answer.status_code == 404
    assert "VS Code is not installed in this session." in answer.text
    servers = plain.ask("server-proxy/servers-info").json()["server_processes"]
    enabled = {one["name"]: one["launcher_entry"]["enabled"] for one in servers}
    assert enabled == {"code": False, "bash": True}
    assert plain.ask("server-proxy/icon/bash").headers["Content-Type"] == "image/svg+xml"


def test_a_vs_code_that_cannot_start_says_why_and_is_tried_again_by_the_button(
    tmp_path: Path,
) -> None:
    program = tmp_path / "code-server"
    write_program(program, "import sys; print('no <node> here'); sys.exit(3)")
    with launcher(tmp_path) as (_process, socket):
        answer = ask(socket)
        assert answer.status_code == 503
        assert "VS Code could not start." in answer.text
        assert "no &lt;node&gt; here" in answer.text
        again = ask(socket, "POST")
        assert (again.status_code, again.headers["Location"]) == (303, "./")
        assert "VS Code could not start." in ask(socket).text
        write_program(program, SMALL_SERVER)
        assert ask(socket, "POST").status_code == 303
        assert answers(socket).isdigit()


def test_a_vs_code_that_sets_its_sockets_mode_late_still_finds_it(tmp_path: Path) -> None:
    write_program(tmp_path / "code-server", SETS_ITS_MODE_LATE + SMALL_SERVER)
    with launcher(tmp_path) as (_process, socket):
        wait_for(lambda: answers(socket), what="an answer")
        wait_for((tmp_path / "code-inner.sock.done").exists, what="the mode to be set")
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600


def test_a_drive_that_cannot_be_written_is_named_as_the_reason(tmp_path: Path) -> None:
    write_program(tmp_path / "code-server", SMALL_SERVER)
    (tmp_path / "drive").mkdir()
    (tmp_path / "drive" / ".sessions").write_text("a file in the way")
    with launcher(tmp_path) as (_process, socket):
        answer = ask(socket)
    assert answer.status_code == 503
    assert "VS Code could not start: " in answer.text


def test_a_vs_code_that_ended_soon_is_not_started_in_a_circle(tmp_path: Path) -> None:
    write_program(tmp_path / "code-server", SMALL_SERVER)
    with launcher(tmp_path) as (_process, socket):
        first = wait_for(lambda: answers(socket), what="an answer")
        os.kill(int(first), signal.SIGKILL)
        wait_for(lambda: not is_running(int(first)), what="its end")
        wait_for(lambda: socket.exists() and not answers(socket), what="the page")
        ended = wait_for(lambda: _page(socket), what="the page")
        assert "VS Code has ended." in ended
        assert ask(socket, "POST").status_code == 303
        assert wait_for(lambda: answers(socket), what="an answer") != first


def _page(socket: Path) -> str:
    try:
        return ask(socket).text
    except httpx.TransportError:
        return ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_vs_code_ends_with_its_launcher_even_a_killed_one(
    tmp_path: Path, number: signal.Signals
) -> None:
    write_program(tmp_path / "code-server", SMALL_SERVER)
    with launcher(tmp_path) as (process, socket):
        wait_for(lambda: answers(socket), what="an answer")
        [child] = running_below(process.pid)
        process.send_signal(number)
        process.wait(30)
        wait_for(lambda: not is_running(child), what="the end of VS Code")


@pytest.mark.needs("code-server")
def test_two_sessions_on_one_drive_each_have_a_vs_code_of_their_own(tmp_path: Path) -> None:
    program = find_code_server()
    drive = tmp_path / "shared"
    with (
        launcher(tmp_path / "one", program, drive) as (_first, one),
        launcher(tmp_path / "two", program, drive) as (_second, two),
    ):
        for socket in (one, two):
            answer = ask(socket)
            assert answer.headers["Location"] == f"./?folder={drive}"
    state = drive / ".sessions" / "vscode"
    assert not [path for path in state.rglob("*") if path.is_socket()]
