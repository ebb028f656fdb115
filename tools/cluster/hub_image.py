"""The image of hub and service for a cluster, built by deploy/'s Dockerfile on a Debian base."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from tools.bootstrap.machine import advice_for, try_install
from tools.bootstrap.places import CHECKOUT, cache_folder
from tools.bootstrap.programs import run
from tools.bootstrap.python_packages import HUB_6
from tools.bootstrap.steps import Step, Trouble, digest, made_aside

from .session_image import DEBIAN, ensure_base, lower_limits

NAME: Final = "localhost/sessions/hub:1"
SOURCES: Final = CHECKOUT / "deploy" / "hub-image"
_BASE: Final = "localhost/sessions/base:1"


def ensure_hub_image(wheel: Path) -> Path:
    """Have the image with a wheel in it, and return its OCI archive.

    Raises:
        Trouble: when it cannot be built.
    """
    if missing := try_install(*DEBIAN):
        raise Trouble(f"The hub image needs Debian's packages: {advice_for(missing)}")
    base = ensure_base()
    key = digest(
        SOURCES / "Dockerfile",
        SOURCES / "requirements.py",
        HUB_6.lock,
        CHECKOUT / "pyproject.toml",
        wheel,
        base.parent.name,
    )
    folder = cache_folder() / "images" / "hub"
    doing = "building the hub image"

    def carry_out() -> None:
        with made_aside(folder) as aside, tempfile.TemporaryDirectory() as context:
            write = [sys.executable, SOURCES / "requirements.py", HUB_6.lock.stem, context]
            run(write, log="hub-image-context", doing=doing)
            shutil.copy(wheel, context)
            _build(Path(context), base, aside / "hub.tar", doing)

    stamp = folder / ".made-from"
    Step(doing=doing, key=key, product=folder, stamp=stamp, carry_out=carry_out).ensure()
    return folder / "hub.tar"


def _build(context: Path, base: Path, archive: Path, doing: str) -> None:
    """Build the Dockerfile into an archive; podman's own store goes again."""
    store = archive.parent / "store"
    with lower_limits(), tempfile.TemporaryDirectory() as running:
        podman = ["podman", f"--root={store}", f"--runroot={running}", "--runtime=runc"]
        podman += ["--cgroup-manager=cgroupfs", "--storage-driver=overlay"]
        run([*podman, "import", base, _BASE], log="hub-image-base", doing=doing)
        # The machine's certificates, for a package registry behind one of its own; and Debian's
        # Python takes packages only when it is told to.
        build = ["build", "--isolation=chroot", "--network=host", f"--tag={NAME}"]
        build += ["--volume=/etc/ssl/certs:/etc/ssl/certs:ro", "--env=PIP_BREAK_SYSTEM_PACKAGES=1"]
        what = [f"--build-arg=BASE={_BASE}", f"--file={SOURCES / 'Dockerfile'}", context]
        run([*podman, *build, *what], log="hub-image-build", doing=doing)
        save = [*podman, "save", "--format=oci-archive", f"--output={archive}", NAME]
        run(save, log="hub-image-save", doing="saving the hub image")
    shutil.rmtree(store)
