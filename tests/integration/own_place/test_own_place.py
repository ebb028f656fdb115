"""A service in a place of its own: linked over the network, started and stopped by itself."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sessions_service.cli import main
from sessions_spawner.wire.channel import NotProven, meet_as_hub
from tests.support.own_service import OwnService
from tests.support.product import ADMIN_TOKEN, WORKER, Product
from tests.support.signed_in import SignedIn
from tests.support.waiting import wait_for


def test_people_sign_in_and_start_sessions_as_with_a_service_of_the_hubs(
    product: Product, service: OwnService
) -> None:
    anna = SignedIn(product, "anna")
    try:
        body = {"environment": "python", "idle_timeout": 900, "drive": "default"}
        made = anna.request("POST", "sessions", body, X_XSRFToken=anna.xsrf)
        assert made.status_code == 201, made.text
    finally:
        anna.close()
    session = product.wait_state(made.json()["id"], "running")
    product.api("POST", f"sessions/{session['id']}/stop", {}, expect=202)
    assert product.wait_state(session["id"], "stopped")["cause"] == "user"
    assert (service.state / "link").stat().st_mode & 0o777 == 0o700
    assert not (service.state / "link" / "link.sock").exists()


def test_sessions_outlive_the_service_and_what_happened_meanwhile_is_told_to_the_next(
    product: Product, service: OwnService
) -> None:
    goes_on, ends = product.running(), product.running()
    assert service.stop() == 0
    product.hub("DELETE", f"users/anna/servers/{ends['server']}")
    service.start(product.hub_port)
    wait_for(product._is_ready, what="the service to be ready again")
    # The service's own end is none of the hub's: nothing is taken for a shutdown.
    assert product.wait_state(ends["id"], "stopped")["cause"] == "user"
    assert product.get(goes_on["id"])["state"] == "running"


def test_a_killed_worker_is_replaced_and_the_link_comes_back(product: Product) -> None:
    session = product.running()
    (before,) = product.pids(WORKER)
    product.kill_worker()
    assert product.pids(WORKER) != [before]
    product.api("POST", f"sessions/{session['id']}/stop", {}, expect=202)
    assert product.wait_state(session["id"], "stopped")["cause"] == "user"


def test_the_hub_restarts_without_the_service_and_finds_it_again(
    product: Product, service: OwnService
) -> None:
    session, pid = product.running(), service.pid
    product.kill_hub()
    product.start()
    assert service.pid == pid
    assert product.get(session["id"])["state"] == "running"


def test_who_does_not_know_the_secret_is_not_heard(product: Product, service: OwnService) -> None:
    async def knock() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", service.link_port)
        try:
            await meet_as_hub(reader, writer, b"x" * 32)
        finally:
            writer.close()

    with pytest.raises(NotProven):
        asyncio.run(knock())
    service.wait_said("link.refused")
    assert product._is_ready(), "the hub's own connection stays"


def test_the_secrets_are_in_no_answer_argument_environment_or_log(
    product: Product, service: OwnService
) -> None:
    shown = {"services": product.hub("GET", "services/sessions").text}
    shown |= {"hub.log": product.log(), "service.log": service.log()}
    for pid in (service.pid, *product.pids(WORKER)):
        for name in ("cmdline", "environ"):
            text = Path(f"/proc/{pid}/{name}").read_bytes().decode(errors="replace")
            shown[f"{pid} {name}"] = text
    for file in service.secrets.iterdir():
        hidden = file.read_text().strip()
        assert [where for where, text in shown.items() if hidden in text] == [], file.name


def test_a_service_that_is_not_told_what_it_needs_ends_with_a_sentence(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "sessions_service", "serve", f"--state={tmp_path}"]
    own = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    api = {"JUPYTERHUB_API_URL": "http://127.0.0.1:8081/hub/api"}
    for env, sentence in (
        (own, "Name the hub's API in JUPYTERHUB_API_URL, such as http://hub:8081/hub/api."),
        (
            own | api,
            f"The secret {tmp_path}/link.secret cannot be read: No such file or directory.",
        ),
    ):
        words = [*argv, f"--secrets={tmp_path}", "--link=127.0.0.1:8901"]
        ended = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
        assert (ended.returncode, ended.stderr.strip()) == (1, sentence)


def test_the_doctor_finds_the_database_by_the_mounted_secret(
    product: Product,
    service: OwnService,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text(ADMIN_TOKEN)
    product.stop_all()
    words = [f"--state={service.state}", f"--secrets={service.secrets}"]
    words += [f"--hub={product.url}/hub/api", f"--token-file={token}"]
    wait_for(lambda: main(["doctor", *words]) == 0, what="the doctor to agree")
    assert "Everything agrees." in capsys.readouterr().out
