"""Images that clusters have from their beginning: containerd's folder with them, made once.

Importing and unpacking a session's image takes a quarter of a minute, and each new cluster would
do it again. Unpacked layers are never written to, so all clusters may use the same ones.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Final

from tools.bootstrap.programs import run
from tools.bootstrap.steps import Trouble

_CONTENT: Final = Path("io.containerd.content.v1.content")
_SNAPSHOTS: Final = Path("io.containerd.snapshotter.v1.overlayfs")
_DATABASES: Final = (
    Path("io.containerd.metadata.v1.bolt/meta.db"),
    _SNAPSHOTS / "metadata.db",
)
_START_SECONDS: Final = 20
_CONFIGURATION: Final = """\
version = 2
root = "{root}"
state = "{run}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]

[grpc]
  address = "{run}/socket"
"""


def make_seed(archive: Path, into: Path) -> None:
    """Make containerd's folder with an archive's image in it, unpacked.

    Raises:
        Trouble: when containerd does not start or refuses the image.
    """
    with tempfile.TemporaryDirectory(prefix="seed-") as run_folder:
        here = Path(run_folder)
        (here / "containerd.toml").write_text(_CONFIGURATION.format(root=into, run=here))
        with (here / "log").open("wb") as log:
            # Its mounts are its own, so nothing is left mounted whatever becomes of it.
            containerd = subprocess.Popen(
                ["unshare", "--mount", "containerd", "--config", here / "containerd.toml"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            _wait_for(here / "socket", containerd)
            ctr = ["ctr", f"--address={here / 'socket'}", "--namespace=k8s.io"]
            argv = [*ctr, "images", "import", "--all-platforms", archive]
            run(argv, log="seed", doing="unpacking the session image")
        finally:
            containerd.terminate()
            containerd.wait()


def lay_out(seed: Path, root: Path) -> None:
    """Give a new cluster's containerd the images of a seed; nothing that is large is copied.

    Blobs are linked hard (copied to another file system). Unpacked layers stay in the seed: of
    them a link is removed at most.
    """
    for database in _DATABASES:
        (root / database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(seed / database, root / database)
    blobs = _CONTENT / "blobs" / "sha256"
    (root / blobs).mkdir(parents=True)
    (root / _CONTENT / "ingest").mkdir()
    for blob in (seed / blobs).iterdir():
        _link(blob, root / blobs / blob.name)
    (root / _SNAPSHOTS / "snapshots").mkdir(mode=0o700)
    for layer in (seed / _SNAPSHOTS / "snapshots").iterdir():
        (root / _SNAPSHOTS / "snapshots" / layer.name).symlink_to(layer)


def write_whole(archive: Path, seed: Path, into: Path) -> None:
    """Write the whole of an image whose archive has its last layer alone."""
    with tarfile.open(archive) as thin, tarfile.open(into, "w") as whole:
        for member in thin:
            whole.addfile(member, thin.extractfile(member))
        for blob in (seed / _CONTENT / "blobs" / "sha256").iterdir():
            whole.add(blob, f"blobs/sha256/{blob.name}")


def _link(file: Path, to: Path) -> None:
    try:
        os.link(file, to)
    except OSError:
        shutil.copyfile(file, to)


def _wait_for(socket: Path, containerd: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not socket.exists():
        if containerd.poll() is not None or time.monotonic() > deadline:
            said = (socket.parent / "log").read_text(errors="replace").splitlines()[-3:]
            raise Trouble(f"containerd does not start: {' '.join(said)}")
        time.sleep(0.05)
