"""The session image for a cluster: our Dockerfile's dependencies, the wheel as a layer on top."""

from __future__ import annotations

import json
import re
import resource
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tools.bootstrap.machine import DebianPackage, advice_for, try_install
from tools.bootstrap.places import BUILD, CHECKOUT, cache_folder
from tools.bootstrap.programs import run
from tools.bootstrap.python_packages import HUB_6
from tools.bootstrap.steps import Step, Trouble, digest, made_aside

from .images import read_base, write_layered
from .seed import make_seed
from .wheel_layer import make_wheel_layer

NAME: Final = "localhost/sessions/session:1"
SOURCES: Final = CHECKOUT / "deploy" / "session-image"
DEBIAN: Final = (
    DebianPackage("debootstrap", programs=("debootstrap",)),
    DebianPackage("podman", programs=("podman",)),
)
_SUITE: Final = "bookworm"
_PYTHON: Final = "3.11"  # that suite's
_PACKAGES: Final = "ca-certificates,git,openssh-client,procps,python3,python3-pip,python3-venv"
_BASE: Final = "localhost/sessions/base:1"
_DEPENDENCIES: Final = "localhost/sessions/dependencies:1"
# Debian's podman takes over limits that it cannot set for what it builds.
_LIMITS: Final = ((resource.RLIMIT_NOFILE, 65536), (resource.RLIMIT_NPROC, 30000))


def ensure_session_image(wheel: Path) -> Path:
    """Have the image with a wheel in it: an OCI archive of the wheel's layer alone.

    Beside it, `seed` is what a cluster begins with, so that it has the other layers.

    Raises:
        Trouble: when it cannot be built.
    """
    dependencies = ensure_dependencies()
    folder = BUILD / "session-image"
    key = digest(wheel, str(dependencies), Path(__file__).with_name("wheel_layer.py"))
    doing = "putting the wheel on the session image"

    def carry_out() -> None:
        base = json.loads((dependencies / "base.json").read_text())
        with made_aside(folder) as aside:
            layer = make_wheel_layer(wheel, _PYTHON)
            write_layered(aside / "session.tar", NAME, base, layer)
            (aside / "seed").symlink_to(dependencies / "seed")

    stamp = folder / ".made-from"
    Step(doing=doing, key=key, product=folder, stamp=stamp, carry_out=carry_out).ensure()
    return folder / "session.tar"


def ensure_dependencies() -> Path:
    """Have all of the image but the wheel, unpacked for clusters, and return its folder.

    It holds `seed` and `base.json`.

    Raises:
        Trouble: when it cannot be built.
    """
    if missing := try_install(*DEBIAN):
        raise Trouble(f"The session image needs Debian's packages: {advice_for(missing)}")
    base = ensure_base()
    constraints, wanted = locked_dependencies()
    unpacked_by = Path(__file__).with_name("seed.py")
    key = digest(SOURCES / "Dockerfile", constraints, wanted, base.parent.name, unpacked_by)
    folder = cache_folder() / "images" / f"dependencies-{key[:16]}"
    doing = "building the session image's dependencies"

    def carry_out() -> None:
        with made_aside(folder) as aside, tempfile.TemporaryDirectory() as context:
            fill_context(Path(context))
            archive = aside / "dependencies.tar"
            _build(Path(context), base, archive, doing)
            (aside / "base.json").write_text(json.dumps(read_base(archive)))
            make_seed(archive, aside / "seed")
            archive.unlink()

    stamp = folder / ".made-from"
    Step(doing=doing, key=key, product=folder, stamp=stamp, carry_out=carry_out).ensure()
    return folder


def locked_dependencies() -> tuple[str, str]:
    """Return the image's constraints (versions as locked, without hashes) and its requirements."""
    locked = [
        re.sub(r"\s*\\$", "", line)
        for line in HUB_6.lock.read_text().splitlines()
        if line and line[0] not in " #-"
    ]
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["lab"]]
    return "\n".join(locked) + "\n", "\n".join(wanted) + "\n"


def fill_context(context: Path, wheel: Path | None = None, code_server: Path | None = None) -> None:
    """Put together what the Dockerfile copies; without a wheel its last stage cannot be built."""
    constraints, wanted = locked_dependencies()
    (context / "constraints.txt").write_text(constraints)
    (context / "lab.txt").write_text(wanted)
    if wheel is not None:
        shutil.copy(wheel, context)
    vscode = context / "vscode"
    if code_server is None:
        vscode.mkdir()
    else:
        shutil.copytree(code_server, vscode, symlinks=True)
        vscode.chmod(0o755)  # a folder of the cache is its owner's alone


def ensure_base() -> Path:
    """Have a small Debian with Python, as an archive of its files."""
    key = digest(_SUITE, _PACKAGES)
    folder = cache_folder() / "images" / f"base-{key[:16]}"
    doing = "installing Debian for the session image"

    def carry_out() -> None:
        with made_aside(folder) as aside:
            system = aside / "system"
            argv = ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", _SUITE, system]
            run(argv, log="debootstrap", doing=doing)
            shutil.rmtree(system / "var" / "cache" / "apt")
            shutil.rmtree(system / "var" / "lib" / "apt" / "lists")
            archive = ["tar", "--directory", system, "-cf", aside / "base.tar", "."]
            run(archive, log="debootstrap-tar", doing="packing it")
            shutil.rmtree(system)

    stamp = folder / ".made-from"
    Step(doing=doing, key=key, product=folder, stamp=stamp, carry_out=carry_out).ensure()
    return folder / "base.tar"


def _build(context: Path, base: Path, archive: Path, doing: str) -> None:
    """Build the Dockerfile's dependencies into an archive; podman's own store goes again."""
    store = archive.parent / "store"
    # Podman takes a short path only for what it keeps while it runs.
    with lower_limits(), tempfile.TemporaryDirectory() as running:
        podman = [
            "podman",
            f"--root={store}",
            f"--runroot={running}",
            "--runtime=runc",
            "--cgroup-manager=cgroupfs",
            "--storage-driver=overlay",
        ]
        run([*podman, "import", base, _BASE], log="image-base", doing=doing)
        # The machine's certificates, for a package registry behind one of its own.
        certificates = "--volume=/etc/ssl/certs:/etc/ssl/certs:ro"
        build = ["build", "--isolation=chroot", "--network=host", certificates]
        what = [f"--tag={_DEPENDENCIES}", "--target=dependencies", f"--build-arg=BASE={_BASE}"]
        argv = [*podman, *build, *what, f"--file={SOURCES / 'Dockerfile'}", context]
        run(argv, log="image-build", doing=doing)
        save = [*podman, "save", "--format=oci-archive", f"--output={archive}", _DEPENDENCIES]
        run(save, log="image-save", doing="saving the session image")
    shutil.rmtree(store)


@contextmanager
def lower_limits() -> Iterator[None]:
    """Lower the limits of what is started within."""
    before = [(kind, resource.getrlimit(kind)) for kind, _most in _LIMITS]
    for kind, most in _LIMITS:
        soft, hard = resource.getrlimit(kind)
        resource.setrlimit(
            kind, (most if soft == resource.RLIM_INFINITY else min(soft, most), hard)
        )
    try:
        yield
    finally:
        for kind, limits in before:
            resource.setrlimit(kind, limits)
