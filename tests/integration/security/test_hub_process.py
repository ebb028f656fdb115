"""The hub's process is closed to whoever runs as the same system user, and works nevertheless."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.faults.world import HUB, lab_opens, the_one
from tests.support.product import Product
from tests.support.system_users import proxy_for_others, python_for_others, system_users

# Says of itself, in the hub's process, what nobody can see from outside who is root.
SETTINGS = """
def say_whether_it_can_be_dumped(_spawner):
    import ctypes
    with open("dumpable", "w") as file:
        file.write(str(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)))

c.LocalSessionSpawner.pre_spawn_hook = say_whether_it_can_be_dumped
"""


@pytest.fixture(scope="module")
def person() -> Iterator[pwd.struct_passwd]:
    """Give a system user to run the hub as."""
    with system_users("hub") as (made,):
        yield made


@pytest.fixture(scope="module", params=["automatic", "ordinary"])
def product(request: pytest.FixtureRequest, person: pwd.struct_passwd) -> Iterator[Product]:
    """Run the product as somebody who is not root."""
    folder = Path(tempfile.mkdtemp(prefix="sessions-of-somebody-"))
    folder.chmod(0o711)
    extra = f'{SETTINGS}\nc.LocalSessionSpawner.start_method = "{request.param}"'
    extra += f"\nc.ConfigurableHTTPProxy.command = [{proxy_for_others(folder)!r}]"
    python = python_for_others(folder)
    product = Product(folder, extra=extra, python=python, run_as=person)
    try:
        for path in (folder, *folder.iterdir()):
            os.chown(path, person.pw_uid, person.pw_gid)
        product.start()
        yield product
        product.rest()
    finally:
        product.close()
        shutil.rmtree(folder)


pytestmark = pytest.mark.needs(
    "root", "useradd", "configurable-http-proxy", "a Python that other system users may run"
)


def can_read(path: str, person: pwd.struct_passwd) -> bool:
    """Tell whether somebody can read a file."""
    found = subprocess.run(
        ["cat", path],
        user=person.pw_uid,
        group=person.pw_gid,
        extra_groups=[],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return found.returncode == 0


def test_the_hub_runs_and_stops_sessions_while_nobody_of_its_user_can_look_into_it(
    product: Product, person: pwd.struct_passwd
) -> None:
    hub = the_one(product, HUB)
    assert f"Uid:\t{person.pw_uid}\t" in Path(f"/proc/{hub}/status").read_text()
    first, second = product.running(), product.running(environment="other")
    assert lab_opens(product, first)
    assert lab_opens(product, second)
    assert (product.folder / "dumpable").read_text() == "0"
    for name in ("environ", "mem", "maps"):
        assert Path(f"/proc/{hub}/{name}").stat().st_uid == 0
        assert not can_read(f"/proc/{hub}/{name}", person)
    for session in (first, second):
        product.api("POST", f"sessions/{session['id']}/stop", expect=202)
        assert product.wait_state(session["id"], "stopped")["cause"] == "user"


def test_what_can_be_read_of_a_process_that_can_be_dumped(person: pwd.struct_passwd) -> None:
    with subprocess.Popen(
        ["sleep", "60"], user=person.pw_uid, group=person.pw_gid, extra_groups=[]
    ) as other:
        try:
            assert can_read(f"/proc/{other.pid}/environ", person)
        finally:
            other.kill()


def test_a_hub_of_that_user_is_found_again_after_it_was_killed(product: Product) -> None:
    session = product.running()
    product.kill_hub()
    product.start()
    assert lab_opens(product, session)
    product.api("POST", f"sessions/{session['id']}/stop", expect=202)
    assert product.wait_state(session["id"], "stopped")["cause"] == "user"
