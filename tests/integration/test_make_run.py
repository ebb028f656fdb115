"""The one command: it starts the product from what is installed, and leaves nothing running."""

from __future__ import annotations

import socket
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.make_run import CHECKOUT, running
from tests.support.signed_in import SignedIn
from tests.support.waiting import wait_for

pytestmark = [
    pytest.mark.needs("configurable-http-proxy"),
    pytest.mark.skipif(
        Path(sys.prefix) != CHECKOUT / ".venv", reason="make run starts what make test installs"
    ),
]


@pytest.fixture
def port() -> int:
    """Give a port that is free."""
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        return int(door.getsockname()[1])


def test_it_prints_address_and_passwords_and_installs_nothing_again(
    tmp_path: Path, port: int
) -> None:
    with running(tmp_path / "state", port) as run:
        wait_for(run.is_ready, seconds=60, what="the product to be ready")
        printed = run.text()
        steps = [line for line in printed.splitlines() if line.startswith("-- ")]
        assert steps == ["-- without VS Code, as WITHOUT_VSCODE asks"]
        assert f"address: http://127.0.0.1:{port}\n" in printed
        for words, file in (("password", "password"), ("admin password", "admin_password")):
            kept = tmp_path / "state" / file
            assert run.secret(words) == kept.read_text()
            assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert run.secret("password") != run.secret("admin password")
        with pytest.raises(AssertionError):
            SignedIn(run, "admin")  # his own password only


def test_ctrl_c_ends_hub_service_fork_server_and_sessions(tmp_path: Path, port: int) -> None:
    with running(tmp_path / "state", port) as run:
        wait_for(run.is_ready, seconds=60, what="the product to be ready")
        with closing(SignedIn(run, "newcomer")) as newcomer:
            session = newcomer.start_session()
            without = {"state": "off", "reason": "VS Code is not installed on this hub."}
            assert session["access"]["code"] == without
            assert newcomer.client.get(session["urls"]["lab"]).status_code == 200
        ours = " ".join(run.processes())
        # Supervisor and worker; the fork server, the session's keeper and the session.
        wanted = {"configurable-http-proxy": 1, "sessions_service serve": 2, "fork_server": 3}
        assert {part: ours.count(part) >= least for part, least in wanted.items()} == dict.fromkeys(
            wanted, True
        ), ours
        run.press_ctrl_c()
        run.process.wait(60)
    assert run.processes() == []
    assert "-- stopped" in run.text()


def test_an_impatient_ctrl_c_while_it_starts_leaves_nothing(tmp_path: Path, port: int) -> None:
    with running(tmp_path / "state", port) as run:
        wait_for((tmp_path / "state" / "proxy.pid").exists, seconds=60)
        run.press_ctrl_c()
        run.press_ctrl_c()
        run.process.wait(60)
    assert run.processes() == []


def test_a_second_hub_with_the_same_state_is_refused(tmp_path: Path, port: int) -> None:
    with running(tmp_path / "state", port) as first:
        wait_for(first.holder, seconds=60, what="the first to hold its state folder")
        with running(tmp_path / "state", port) as second:
            assert second.process.wait(60) != 0
            refusal = f"error: Another hub (process {first.holder()}) runs with the state folder"
        assert refusal in second.text()
