"""With the hub's key, values of variables are the owner's alone, and at rest nobody's."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupyterhub
import pytest

from tests.conftest import chosen_database
from tests.support.inside import env_of, env_of_kernel, processes_of
from tests.support.product import Product, running_product
from tests.support.streams import quiet_stream

from .test_canaries import answers_about, arguments_with, columns_with, files_with

KEYED = """
import pathlib
os.environ["JUPYTERHUB_CRYPT_KEY"] = pathlib.Path("keys").read_text()
c.JupyterHub.load_roles[0]["scopes"].append("list:services")
"""
STORES_OPTIONS = int(jupyterhub.__version__.partition(".")[0]) >= 6


def new_key() -> str:
    return secrets.token_hex(32)


def set_keys(product: Product, *keys: str) -> None:
    """Give the hub these keys, and start it anew with them."""
    product.stop()
    (product.folder / "keys").write_text(";".join(keys))
    product.start()


def database_files_with(product: Product, canary: str) -> list[str]:
    """Return the files of the service's own SQLite database, side files too, with the canary."""
    files = product.state.glob("sessions.sqlite*")
    return [path.name for path in files if canary.encode() in path.read_bytes()]


@pytest.fixture(scope="module")
def keyed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """Give a product whose hub has a key; the file `keys` holds it."""
    folder: Path = tmp_path_factory.mktemp("keyed")
    (folder / "keys").write_text(new_key())
    if chosen_database() == "postgresql":
        server = request.getfixturevalue("postgresql_server")
        with (
            server.new_database() as url,
            running_product(folder, extra=KEYED, database_url=url) as product,
        ):
            yield product
            product.rest()
    else:
        with running_product(folder, extra=KEYED) as product:
            yield product
            product.rest()


def post(product: Product, body: dict[str, Any], key: str) -> Any:
    return product.api("POST", "sessions", body, expect=201, headers={"Idempotency-Key": key})


def test_a_value_is_in_no_file_no_row_and_no_answer_but_its_owners(keyed: Product) -> None:
    product, canary = keyed, f"canary-{secrets.token_hex(12)}"
    env = {"KEY": canary}
    body = {"environment": "python", "idle_timeout": 900, "drive": "default", "env": env}
    with quiet_stream(f"{product.base}api/v1/events", product.token("admin")) as admins:
        made = post(product, body, "once")
        assert post(product, body, "once").text == made.text
        session = product.wait_state(made.json()["id"], "running")
        product.api("POST", "preview", {**body, "drive": "no-such"}, expect=200)
        failed = product.create(environment="ends", env=env)
        product.wait_state(failed["id"], "failed")
        token, path = product.token("anna"), "users/anna/servers/own"
        if STORES_OPTIONS:
            options = {"user_options": {"env": env}}
            product.hub("PUT", path, options, token=token)
            product.hub("PATCH", path, options, token=token)
            product.hub("POST", path, token=token)
        else:
            product.hub("POST", path, {"env": env}, token=token)
        assert canary not in repr(admins.events)
    assert env_of_kernel(product, session)["KEY"] == canary
    product.stop_all()
    again = product.api("POST", f"sessions/{session['id']}/restart", user="admin", expect=201)
    assert canary not in again.text
    restarted = product.wait_state(again.json()["id"], "running")
    assert restarted["env"] == env
    for one in (session, failed, restarted):
        assert canary not in answers_about(product, one, "berta", "admin")
        assert product.get(one["id"])["env"] == env
        request = product.api("GET", f"sessions/{one['id']}/clone", expect=200).json()["request"]
        assert request["env"] == env
    product.stop_all()
    assert columns_with(product, canary) == set()
    assert database_files_with(product, canary) == []
    assert files_with(product, canary.encode()) == set()
    assert arguments_with(product, canary) == []


@pytest.mark.needs("root")
def test_the_key_is_in_no_answer_of_the_hub_and_in_no_session(keyed: Product) -> None:
    key = (keyed.folder / "keys").read_text()
    session = keyed.running()
    assert key not in keyed.hub("GET", "services").text
    assert key not in keyed.hub("GET", "services/sessions").text
    assert files_with(keyed, key.encode()) == {"keys"}
    assert columns_with(keyed, key) == set()
    assert arguments_with(keyed, key) == []
    for pid in processes_of(keyed, session["id"]):
        assert key not in repr(env_of(pid))
    keyed.stop_all()


def test_an_older_key_still_opens_and_a_lost_one_is_said(keyed: Product) -> None:
    product, env = keyed, {"KEY": "once-known"}
    printed_before = len(product.log())
    old, new = (keyed.folder / "keys").read_text(), new_key()
    body = {"environment": "python", "idle_timeout": 900, "drive": "default", "env": env}
    session = product.wait_state(post(product, body, "rotated").json()["id"], "running")
    path = f"sessions/{session['id']}"
    product.stop_all()
    set_keys(product, new, old)
    assert product.get(session["id"])["env"] == env
    again = product.api("POST", f"{path}/restart", expect=201).json()
    assert product.wait_state(again["id"], "running")["env"] == env
    product.stop_all()
    set_keys(product, new)
    assert product.get(session["id"])["env"] == {"KEY": "•••"}
    assert product.get(again["id"])["env"] == env
    refused = product.api("POST", f"{path}/restart", expect=409).json()["error"]
    assert refused["code"] == "changed"
    (change,) = refused["changes"]
    assert change["field"] == "env"
    assert "key that sealed them is gone" in change["reason"]
    clone = product.api("GET", f"{path}/clone", expect=200).json()
    assert "env" not in clone["request"]
    assert [one["field"] for one in clone["changes"]] == ["env"]
    answer = product.api("POST", "sessions", body, headers={"Idempotency-Key": "rotated"})
    assert answer.status_code == 409
    assert "cannot be read any more" in answer.json()["error"]["message"]
    assert product.api("PATCH", path, {"version": 1, "name": "x"}).status_code in (200, 409)
    assert "Traceback" not in product.log()[printed_before:]
