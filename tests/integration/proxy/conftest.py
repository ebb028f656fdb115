"""Sessions that several tests share, because a server takes seconds to start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.parts import find_code_server

from .session_process import Reports, SessionProcess, session, taking_reports

IDLE = {"state": "counting", "ends_at": "2026-11-21T05:00:00Z", "held_by": []}


@dataclass(frozen=True)
class Reporting:
    """A session that reports, and what was received of it."""

    session: SessionProcess
    reports: Reports


# A session takes 20 shells, so each file of tests has one.
@pytest.fixture(scope="module")
def reporting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reporting]:
    """Give a session without VS Code that reports its news."""
    folder = tmp_path_factory.mktemp("reporting")
    with taking_reports(IDLE) as reports:
        env = {
            "SESSIONS_ACTIVITY_URL": reports.url,
            "SESSIONS_ACTIVITY_SECONDS": "600",
            "JUPYTERHUB_API_TOKEN": "of-the-session",
            "SESSIONS_CODE_SERVER": str(folder / "not-there"),
        }
        with session(folder, env) as made:
            yield Reporting(made, reports)


@pytest.fixture(scope="module")
def plain(reporting: Reporting) -> SessionProcess:
    """Give a session without VS Code."""
    return reporting.session


@pytest.fixture(scope="session")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionProcess]:
    """Give a session with VS Code."""
    folder = tmp_path_factory.mktemp("complete")
    with session(folder, {"SESSIONS_CODE_SERVER": find_code_server() or ""}) as made:
        (made.drive / "hello.py").write_text("print('hello')\n")
        yield made
