"""A kernel that uses up the session's memory is ended alone, and the session's story says so."""

from __future__ import annotations

import os

import pytest

from sessions_spawner.local import limits
from tests.support.inside import call_lab, env_of_kernel, put_activity
from tests.support.notebooks import ALL_MEMORY, execute, lines_of, open_notebook
from tests.support.product import Product
from tests.support.streams import EventStream, quiet_stream
from tests.support.waiting import wait_for

EVENT = "memory-used-up"
SENTENCE = (
    "The kernel of train.ipynb was ended because the session's memory (512Mi) was used up. "
    "Use less, or start a session with more memory."
)


def notice_of(stream: EventStream, session_id: str) -> dict[str, str]:
    """Wait for the notice about a session."""
    found = stream.wait("notice", lambda data: data["session"] == session_id, seconds=30)
    notice: dict[str, str] = found.data
    return notice


async def test_a_kernel_killed_for_memory_is_a_line_and_a_notice_and_no_end(
    product: Product,
) -> None:
    probe = limits.prepare(f"sessions-probe-{os.getpid()}", 1 << 30, None)
    limits.remove(probe.cgroups)
    if not probe.cgroups:
        pytest.skip("control groups cannot be written here")
    session = product.running(resources={"memory": "512Mi"})
    other = product.running(resources={"memory": "512Mi"})
    kernel = open_notebook(product, session, "work/train.ipynb")
    with quiet_stream(f"{product.base}api/v1/events", product.token("anna")) as stream:
        await execute(product, session, kernel, ALL_MEMORY)
        notice = notice_of(stream, session["id"])
        assert notice["sentence"] == f"{session['name']}: {SENTENCE}"
        stream.wait("session", lambda data: data["id"] == session["id"])
        (line,) = lines_of(product, session, EVENT)
        assert (line["sentence"], line["actor"]) == (SENTENCE, "session")
        assert product.get(session["id"])["state"] == "running"
        wait_for(
            lambda: call_lab(product, session, "GET", f"api/kernels/{kernel}").status_code == 200,
            what="the kernel to be there again",
        )
        assert lines_of(product, other, EVENT) == []
        assert len(stream.of_kind("notice")) == 1


def test_a_sessions_word_about_its_memory_is_told_to_its_owner_once(product: Product) -> None:
    user = product.new_user()
    session = product.running(user=user)
    token = env_of_kernel(product, session)["JUPYTERHUB_API_TOKEN"]
    address = f"{product.base}api/v1/events"
    with (
        quiet_stream(address, product.token(user)) as own,
        quiet_stream(address, product.token("admin")) as admins,
    ):
        for _time in range(3):
            memory = {"kills": 2, "kernels": ["a.ipynb"]}
            answer = put_activity(product, session["id"], token, memory=memory)
            assert answer.status_code == 200, answer.text
        assert "2 programs, the kernel of a.ipynb" in notice_of(own, session["id"])["sentence"]
        admins.wait("session", lambda data: data["id"] == session["id"])
        assert len(lines_of(product, session, EVENT)) == 1
        assert len(own.of_kind("notice")) == 1
        assert admins.of_kind("notice") == []
