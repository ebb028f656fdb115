"""Programs that were ended for want of memory are counted by the kernel, and kernels are named."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sessions_proxy.activity.kernels import Kernels
from sessions_proxy.activity.memory import (
    LONGEST_NAME,
    PATIENCE_LOOKS,
    Kills,
    MemoryWatch,
    find_counter,
    read_count,
)

POD = {"SESSIONS_OWN_NETWORK": "1"}
OWN = "/hub/session-17-123456"


class Groups:
    """A tree of control groups as plain files, and what the system tells of this process."""

    def __init__(self, folder: Path) -> None:
        self.proc = folder / "proc"
        self.mount = folder / "cgroup"
        self.proc.mkdir()

    def version_one(self, own: str, *, shown: str | None = None) -> Path:
        """Have this process in `own`, which is found at `shown` below the mount."""
        made = self._make("memory.oom_control", own if shown is None else shown)
        self._tell(f"4:memory:{own}\n0::/\n", f"cgroup {self.mount} cgroup rw,memory 0 0\n")
        return made

    def version_two(self, own: str) -> Path:
        made = self._make("memory.events", own)
        self._tell(f"0::{own}\n", f"cgroup2 {self.mount} cgroup2 rw,nosuid 0 0\n")
        return made

    def _make(self, name: str, own: str) -> Path:
        folder = self.mount / own.lstrip("/")
        folder.mkdir(parents=True)
        (folder / name).write_text("oom 4\noom_kill 0\noom_group_kill 2\n")
        return folder / name

    def _tell(self, groups: str, mounts: str) -> None:
        (self.proc / "cgroup").write_text(groups)
        (self.proc / "mounts").write_text(f"proc /proc proc rw 0 0\n{mounts}")


@pytest.fixture
def groups(tmp_path: Path) -> Groups:
    return Groups(tmp_path)


def test_a_local_session_with_a_limit_has_a_group_of_its_own(groups: Groups) -> None:
    counter = groups.version_one(OWN)
    assert find_counter({}, groups.proc) == counter


def test_version_two_counts_in_another_file(groups: Groups) -> None:
    counter = groups.version_two(OWN)
    assert find_counter({}, groups.proc) == counter


@pytest.mark.parametrize("shared", ["/", "/user.slice/session-3.scope", "/hub/session-17-1.x"])
def test_kills_in_a_group_with_other_programs_are_not_this_sessions(
    groups: Groups, shared: str
) -> None:
    groups.version_two(shared)
    assert find_counter({}, groups.proc) is None


def test_a_pods_container_has_its_group_wherever_it_is_mounted(groups: Groups) -> None:
    counter = groups.version_one("/kubepods/pod1/c1", shown="/")
    assert find_counter(POD, groups.proc) == counter


def test_a_system_without_control_groups_counts_nothing(groups: Groups) -> None:
    assert find_counter(POD, groups.proc) is None
    groups._tell("0::/\n", "")
    assert find_counter(POD, groups.proc) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("oom_kill_disable 0\nunder_oom 0\noom_kill 7\n", 7),
        ("oom 9\noom_kill 2\noom_group_kill 0\n", 2),
        ("oom 9\n", None),
        ("oom_kill\n", None),
        ("oom_kill many\n", None),
        ("", None),
    ],
)
def test_the_count_is_read_from_both_versions_files(
    tmp_path: Path, text: str, count: int | None
) -> None:
    (tmp_path / "counter").write_text(text)
    assert read_count(tmp_path / "counter") == count
    assert read_count(tmp_path / "away") is None


@dataclass
class Provisioner:
    pid: int | None


@dataclass
class RunningKernel:
    """A kernel as the Jupyter server's manager has it."""

    provisioner: Provisioner | None
    alive: bool = True

    async def is_alive(self) -> bool:
        return self.alive


@dataclass
class Manager(dict[str, RunningKernel]):
    """The kernels of a server, by id."""

    def get_kernel(self, kernel_id: str) -> RunningKernel:
        return self[kernel_id]


@dataclass
class World:
    """A session with kernels, and the file in which the system counts."""

    counter: Path
    kernels: Kernels = field(default_factory=lambda: Kernels(Manager(), None))

    def count(self, number: int) -> None:
        self.counter.write_text(f"oom_kill {number}\n")

    def start(self, name: str, pid: int) -> RunningKernel:
        """Have a kernel of a notebook in a process."""
        kernel = RunningKernel(Provisioner(pid))
        self.manager[name] = kernel
        self.kernels.names = {**self.kernels.names, name: name}
        return kernel

    @property
    def manager(self) -> Any:
        return self.kernels.kernel_manager

    def watch(self) -> MemoryWatch:
        return MemoryWatch(self.counter, self.kernels)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "counter")
    world.count(0)
    return world


async def test_a_kernel_that_has_died_is_named_at_once(world: World) -> None:
    watch = world.watch()
    train = world.start("train.ipynb", 11)
    world.start("other.ipynb", 12)
    assert await watch.look() == Kills(0)
    train.alive = False
    assert await watch.look() == Kills(0), "it may have ended by itself"
    train.alive = True
    await watch.look()
    world.count(1)
    train.alive = False
    assert await watch.look() == Kills(1, ("train.ipynb",))
    train.alive = True
    assert await watch.look() == Kills(1, ("train.ipynb",))


async def test_a_kernel_that_was_started_again_already_has_another_process(world: World) -> None:
    watch = world.watch()
    train = world.start("train.ipynb", 11)
    await watch.look()
    world.count(1)
    train.provisioner = Provisioner(12)
    assert await watch.look() == Kills(1, ("train.ipynb",))


async def test_a_kernel_that_lived_between_two_looks_is_named_and_one_gone_before_is_not(
    world: World,
) -> None:
    watch = world.watch()
    world.start("ended by itself.ipynb", 10).alive = False
    await watch.look()
    world.start("train.ipynb", 11).alive = False
    world.count(1)
    assert await watch.look() == Kills(1, ("train.ipynb",))


async def test_a_kernel_may_need_a_moment_to_be_gone(world: World) -> None:
    watch = world.watch()
    train = world.start("train.ipynb", 11)
    await watch.look()
    world.count(1)
    assert await watch.look() == Kills(0)
    train.alive = False
    assert await watch.look() == Kills(1, ("train.ipynb",))


async def test_what_is_no_kernel_is_counted_without_a_name(world: World) -> None:
    watch = world.watch()
    world.start("train.ipynb", 11)
    await watch.look()
    world.count(1)
    for _look in range(PATIENCE_LOOKS - 1):
        assert await watch.look() == Kills(0)
    assert await watch.look() == Kills(1)


async def test_kernels_elsewhere_and_those_that_are_gone_are_left_out(world: World) -> None:
    watch = world.watch()
    world.start("elsewhere.ipynb", 11).provisioner = Provisioner(None)
    world.start("not yet.ipynb", 12).provisioner = None
    world.start("gone.ipynb", 13)
    del world.manager["gone.ipynb"]
    world.count(1)
    looks = [await watch.look() for _look in range(PATIENCE_LOOKS)]
    assert looks[-1] == Kills(1)


async def test_what_was_counted_before_is_told_by_whoever_comes_after(world: World) -> None:
    world.count(3)
    assert await world.watch().look() == Kills(3)


async def test_names_are_few_short_and_harmless(world: World) -> None:
    watch = world.watch()
    names = [f"a\u202e\n{number}" + "x" * 200 for number in range(5)]
    kernels = [world.start(name, pid) for pid, name in enumerate(names)]
    await watch.look()
    world.count(5)
    for kernel in kernels:
        kernel.alive = False
    kills = await watch.look()
    assert kills is not None
    assert [name[:3] for name in kills.kernels] == ["a0x", "a1x", "a2x"]
    assert {len(name) for name in kills.kernels} == {LONGEST_NAME}


async def test_without_a_counter_there_is_nothing_to_tell(world: World) -> None:
    assert await MemoryWatch(None, world.kernels).look() is None
    watch = world.watch()
    world.counter.unlink()
    assert await watch.look() is None
