"""A hub that runs as root: each session is its owner's system user, and cannot reach others'."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sessions_spawner.local import limits
from tests.integration.proxy.shell_client import shell
from tests.support.inside import call_lab, processes_of, server_process_of
from tests.support.product import SUPERVISOR, WORKER, Product, running_product
from tests.support.system_users import (
    code_server_for_others,
    python_for_others,
    system_users,
)
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs(
    "root", "useradd", "configurable-http-proxy", "a Python that other system users may run"
)

# Tries what it is told to, writes down how each went, and ends.
TRIES = """
import errno, json, os, socket
def attempt(kind, path):
    try:
        if kind == "connect":
            socket.socket(socket.AF_UNIX).connect(path)
        elif kind == "list":
            os.listdir(path)
        elif kind == "write":
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
        else:
            os.read(os.open(path, os.O_RDONLY), 1)
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
    return "done"
asked = json.loads(os.environ["ASKED"])
with open("answers.new", "w") as file:
    json.dump([attempt(*one) for one in asked], file)
os.rename("answers.new", "answers")
"""
SETTINGS = f"""
c.SessionPolicy.users_trust_each_other = False
c.LocalSessionSpawner.profile_list.append({{
    "display_name": "Tries", "slug": "tries",
    "local_override": {{"executable": [sys.executable, "-c", {TRIES!r}]}}}})
c.LocalSessionSpawner.stop_grace_seconds = 2.0
"""


@pytest.fixture(scope="module")
def people() -> Iterator[list[pwd.struct_passwd]]:
    """Give two system users who have nothing in common."""
    with system_users("ann", "ben") as made:
        yield made


@pytest.fixture(scope="module")
def roots_product() -> Iterator[Product]:
    """Run the product as an administrator would who is root and trusts nobody."""
    folder = Path(tempfile.mkdtemp(prefix="sessions-of-root-"))
    folder.chmod(0o711)
    try:
        code_server = code_server_for_others(folder)
        extra = f"{SETTINGS}\nc.LocalSessionSpawner.code_server = {code_server!r}"
        with running_product(folder, extra=extra, python=python_for_others(folder)) as product:
            yield product
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def product(roots_product: Product) -> Iterator[Product]:
    """Give that product; afterwards its sessions are stopped, and everything agrees."""
    yield roots_product
    roots_product.stop_all()
    wait_for(lambda: not roots_product.examine(), what="records and processes to agree")


def status_of(pid: int) -> dict[str, list[str]]:
    """Return what /proc tells about a process: a word and its values."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {line.partition(":")[0]: line.partition(":")[2].split() for line in lines}


def drive_of(product: Product, session: dict[str, Any]) -> Path:
    """Return the folder of a session's drive."""
    folder: Path = product.state / "drives" / session["drive_id"]
    return folder


def processes_with(uid: int) -> list[int]:
    """Return the living processes of a system user."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and entry.stat().st_uid == uid:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def answers_of(product: Product, user: str, asked: list[tuple[str, str]]) -> dict[str, str]:
    """Have a session of a user try what is asked; return path → how it went."""
    session = product.create(user=user, environment="tries", env={"ASKED": json.dumps(asked)})
    product.wait_state(session["id"], "failed", "stopped", user=user)
    answers = drive_of(product, session) / "answers"
    texts: list[str] = json.loads(answers.read_text())
    answers.unlink()
    return {f"{kind} {path}": text for (kind, path), text in zip(asked, texts, strict=True)}


def test_a_session_runs_as_its_owners_system_user_with_that_users_groups_alone(
    product: Product, people: list[pwd.struct_passwd]
) -> None:
    for person in people:
        session = product.running(user=person.pw_name, resources={"memory": "2Gi"})
        assert call_lab(product, session, "POST", "api/kernels", {}).status_code == 201
        assert call_lab(product, session, "GET", "lab").status_code == 200
        pids = processes_of(product, session["id"])
        assert len(pids) >= 2
        for pid in pids:
            status = status_of(pid)
            assert set(status["Uid"]) == {str(person.pw_uid)}
            assert set(status["Gid"]) == {str(person.pw_gid)}
            assert status["Groups"] == [str(person.pw_gid)]
            assert status["NoNewPrivs"] == ["1"]
            assert set(status["CapEff"] + status["CapPrm"]) == {"0" * 16}


def test_its_limits_hold_for_a_system_user_too(
    product: Product, people: list[pwd.struct_passwd]
) -> None:
    session = product.running(user=people[0].pw_name, resources={"memory": "2Gi"})
    pid = server_process_of(product, session["id"])
    probe = limits.prepare(f"sessions-probe-{os.getpid()}", 1 << 30, None)
    limits.remove(probe.cgroups)
    if probe.cgroups:
        assert "/session-" in Path(f"/proc/{pid}/cgroup").read_text()
    else:
        assert str(2 << 30) in Path(f"/proc/{pid}/limits").read_text()


def test_drives_are_their_owners_and_all_else_is_closed(
    product: Product, people: list[pwd.struct_passwd]
) -> None:
    for person in people:
        session = product.running(user=person.pw_name)
        folder = drive_of(product, session).stat()
        assert (folder.st_uid, folder.st_gid) == (person.pw_uid, person.pw_gid)
        assert stat.S_IMODE(folder.st_mode) == 0o700
        log = (product.state / "processes" / f"{session['id']}.log").stat()
        assert stat.S_IMODE(log.st_mode) == 0o600
    for way in (product.state, product.state / "drives"):
        assert (way.stat().st_uid, stat.S_IMODE(way.stat().st_mode)) == (0, 0o711)
    others = {path for path in product.state.iterdir() if path.name != "drives"}
    assert {"link", "processes", "cookie.secret"} <= {path.name for path in others}
    assert [path for path in others if path.stat().st_mode & 0o077] == []


def test_a_session_reaches_nothing_of_the_hubs_or_of_another_owners(
    product: Product, people: list[pwd.struct_passwd]
) -> None:
    ann, ben = (person.pw_name for person in people)
    theirs = product.running(user=ben)
    put = {"type": "file", "format": "text", "content": "private"}
    assert call_lab(product, theirs, "PUT", "api/contents/private.txt", put).status_code == 201
    drive, state = drive_of(product, theirs), product.state
    server = server_process_of(product, theirs["id"])
    private = list(Path(tempfile.gettempdir()).glob(f"sessions-{people[1].pw_uid}-*"))
    (hub,) = product.pids(r"jupyterhub -f")[:1]
    (proxy,) = product.pids(r"configurable-http-proxy")[:1] or (hub,)
    pids = [hub, proxy, server, *product.pids(SUPERVISOR), *product.pids(WORKER)]
    assert len(pids) >= 5
    reads = [
        drive / "private.txt",
        state / "processes" / f"{theirs['id']}.log",
        *(path for path in state.iterdir() if path.is_file()),
        state / "link" / "link.secret",
        *(state / "processes" / "keepers").iterdir(),
        *(Path(f"/proc/{pid}") / name for pid in pids for name in ("environ", "mem")),
    ]
    lists = [state, state / "drives", drive, state / "link", state / "processes", *private]
    connects = [
        state / "link" / "link.sock",
        state / "processes" / "control.sock",
        state / "processes" / "launch.sock",
    ]
    writes = [state / "new", state / "drives" / "new", drive / "new", state / "processes" / "new"]
    for path in (*reads, *lists, *connects):
        assert path.exists(), path
    asked = [
        *(("read", str(path)) for path in reads),
        *(("list", str(path)) for path in lists),
        *(("connect", str(path)) for path in connects),
        *(("write", str(path)) for path in writes),
    ]
    found = answers_of(product, ann, [*asked, ("list", ".")])
    assert found.pop("list .") == "done"
    assert {one: text for one, text in found.items() if text not in ("EACCES", "EPERM")} == {}


def test_somebody_without_a_system_user_or_with_the_systems_own_is_refused(
    product: Product,
) -> None:
    before = set((product.state / "drives").iterdir())
    for user, sentence in (
        ("nobody-has-this-name", "useradd nobody-has-this-name"),
        ("root", "sessions never run as one of those"),
        ("daemon", "sessions never run as one of those"),
        ("nobody", "sessions never run as one of those"),
    ):
        session = product.create(user=user)
        ended = product.wait_state(session["id"], "failed", user=user)
        assert ended["cause"] == "refused"
        assert sentence in ended["explanation"]["sentence"]
        assert processes_of(product, session["id"]) == []
    assert set((product.state / "drives").iterdir()) == before


async def test_the_shell_is_its_owners(product: Product, people: list[pwd.struct_passwd]) -> None:
    person = people[0]
    session = product.running(user=person.pw_name)
    prefix = session["urls"]["lab"].removesuffix("lab")

    class Door:
        url = f"{product.url}{prefix}" if prefix.startswith("/") else prefix

    async with shell(Door(), token=product.token(person.pw_name)) as client:
        await client.type("echo [$(id -u)] [$HOME]\n")
        assert await client.until(r"\[(\d+)\] \[") == str(person.pw_uid)
        assert await client.until(r"\d\] \[(/[^\]]+)\]") == str(drive_of(product, session))


@pytest.mark.needs("code-server")
def test_code_server_runs_as_its_owner_too(
    product: Product, people: list[pwd.struct_passwd]
) -> None:
    session = product.running(user=people[0].pw_name)

    path = f"code/?folder={drive_of(product, session)}"
    wait_for(
        lambda: call_lab(product, session, "GET", path).status_code == 200,
        seconds=60,
        every=0.5,
        what="VS Code",
    )
    commands = {
        pid: Path(f"/proc/{pid}/cmdline").read_bytes()
        for pid in processes_of(product, session["id"])
    }
    mine = [pid for pid, command in commands.items() if b"code-server" in command]
    assert mine
    assert {status_of(pid)["Uid"][0] for pid in mine} == {str(people[0].pw_uid)}
    left = [path.lstat() for path in Path(tempfile.gettempdir()).iterdir()]
    theirs = [one for one in left if one.st_uid == people[0].pw_uid]
    assert theirs
    assert [one for one in theirs if one.st_mode & 0o077] == []


def test_another_interpreter_is_its_owners_process_too(
    product: Product, people: list[pwd.struct_passwd]
) -> None:
    session = product.running(user=people[1].pw_name, environment="other")
    assert call_lab(product, session, "GET", "api/status").status_code == 200
    for pid in processes_of(product, session["id"]):
        assert set(status_of(pid)["Uid"]) == {str(people[1].pw_uid)}
        assert status_of(pid)["NoNewPrivs"] == ["1"]


def test_a_stop_ends_the_whole_tree_of_a_system_user(
    product: Product, people: list[pwd.struct_passwd]
) -> None:
    person = people[0]
    session = product.running(user=person.pw_name)
    assert call_lab(product, session, "POST", "api/kernels", {}).status_code == 201
    assert call_lab(product, session, "POST", "api/terminals", {}).status_code == 200
    assert len(processes_with(person.pw_uid)) >= 2
    product.api("POST", f"sessions/{session['id']}/stop", user=person.pw_name, expect=202)
    product.wait_state(session["id"], "stopped", user=person.pw_name)
    assert processes_with(person.pw_uid) == []
