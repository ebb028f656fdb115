"""The session image for a cluster: a Debian base, and our Dockerfile built on it by podman."""

from __future__ import annotations

import re
import resource
import shutil
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from tools.bootstrap.machine import DebianPackage, advice_for, try_install
from tools.bootstrap.places import CHECKOUT, cache_folder
from tools.bootstrap.programs import run
from tools.bootstrap.python_packages import HUB_6
from tools.bootstrap.steps import Step, Trouble, digest, made_aside

NAME: Final = "localhost/sessions/session:1"
DOCKERFILE: Final = CHECKOUT / "deploy" / "session-image" / "Dockerfile"
DEBIAN: Final = (
    DebianPackage("debootstrap", programs=("debootstrap",)),
    DebianPackage("podman", programs=("podman",)),
)
_SUITE: Final = "bookworm"
_PACKAGES: Final = "ca-certificates,git,openssh-client,procps,python3,python3-pip,python3-venv"
_BASE: Final = "localhost/sessions/base:1"
# Debian's podman takes over limits that it cannot set for what it builds.
_LIMITS: Final = ((resource.RLIMIT_NOFILE, 65536), (resource.RLIMIT_NPROC, 30000))


def ensure_session_image(wheel: Path) -> Path:
    """Have the image with a wheel in it, as an OCI archive.

    Raises:
        Trouble: when it cannot be built.
    """
    if missing := try_install(*DEBIAN):
        raise Trouble(f"The session image needs Debian's packages: {advice_for(missing)}")
    base = _ensure_base()
    key = digest(DOCKERFILE, HUB_6.lock, CHECKOUT / "pyproject.toml", wheel, base.parent.name)
    folder = cache_folder() / "images" / f"session-{key[:16]}"
    doing = "building the session image"

    def carry_out() -> None:
        with made_aside(folder) as aside, tempfile.TemporaryDirectory() as context:
            _fill_context(Path(context), wheel)
            _build(Path(context), base, aside / "session.tar", doing)

    stamp = folder / ".made-from"
    Step(doing=doing, key=key, product=folder, stamp=stamp, carry_out=carry_out).ensure()
    return folder / "session.tar"


def _ensure_base() -> Path:
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


def _fill_context(context: Path, wheel: Path) -> None:
    """Put together what the Dockerfile copies: versions as locked, and the wheel."""
    locked = [
        re.sub(r"\s*\\$", "", line)
        for line in HUB_6.lock.read_text().splitlines()
        if line and line[0] not in " #-"
    ]
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["lab"]]
    (context / "constraints.txt").write_text("\n".join(locked) + "\n")
    (context / "lab.txt").write_text("\n".join(wanted) + "\n")
    shutil.copy(wheel, context)


def _build(context: Path, base: Path, archive: Path, doing: str) -> None:
    store = cache_folder() / "images" / "store"
    podman = [
        "podman",
        f"--root={store}",
        f"--runroot={context / 'run'}",
        "--runtime=runc",
        "--cgroup-manager=cgroupfs",
        "--storage-driver=overlay",
    ]
    before = [(kind, resource.getrlimit(kind)) for kind, _most in _LIMITS]
    try:
        for kind, most in _LIMITS:
            soft, hard = resource.getrlimit(kind)
            lower = [
                most if one == resource.RLIM_INFINITY else min(one, most) for one in (soft, hard)
            ]
            resource.setrlimit(kind, (lower[0], hard))
        run([*podman, "import", base, _BASE], log="image-base", doing=doing)
        # The machine's certificates, for a package registry behind one of its own.
        certificates = "--volume=/etc/ssl/certs:/etc/ssl/certs:ro"
        build = ["build", "--isolation=chroot", "--network=host", certificates, f"--tag={NAME}"]
        argv = [*podman, *build, f"--build-arg=BASE={_BASE}", f"--file={DOCKERFILE}", context]
        run(argv, log="image-build", doing=doing)
        save = [*podman, "save", "--format=oci-archive", f"--output={archive}", NAME]
        run(save, log="image-save", doing="saving the session image")
    finally:
        for kind, limits in before:
            resource.setrlimit(kind, limits)
