"""Secrets planted before, looked for after: in logs, database, files, arguments, answers."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import Any

import jupyterhub
import pytest
from sqlalchemy import MetaData, select

from tests.support.inside import env_of, env_of_kernel, processes_of, put_activity
from tests.support.product import SUPERVISOR, Product
from tests.support.refusals import refusal_of
from tests.support.streams import EventStream, quiet_stream

STORES_OPTIONS = int(jupyterhub.__version__.partition(".")[0]) >= 6


def columns_with(product: Product, canary: str) -> set[tuple[str, str]]:
    """Return table and column of every value in the service's database that has the canary."""
    tables = MetaData()
    with product.database() as engine, engine.connect() as db:
        tables.reflect(db)
        return {
            (table.name, column)
            for table in tables.sorted_tables
            for row in db.execute(select(table)).mappings()
            for column, value in row.items()
            if canary in str(value)
        }


def files_with(product: Product, canary: bytes) -> set[str]:
    """Return the files of the product with the canary; its databases and drives left out."""
    found = set()
    for path in product.folder.rglob("*"):
        name = str(path.relative_to(product.folder))
        if not path.is_file() or ".sqlite" in name or name.startswith("state/drives/"):
            continue
        with contextlib.suppress(FileNotFoundError):  # what was there for a moment only
            if canary in path.read_bytes():
                found.add(name)
    return found


def arguments_with(product: Product, canary: str) -> list[int]:
    """Return the processes of this machine whose command line has the canary."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if canary.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def answers_about(product: Product, session: dict[str, Any], *users: str) -> str:
    """Return everything that the API answers these people about a session, as one text."""
    texts = []
    for user in users:
        for path in ("", "/chronicle", "/clone"):
            answer = product.api("GET", f"sessions/{session['id']}{path}", user=user)
            texts.append(answer.text)
        for tab in ("active", "history"):
            answer = product.api("GET", f"sessions?owner=*&tab={tab}&limit=100", user=user)
            texts.append(answer.text)
        address = f"{product.base}api/v1/sessions/{session['id']}/events"
        if product.api("GET", f"sessions/{session['id']}", user=user).is_success:
            with EventStream(address, product.token(user)) as stream:
                stream.wait("access")
                texts.append(repr(stream.events))
    texts.append(product.api("GET", f"sessions/{session['id']}/chronicle").text)
    return "\n".join(texts)


def test_values_of_variables_are_in_the_request_alone(product: Product) -> None:
    canary = f"canary-{secrets.token_hex(12)}"
    env = {"KEY": canary}
    body = {"environment": "python", "idle_timeout": 900, "drive": "default", "env": env}
    with quiet_stream(f"{product.base}api/v1/events", product.token("admin")) as admins:
        session = product.running(env=env)
        product.api("POST", "preview", body, expect=200)
        wrong = {**body, "env": {**env, "PATH": canary}}
        refused = product.api("POST", "sessions", wrong, expect=422)
        assert canary not in refused.text
        failed = product.create(environment="ends", env=env)
        product.wait_state(failed["id"], "failed")
        assert canary not in repr(admins.events)
    token = product.token("anna")
    smuggled = {**wrong, "nonsense": canary}
    assert canary not in refusal_of(product, "users/anna/servers/other", smuggled, token=token)
    assert env_of_kernel(product, session)["KEY"] == canary
    product.api("POST", f"sessions/{session['id']}/stop", user="admin", expect=202)
    product.wait_state(session["id"], "stopped")
    for one in (session, failed):
        assert canary not in answers_about(product, one, "berta", "admin")
        assert product.get(one["id"])["env"] == env
    metrics = product.client.get(
        "/services/sessions/metrics", headers={"Authorization": f"token {product.token('admin')}"}
    )
    assert canary not in metrics.text
    assert columns_with(product, canary) == {("sessions", "request")}
    assert files_with(product, canary.encode()) == set()
    assert arguments_with(product, canary) == []


@pytest.mark.skipif(not STORES_OPTIONS, reason="hubs before 6 store no options without a start")
def test_values_of_variables_that_are_stored_at_the_hub_are_in_no_log(product: Product) -> None:
    canary = f"canary-{secrets.token_hex(12)}"
    token, path = product.token("anna"), "users/anna/servers/stored"
    product.hub("PUT", path, {"user_options": {"env": {"KEY": canary}}}, token=token)
    product.hub("PATCH", path, {"user_options": {"env": {"KEY": canary}}}, token=token)
    product.hub("POST", path, token=token)
    product.stop_all()
    assert files_with(product, canary.encode()) == set()


@pytest.mark.needs("root")
def test_the_tokens_of_hub_service_and_session_are_where_they_are_needed_and_nowhere_else(
    product: Product,
) -> None:
    session = product.running()
    own = env_of_kernel(product, session)["JUPYTERHUB_API_TOKEN"]
    put_activity(product, session["id"], own, {"kind": "lab"})
    put_activity(product, "saaaaaaaaaaa", own, {"kind": "lab"})
    (supervisor,) = product.pids(SUPERVISOR)
    services = env_of(supervisor)["JUPYTERHUB_API_TOKEN"]
    hubs = env_of(product.pids("jupyterhub -f")[0])["CONFIGPROXY_AUTH_TOKEN"]
    product.api("GET", "me", token=own)
    text = answers_about(product, session, "anna", "berta", "admin")
    for name, canary in (("session", own), ("service", services), ("proxy", hubs)):
        assert canary not in text, name
        assert columns_with(product, canary) == set(), name
        assert files_with(product, canary.encode()) == set(), name
        assert arguments_with(product, canary) == [], name
    for pid in processes_of(product, session["id"]):
        values = set(env_of(pid).values())
        assert services not in values
        assert hubs not in values


def test_the_services_own_secrets_are_in_their_files_alone(product: Product) -> None:
    product.running()
    for name in ("link/link.secret", "cookie.secret"):
        secret = (product.state / name).read_bytes()
        assert len(secret) == 32
        assert files_with(product, secret) == {f"state/{name}"}
        assert files_with(product, secret.hex().encode()) == set()
