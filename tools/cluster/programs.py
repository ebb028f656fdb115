"""The programs of a cluster: built from their Go modules, once for their content."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.bootstrap.machine import DebianPackage, advice_for, try_install
from tools.bootstrap.places import cache_folder
from tools.bootstrap.programs import run
from tools.bootstrap.steps import Step, Trouble, digest, made_aside

from .go import ensure_go, version_of
from .images import write_image
from .node_files import PAUSE_IMAGE

SOURCES: Final = Path(__file__).parent / "programs"

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
_CSI: Final = "github.com/kubernetes-csi"
_CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")
CLOUD_SQL_PROXY_IMAGE: Final = "localhost/sessions/cloud-sql-proxy:2.27.0"


@dataclass(frozen=True)
class Module:
    """A folder of `programs/`, the packages that are built in it, and what the linker is told."""

    name: str
    packages: tuple[str, ...]
    flags: str = ""


_KUBERNETES_COMMANDS: Final = (
    "kube-apiserver",
    "kube-controller-manager",
    "kube-proxy",
    "kube-scheduler",
    "kubectl",
    "kubelet",
)
# What every cluster runs.
NEEDED: Final = (
    Module(
        "kubernetes",
        tuple(f"k8s.io/kubernetes/cmd/{name}" for name in _KUBERNETES_COMMANDS),
        _KUBERNETES,
    ),
    Module(
        "csi",
        (
            f"{_CSI}/external-provisioner/v6/cmd/csi-provisioner",
            f"{_CSI}/external-resizer/v2/cmd/csi-resizer",
            f"{_CSI}/external-snapshotter/v8/cmd/csi-snapshotter",
            f"{_CSI}/external-snapshotter/v8/cmd/snapshot-controller",
        ),
    ),
    Module("drives", (".",)),
    Module("pause", (".",)),
)
# What single tests need besides.
ON_DEMAND: Final = (
    Module("kwok", ("sigs.k8s.io/kwok/cmd/kwok",)),
    Module("cloud-sql-proxy", ("github.com/GoogleCloudPlatform/cloud-sql-proxy/v2",)),
)


def ensure_programs() -> Path:
    """Have all programs of a cluster and return the folder that holds them.

    Raises:
        Trouble: when something cannot be had.
    """
    if missing := try_install(*DEBIAN):
        raise Trouble(f"A cluster needs Debian's packages: {advice_for(missing)}")
    return _collect([_ensure_module(module) for module in NEEDED])


def ensure_module(name: str) -> Path:
    """Have the programs of one module, one that is built on demand too; return their folder.

    Raises:
        Trouble: when it cannot be built, or there is none of that name.
    """
    known = {module.name: module for module in (*NEEDED, *ON_DEMAND)}
    if name not in known:
        raise Trouble(f"There is no module {name}: choose from {', '.join(known)}.")
    return _ensure_module(known[name])


def _ensure_module(module: Module) -> Path:
    """Have the programs of one module, and return their folder in the cache."""
    sources = SOURCES / module.name
    go = ensure_go()
    key = digest(sources, module.flags, version_of(go))
    folder = cache_folder() / "cluster" / f"{module.name}-{key[:16]}"
    doing = f"building {module.name} for the cluster"

    def carry_out() -> None:
        with made_aside(folder) as aside:
            linker = f"-s -w{module.flags}"
            plain = ("-trimpath", "-buildvcs=false", "-ldflags", linker)
            argv = [go, "build", *plain, "-o", f"{aside}{os.sep}", *module.packages]
            env = {"CGO_ENABLED": "0", "GOWORK": "off"}
            run(argv, log=f"go-{module.name}", doing=doing, cwd=sources, env=env)
            _add_files(module.name, sources, aside)

    stamp = folder / ".made-from"
    Step(doing=doing, key=key, product=folder, stamp=stamp, carry_out=carry_out).ensure()
    return folder


def _add_files(name: str, sources: Path, folder: Path) -> None:
    """Put beside a module's programs what the cluster needs of it besides."""
    if name == "csi":
        # The definitions of snapshots come with the client's module.
        module = _sources_of(f"{_CSI}/external-snapshotter/client/v8", sources)
        definitions = module.glob("config/crd/snapshot.storage.k8s.io_*.yaml")
        _copy(definitions, folder / "snapshots")
    if name == "kwok":
        stages = _sources_of("sigs.k8s.io/kwok", sources) / "kustomize" / "stage"
        for chosen in ("node/fast", "node/heartbeat-with-lease", "pod/fast", "pod/general"):
            found = (stages / chosen).glob(f"{chosen.partition('/')[0]}-*.yaml")
            _copy(found, folder / "stages" / chosen)
    if name == "pause":
        write_image(folder / "pause.tar", PAUSE_IMAGE, {"/pause": folder / "pause"}, ["/pause"])
    if name == "cloud-sql-proxy":
        program = f"/{name}"
        files = {program: folder / name, str(_CERTIFICATES): _CERTIFICATES}
        archive = folder / f"{name}.tar"
        write_image(archive, CLOUD_SQL_PROXY_IMAGE, files, [program], user="65532:65532")


def _sources_of(module: str, within: Path) -> Path:
    """Return the folder of a module's sources in Go's cache."""
    argv = [ensure_go(), "list", "-m", "-json", module]
    listed = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=within)
    return Path(json.loads(listed.stdout)["Dir"])


def _copy(files: Iterable[Path], into: Path) -> None:
    into.mkdir(parents=True)
    for file in files:
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
