"""The programs of a cluster: built from their Go modules, once for their content."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tools.bootstrap.machine import DebianPackage, advice_for, try_install
from tools.bootstrap.places import cache_folder
from tools.bootstrap.programs import run
from tools.bootstrap.steps import Step, Trouble, digest, made_aside

from .images import write_image
from .node_files import PAUSE_IMAGE

SOURCES: Final = Path(__file__).parent / "programs"
GO_FLOOR: Final = (1, 26)

# Debian's part of the node; what is built is only what Debian lacks or has too old.
DEBIAN: Final = (
    DebianPackage("etcd-server", programs=("etcd",)),
    DebianPackage("containerd", programs=("containerd",)),
    DebianPackage("runc", programs=("runc",)),
    DebianPackage("containernetworking-plugins", files=("usr/lib/cni/bridge",)),
    DebianPackage("iptables", programs=("iptables",)),
    DebianPackage("conntrack", programs=("conntrack",)),
    DebianPackage("iproute2", programs=("ip",)),
)

# What the programs say of themselves; the API server refuses to start without a version.
_VERSION: Final = "k8s.io/component-base/version"
_KUBERNETES: Final = (
    f" -X {_VERSION}.gitVersion=v1.34.4 -X {_VERSION}.gitMajor=1 -X {_VERSION}.gitMinor=34"
)
_SNAPSHOTTER: Final = "github.com/kubernetes-csi/external-snapshotter"
# A module's folder, the packages that are built in it, and what the linker is told beside.
_MODULES: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    (
        "kubernetes",
        tuple(
            f"k8s.io/kubernetes/cmd/{name}"
            for name in (
                "kube-apiserver",
                "kube-controller-manager",
                "kube-proxy",
                "kube-scheduler",
                "kubectl",
                "kubelet",
            )
        ),
        _KUBERNETES,
    ),
    (
        "csi-provisioner",
        ("github.com/kubernetes-csi/external-provisioner/v6/cmd/csi-provisioner",),
        "",
    ),
    (
        "csi-snapshotter",
        (f"{_SNAPSHOTTER}/v8/cmd/csi-snapshotter", f"{_SNAPSHOTTER}/v8/cmd/snapshot-controller"),
        "",
    ),
    ("csi-resizer", ("github.com/kubernetes-csi/external-resizer/v2/cmd/csi-resizer",), ""),
    ("drives", (".",), ""),
    ("pause", (".",), ""),
)


def ensure_programs() -> Path:
    """Have all programs and return the folder that holds them.

    Raises:
        Trouble: when something cannot be had.
    """
    if missing := try_install(*DEBIAN):
        raise Trouble(f"A cluster needs Debian's packages: {advice_for(missing)}")
    version = _go_version()
    built = [
        _ensure_module(folder, packages, flags, version) for folder, packages, flags in _MODULES
    ]
    return _collect(built)


def _go_version() -> str:
    if shutil.which("go") is None:
        raise Trouble(
            "A cluster's programs are built with Go 1.24 or newer: install it from go.dev."
        )
    version = subprocess.run(
        ["go", "env", "GOVERSION"], capture_output=True, text=True, check=True, cwd="/"
    ).stdout.strip()
    numbers = tuple(int(part) for part in version.removeprefix("go").split(".")[:2])
    if numbers < GO_FLOOR:
        raise Trouble(f"Go {version} is too old: 1.26 or newer is needed.")
    return version


def _ensure_module(name: str, packages: tuple[str, ...], flags: str, go_version: str) -> Path:
    """Have the programs of one module, and return their folder in the cache."""
    sources = SOURCES / name
    key = digest(sources, flags, go_version)
    folder = cache_folder() / "cluster" / f"{name}-{key[:16]}"
    doing = f"building {name} for the cluster"

    def carry_out() -> None:
        with made_aside(folder) as aside:
            linker = f"-s -w{flags}"
            plain = ("-trimpath", "-buildvcs=false", "-ldflags", linker)
            argv = ["go", "build", *plain, "-o", f"{aside}{os.sep}"]
            env = {"CGO_ENABLED": "0", "GOWORK": "off"}
            run([*argv, *packages], log=f"go-{name}", doing=doing, cwd=sources, env=env)
            _add_files(name, sources, aside)

    stamp = folder / ".made-from"
    Step(doing=doing, key=key, product=folder, stamp=stamp, carry_out=carry_out).ensure()
    return folder


def _add_files(name: str, sources: Path, folder: Path) -> None:
    """Put beside a module's programs what the cluster needs of it besides."""
    if name == "csi-snapshotter":
        _copy_definitions(sources, folder / "snapshots")
    if name == "pause":
        write_image(folder / "pause.tar", PAUSE_IMAGE, {"/pause": folder / "pause"}, ["/pause"])


def _copy_definitions(sources: Path, into: Path) -> None:
    """Keep the definitions of snapshots, which come with the client's module."""
    listed = subprocess.run(
        ["go", "list", "-m", "-json", f"{_SNAPSHOTTER}/client/v8"],
        capture_output=True,
        text=True,
        check=True,
        cwd=sources,
    )
    module = Path(json.loads(listed.stdout)["Dir"])
    into.mkdir()
    for file in module.glob("config/crd/snapshot.storage.k8s.io_*.yaml"):
        (into / file.name).write_bytes(file.read_bytes())


def _collect(folders: list[Path]) -> Path:
    """Return one folder with links to all programs, named by what is in it."""
    key = digest(*(folder.name for folder in folders))
    together = cache_folder() / "cluster" / f"all-{key[:16]}"
    if not together.exists():
        with made_aside(together) as aside:
            for folder in folders:
                for entry in folder.iterdir():
                    if not entry.name.startswith("."):
                        (aside / entry.name).symlink_to(entry)
    return together
