"""The outside of a cluster: make its files, start the process that holds it, end it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from .certificates import make_certificates
from .node import CABLE
from .node_files import write_node_files
from .place import Place, choose_place, find_place
from .seed import lay_out, write_whole

_CHECKOUT: Final = Path(__file__).resolve().parents[2]
_NAMESPACES: Final = ("--pid", "--mount", "--net", "--uts", "--ipc")
_READY_SECONDS: Final = 120
_END_SECONDS: Final = 20
_CGROUPS: Final = Path("/sys/fs/cgroup")
# What this process has started, by its holder: it is collected when that has ended.
_started: dict[int, subprocess.Popen[bytes]] = {}


class ClusterError(Exception):
    """A cluster cannot be had; the message says why."""


def why_impossible() -> str:
    """Return why this machine can never hold a cluster, in a sentence; empty if it can."""
    if sys.platform != "linux":
        return "A cluster needs Linux."
    if os.geteuid() != 0:
        return "A cluster needs root: it makes namespaces, mounts and a network."
    tried = ["unshare", *_NAMESPACES, "--fork", "--mount-proc", "mount", "-t", "tmpfs", "x", "/run"]
    try:
        done = subprocess.run(tried, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "A cluster needs the program unshare, of Debian's util-linux."
    if done.returncode:
        said = done.stderr.strip() or f"exit code {done.returncode}"
        return f"A cluster needs namespaces of its own, which are refused here: {said}."
    return ""


def begin(
    folder: Path, programs: Path, *, seed: Path | None = None, ends_with_us: bool = False
) -> Place:
    """Start a cluster in a folder and return its place once pods can run.

    It has the images of the `seed` from its beginning. With `ends_with_us` it ends when the calling
    process does, however that is. Raises `ClusterError`; nothing is left running then.
    """
    if why := why_impossible():
        raise ClusterError(why)
    if is_running(folder):
        raise ClusterError(f"There is a cluster in {folder} already.")
    clear_away(folder)
    place = _prepare(folder)
    try:
        if seed is not None:
            lay_out(seed.resolve(), place.own_folder("/var/lib/containerd"))
        holder = _start_holder(place, programs, ends_with_us)
        _connect(place, holder)
        _wait_until_ready(place, holder)
    except BaseException:
        end(folder)
        raise
    return place


def end(folder: Path) -> None:
    """End the cluster of a folder, if there is one, and remove what it kept."""
    holder = _holder_of(folder)
    if holder is not None:
        os.kill(holder, signal.SIGKILL)
        _wait_for_end(holder)
        if holder in _started:
            _started.pop(holder).wait(_END_SECONDS)
    clear_away(folder)


def import_image(folder: Path, archive: Path) -> None:
    """Give the cluster the image of an OCI archive, by the name in it. Raises `ClusterError`.

    An archive beside a `seed` holds its image's last layer alone. A cluster that did not begin with
    the seed gets the image whole, which takes as long as it is large.
    """
    holder = _holder_of(folder)
    if holder is None:
        raise ClusterError(f"There is no cluster in {folder}.")
    why = _try_import(holder, archive)
    seed = archive.with_name("seed")
    if why and seed.exists():
        with tempfile.TemporaryDirectory() as whole:
            write_whole(archive, seed, Path(whole, archive.name))
            why = _try_import(holder, Path(whole, archive.name))
    if why:
        raise ClusterError(f"the image cannot be imported: {why}")


def _try_import(holder: int, archive: Path) -> str:
    """Import an image into the cluster of a process; return what was wrong, empty if nothing."""
    inside = ("nsenter", f"--target={holder}", "--mount", "--net", "--pid")
    ctr = ("ctr", "--namespace=k8s.io", "images", "import", "--all-platforms", str(archive))
    done = subprocess.run([*inside, *ctr], capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""


def is_running(folder: Path) -> bool:
    """Tell whether a cluster of this folder runs."""
    return _holder_of(folder) is not None


def clear_away(folder: Path) -> None:
    """Remove what a cluster that has ended left: its cgroups and its folder."""
    place = find_place(folder)
    if place is None:
        return
    subprocess.run(["ip", "link", "delete", place.name], capture_output=True, check=False)
    for controller in _controllers():
        _remove_cgroup(controller / place.name)
    shutil.rmtree(folder)


def _prepare(folder: Path) -> Place:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ClusterError(f"{folder} holds something else; name an empty folder.")
    place = choose_place(folder)
    place.keep()
    place.logs.mkdir()
    (folder / "volumes").mkdir()
    make_certificates(place)
    write_node_files(place)
    for controller in _controllers():
        _make_cgroup(controller / place.name)
    return place


def _start_holder(place: Place, programs: Path, ends_with_us: bool) -> int:
    """Start process 1 of the cluster's namespaces and return its number outside of them."""
    with (place.logs / "node.log").open("ab") as log:
        unshare = subprocess.Popen(
            [
                "unshare",
                *_NAMESPACES,
                *("--fork", "--kill-child", "--mount-proc"),
                *(sys.executable, "-m", "tools.cluster.node", str(place.folder), str(programs)),
            ],
            cwd=_CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent if ends_with_us else None,  # noqa: PLW1509
        )
    deadline = time.monotonic() + 10
    children = Path(f"/proc/{unshare.pid}/task/{unshare.pid}/children")
    while not (found := children.read_text().split()):
        if unshare.poll() is not None or time.monotonic() > deadline:
            raise ClusterError(f"its namespaces cannot be made: {_last_lines(place, 'node')}")
        time.sleep(0.01)
    holder = int(found[0])
    _started[holder] = unshare
    note = {"pid": holder, "started": _started_at(holder)}
    place.holder_note.write_text(json.dumps(note))
    return holder


def _connect(place: Place, holder: int) -> None:
    """Lay the cable between the machine and the node, and the way to the pods behind it."""
    for line in (
        f"link add {place.name} type veth peer name {CABLE} netns {holder}",
        f"address add {place.host_address}/30 dev {place.name}",
        f"link set {place.name} up",
        f"route add {place.pod_range} via {place.node_address}",
        f"route add {place.service_range} via {place.node_address}",
    ):
        done = subprocess.run(["ip", *line.split()], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ClusterError(f"ip {line}: {done.stderr.strip()}")


def _wait_until_ready(place: Place, holder: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not place.ready_note.exists():
        if not _is_alive(holder):
            raise ClusterError(f"it did not come up: {_last_lines(place, 'node')}")
        if time.monotonic() > deadline:
            raise ClusterError(f"it is not ready after {_READY_SECONDS} s; see {place.logs}")
        time.sleep(0.05)


def _holder_of(folder: Path) -> int | None:
    """Return the process that holds the cluster; numbers that came back are told by their start."""
    try:
        note = json.loads((folder / "holder.json").read_text())
    except FileNotFoundError:
        return None
    pid: int = note["pid"]
    return pid if _is_alive(pid) and _started_at(pid) == note["started"] else None


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + _END_SECONDS
    while _is_alive(pid):
        if time.monotonic() > deadline:
            raise ClusterError(f"process {pid} does not end")
        time.sleep(0.02)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _started_at(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


def _last_lines(place: Place, name: str) -> str:
    return " ".join((place.logs / f"{name}.log").read_text().splitlines()[-5:])


def _die_with_parent() -> None:
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)


def _controllers() -> list[Path]:
    """Return the roots of the cgroup hierarchies: one on version 2, one a controller on 1."""
    if (_CGROUPS / "cgroup.controllers").exists():
        return [_CGROUPS]
    return [one for one in _CGROUPS.iterdir() if (one / "cgroup.procs").exists()]


def _make_cgroup(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("cpuset.cpus", "cpuset.mems"):
        inherited = folder.parent / name
        if (folder / name).exists() and inherited.exists():
            (folder / name).write_text(inherited.read_text())


def _remove_cgroup(folder: Path) -> None:
    if not folder.is_dir():
        return
    for path, _folders, _files in os.walk(folder, topdown=False):
        for _attempt in range(50):
            try:
                Path(path).rmdir()
                break
            except FileNotFoundError:
                break
            except OSError:
                time.sleep(0.02)  # its last processes are being buried
