"""Limits of a session: which files of control groups are written, on both versions and on none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sessions_spawner.local import limits

GIB = 1 << 30
MEMORY_ALONE = "Memory is limited for each process by itself (to at least 512 MiB)"
NO_CPU = "The CPU limit is not applied"


class Groups:
    """A tree of control groups as plain files, and what the system tells of this process."""

    def __init__(self, folder: Path) -> None:
        self.proc = folder / "proc"
        self.mount = folder / "cgroup"
        self.proc.mkdir()
        self.mount.mkdir()

    def tell(self, groups: str, mounts: str) -> None:
        """Set what stands in `cgroup` and `mounts`."""
        (self.proc / "cgroup").write_text(groups)
        (self.proc / "mounts").write_text(f"proc /proc proc rw 0 0\n{mounts}")

    def version_two(self, own: str = "/", *, controllers: str = "cpu memory") -> Path:
        """Have one tree, with this process in `own`; return its folder."""
        folder = self.mount / own.lstrip("/")
        folder.mkdir(parents=True, exist_ok=True)
        for one in (folder, folder.parent):
            (one / "cgroup.subtree_control").write_text(controllers)
        self.tell(f"0::{own}\n", f"cgroup2 {self.mount} cgroup2 rw,nosuid 0 0\n")
        return folder

    def version_one(self, own: str = "/") -> None:
        """Have one tree a controller, with this process in `own` everywhere."""
        mounts = []
        for controller in ("cpu", "memory"):
            (self.mount / controller / own.lstrip("/")).mkdir(parents=True)
            mounts.append(f"cgroup {self.mount}/{controller} cgroup rw,{controller} 0 0\n")
        self.tell(f"2:memory:{own}\n1:cpu,cpuacct:{own}\n0::/\n", "".join(mounts))


@pytest.fixture
def groups(tmp_path: Path) -> Groups:
    return Groups(tmp_path)


def files_of(folder: Path) -> dict[str, str]:
    """Return the files of a group with what is in them."""
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_version_two_has_one_group_with_both_limits(groups: Groups) -> None:
    parent = groups.version_two("/user.slice")
    found = limits.prepare("session-1", 2 * GIB, 1.5, proc=groups.proc)
    assert found == limits.Limits((str(parent / "session-1"),), None, "")
    assert files_of(parent / "session-1") == {
        "memory.max": "2147483648",
        "cpu.max": "150000 100000",
    }


def test_version_two_hands_down_the_controllers_that_are_missing(groups: Groups) -> None:
    parent = groups.version_two(controllers="pids")
    assert limits.prepare("session-1", GIB, None, proc=groups.proc).cgroups
    assert (parent / "cgroup.subtree_control").read_text() == "+memory"


def test_a_hub_in_the_subgroup_of_its_own_gives_sessions_groups_beside_it(groups: Groups) -> None:
    own = groups.version_two(f"/system.slice/jupyterhub.service/{limits.OWN_SUBGROUP}")
    found = limits.prepare("session-1", GIB, 0.5, proc=groups.proc)
    assert found.cgroups == (str(own.parent / "session-1"),)
    assert files_of(own.parent / "session-1")["cpu.max"] == "50000 100000"
    assert not (own / "session-1").exists()


def test_version_one_has_a_group_for_each_limit(groups: Groups) -> None:
    groups.version_one("/docker/x")
    found = limits.prepare("session-1", GIB, 0.25, proc=groups.proc)
    memory = groups.mount / "memory/docker/x/session-1"
    cpu = groups.mount / "cpu/docker/x/session-1"
    assert found == limits.Limits((str(memory), str(cpu)), None, "")
    assert files_of(memory) == {"memory.limit_in_bytes": str(GIB)}
    assert files_of(cpu) == {"cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "25000"}


def test_a_group_that_this_system_does_not_show_is_looked_for_at_the_top(groups: Groups) -> None:
    groups.version_one()
    (groups.proc / "cgroup").write_text("2:memory:/of/the/host\n1:cpu:/of/the/host\n")
    found = limits.prepare("session-1", GIB, None, proc=groups.proc)
    assert found.cgroups == (str(groups.mount / "memory/session-1"),)


def no_groups(groups: Groups) -> None:
    groups.tell("", "")


def read_only_version_two(groups: Groups) -> None:
    # /proc takes no folders, root's included, as a read-only mount does.
    groups.tell("0::/\n", "cgroup2 /proc/self/fdinfo cgroup2 ro 0 0\n")


def read_only_version_one(groups: Groups) -> None:
    groups.tell(
        "2:memory:/\n1:cpu:/\n",
        "cgroup /proc/self/fdinfo cgroup ro,memory 0 0\ncgroup /proc/self/fdinfo cgroup ro,cpu 0 0",
    )


def no_controllers(groups: Groups) -> None:
    folder = groups.version_two(controllers="pids")
    (folder / "cgroup.subtree_control").unlink()
    (folder / "cgroup.subtree_control").mkdir()  # writing to it fails, as EBUSY does


@pytest.mark.parametrize(
    "system", [no_groups, read_only_version_two, read_only_version_one, no_controllers]
)
def test_without_writable_groups_each_process_is_limited_and_that_is_said(
    groups: Groups, system: Callable[[Groups], None]
) -> None:
    system(groups)
    found = limits.prepare("session-1", GIB, 1.0, proc=groups.proc)
    assert found.cgroups == ()
    assert found.data_bytes == GIB
    assert MEMORY_ALONE in found.sentence
    assert NO_CPU in found.sentence
    assert not (groups.mount / "session-1").exists()


def test_a_cpu_limit_that_fails_leaves_the_memory_limit(groups: Groups) -> None:
    parent = groups.version_two("/x")
    (parent / "session-1").mkdir()
    (parent / "session-1" / "cpu.max").mkdir()
    found = limits.prepare("session-1", GIB, 1.0, proc=groups.proc)
    assert found.cgroups == (str(parent / "session-1"),)
    assert found.data_bytes is None
    assert (parent / "session-1" / "memory.max").read_text() == str(GIB)
    assert found.sentence.startswith(NO_CPU)


def test_no_limit_makes_no_group(groups: Groups) -> None:
    parent = groups.version_two()
    assert limits.prepare("session-1", None, None, proc=groups.proc) == limits.Limits()
    assert not (parent / "session-1").exists()


@pytest.mark.parametrize("file", ["memory.events", "memory.oom_control"])
def test_kills_for_memory_are_counted_on_both_versions(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("oom 9\noom_kill_disable 0\noom_kill 2\n")
    assert limits.out_of_memory_kills((str(tmp_path), str(tmp_path / "gone"))) == 2


def test_members_of_groups_are_listed_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cgroup.procs").write_text("12\n7\n")
    assert limits.members((str(tmp_path / "a"), str(tmp_path / "b"), "/gone")) == [7, 12]
