"""What a real session reports: busy at once, used when used, nothing of a page that only polls."""

from __future__ import annotations

import json
import uuid
from typing import Any

import httpx

from tests.support.waiting import wait_for
from tests.support.websockets import websocket

from .conftest import IDLE, Reporting
from .session_process import TOKEN, SessionProcess
from .shell_client import shell

AT_ONCE = 20.0  # two seconds; more, because a test machine is busy


def busy_line(reporting: Reporting, kind: str, *, busy: bool, words: str) -> dict[str, Any]:
    """Wait for a reported line of a kind with these words."""

    def look() -> dict[str, Any] | None:
        line = reporting.reports.last(kind)
        return line if line and line["busy"] is busy and words in line["sentence"] else None

    found = wait_for(look, seconds=AT_ONCE, what=f"a line of {kind}: {words}")
    assert found is not None
    return found


def lab_lines(used: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is said of JupyterLab's pages."""
    return [line for line in used if line["kind"] == "lab"]


async def execute(session: SessionProcess, kernel: str, code: str) -> None:
    """Ask a kernel to run code, without waiting for it."""
    url = f"{session.url}api/kernels/{kernel}/channels"
    header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
    header.update({"session": "s", "username": "ann", "date": "2026-11-21T00:00:00Z"})
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    async with websocket(url, {"Authorization": f"token {TOKEN}"}) as connection:
        await connection.write_message(json.dumps({**message, "channel": "shell", "buffers": []}))
        while (read := await connection.read_message()) is not None:
            answer = json.loads(read)
            if answer["msg_type"] == "execute_input":
                break


def test_the_first_report_comes_at_once_with_the_sessions_own_token(reporting: Reporting) -> None:
    wait_for(lambda: reporting.reports.received, what="a report")
    assert set(reporting.reports.authorizations) == {"token of-the-session"}


def test_a_report_says_which_doors_have_their_program(reporting: Reporting) -> None:
    wait_for(lambda: reporting.reports.received, what="a report")
    # This one is without VS Code.
    assert reporting.reports.received[-1]["doors"] == {"lab": True, "code": False, "shell": True}


def test_a_report_says_what_the_session_uses_now(reporting: Reporting) -> None:
    wait_for(lambda: reporting.reports.received, what="a report")
    usage = reporting.reports.received[0]["usage"]
    assert usage["memory"] > 10 * 2**20
    assert usage["cpu"] is None


def test_the_page_in_vs_codes_place_is_no_use_of_vs_code(reporting: Reporting) -> None:
    assert "not installed in this session" in reporting.session.ask("code/").text
    used = reporting.session.ask("sessions/idle").json()["used"]
    assert [line for line in used if line["kind"] == "code"] == []


def test_a_page_that_only_polls_is_no_use_and_a_saved_file_is(reporting: Reporting) -> None:
    session = reporting.session
    before = session.ask("sessions/idle").json()["used"]
    for path in ("api/kernels", "api/sessions", "api/terminals", "api/contents/?content=1"):
        assert session.ask(path).status_code == 200
    used = session.ask("sessions/idle").json()["used"]
    assert lab_lines(used) == lab_lines(before)
    body = {"type": "file", "format": "text", "content": "x"}
    saved = session.ask("api/contents/saved.txt", method="PUT", body=body)
    assert saved.status_code == 201
    busy_line(reporting, "lab", busy=False, words="saved in JupyterLab")


async def test_a_busy_kernel_is_reported_by_its_notebooks_name_and_its_end_too(
    reporting: Reporting,
) -> None:
    session = reporting.session
    started = session.ask(
        "api/sessions",
        method="POST",
        body={"path": "work/train.ipynb", "name": "", "type": "notebook", "kernel": {"name": ""}},
    ).json()
    over = session.drive / "over"
    waits = f"import os, time\nwhile not os.path.exists({str(over)!r}): time.sleep(0.1)"
    await execute(session, started["kernel"]["id"], waits)
    line = busy_line(reporting, "notebook", busy=True, words="train.ipynb is busy")
    assert line["at"].endswith("Z")
    over.touch()
    wait_for(lambda: not (reporting.reports.last("notebook") or {})["busy"], seconds=20)
    busy_line(reporting, "notebook", busy=False, words="last ran something")
    session.ask(f"api/sessions/{started['id']}", method="DELETE")


async def test_typing_is_use_of_the_shell_and_a_foreground_job_is_busy(
    reporting: Reporting,
) -> None:
    async with shell(reporting.session, "bash/websocket/jobs") as client:
        await client.type("echo rea''dy\r")
        await client.until("ready")
        busy_line(reporting, "shell", busy=False, words="typed in a shell")
        await client.type("sleep 60\r")
        busy_line(reporting, "shell", busy=True, words="sleep runs in a shell")
        await client.type("\x03")
        busy_line(reporting, "shell", busy=False, words="typed in a shell")


async def test_a_background_job_does_not_hold_the_session(reporting: Reporting) -> None:
    async with shell(reporting.session, "bash/websocket/back") as client:
        await client.type("sleep 5 & echo star''ted\r")
        await client.until("started")
    reported = reporting.session.ask("sessions/idle").json()["used"]
    assert not [line for line in reported if line["kind"] == "shell" and line["busy"]]


async def test_a_job_in_a_terminal_of_jupyterlab_is_busy_too(reporting: Reporting) -> None:
    session = reporting.session
    name = session.ask("api/terminals", method="POST").json()["name"]
    async with shell(session, f"terminals/websocket/{name}") as client:
        await client.until_kind("stdout")
        await client.type("sleep 61\r")
        busy_line(reporting, "shell", busy=True, words="sleep runs in a shell")
    session.ask(f"api/terminals/{name}", method="DELETE")
    busy_line(reporting, "shell", busy=False, words="shell")


def test_the_clocks_last_word_is_served_to_the_lab(reporting: Reporting) -> None:
    wait_for(lambda: reporting.session.ask("sessions/idle").json()["idle"], what="an answer")
    answer = reporting.session.ask("sessions/idle").json()
    assert answer["idle"] == IDLE
    assert answer["reported_at"].endswith("Z")


async def test_a_service_that_fails_is_asked_again_and_the_server_goes_on(
    reporting: Reporting,
) -> None:
    reporting.reports.status = 503
    try:
        async with shell(reporting.session, "bash/websocket/failing") as client:
            await client.type("sleep 62\r")
            refused = len(reporting.reports.authorizations)
            wait_for(lambda: len(reporting.reports.authorizations) > refused + 1)
            assert reporting.session.ask("api").status_code == 200
            reporting.reports.status = 200
            wait_for(lambda: (reporting.reports.last("shell") or {})["busy"])
            await client.type("\x03")
    finally:
        reporting.reports.status = 200
    log = reporting.session.log.read_text()
    assert "activity report failed status=503" in log
    assert "of-the-session" not in log


def test_jupyters_own_last_activity_knows_of_the_shell(reporting: Reporting) -> None:
    used = reporting.session.ask("sessions/idle").json()["used"]
    answer: httpx.Response = reporting.session.ask("api/status")
    assert answer.json()["last_activity"] >= max(line["at"] for line in used)[:19]
