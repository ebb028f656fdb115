"""Sessions that start the ordinary way run as their owners' system users where the hub is root."""

from __future__ import annotations

import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessions_spawner.local import notes, tree
from tests.integration.faults.world import is_alive
from tests.support.inside import call_lab
from tests.support.product import Product, running_product
from tests.support.system_users import python_for_others, system_users

pytestmark = pytest.mark.needs(
    "root", "useradd", "configurable-http-proxy", "a Python that other system users may run"
)

SETTINGS = """
c.SessionPolicy.users_trust_each_other = False
c.LocalSessionSpawner.start_method = "ordinary"
c.LocalSessionSpawner.stop_grace_seconds = 2.0
"""


@pytest.fixture
def person() -> Iterator[pwd.struct_passwd]:
    """Give a system user."""
    with system_users("ann") as (made,):
        yield made


@pytest.fixture
def product() -> Iterator[Product]:
    """Run the product as an administrator would who is root and trusts nobody."""
    folder = Path(tempfile.mkdtemp(prefix="sessions-of-root-"))
    folder.chmod(0o711)
    try:
        with running_product(folder, extra=SETTINGS, python=python_for_others(folder)) as product:
            yield product
            product.rest()
    finally:
        shutil.rmtree(folder)


def test_a_session_runs_as_its_owner_without_a_way_to_more_rights(
    product: Product, person: pwd.struct_passwd
) -> None:
    session = product.running(user=person.pw_name)
    assert call_lab(product, session, "POST", "api/kernels", {}).status_code == 201
    (note,) = [one for one in notes.read_all(product.state / "processes") if not one.ended]
    family = [note.pid, *(process.pid for process in tree.descendants(note.pid))]
    assert len(family) >= 2
    for pid in family:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        status = {line.partition(":")[0]: line.partition(":")[2].split() for line in lines}
        assert set(status["Uid"]) == {str(person.pw_uid)}
        assert set(status["Gid"]) == {str(person.pw_gid)}
        assert status["Groups"] == [str(person.pw_gid)]
        assert status["NoNewPrivs"] == ["1"]
        assert set(status["CapEff"] + status["CapPrm"]) == {"0" * 16}
    log = product.state / "processes" / f"{session['id']}.log"
    assert log.stat().st_mode & 0o777 == 0o600
    failed = product.create(user=person.pw_name, environment="missing")
    failed = product.wait_state(failed["id"], "failed", user=person.pw_name)
    assert "exit code 127" in failed["explanation"]["sentence"]
    product.api("POST", f"sessions/{session['id']}/stop", user=person.pw_name, expect=202)
    product.wait_state(session["id"], "stopped", user=person.pw_name)
    assert [pid for pid in family if is_alive(pid)] == []
