"""Temporary system users, and a Python that they may run: for tests that run as root."""

from __future__ import annotations

import contextlib
import pwd
import secrets
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .parts import is_open_to_others


@contextlib.contextmanager
def system_users(*names: str) -> Iterator[list[pwd.struct_passwd]]:
    """Make system users for the time of a `with` block; a random end keeps their names free."""
    made: list[str] = []
    try:
        for name in names:
            full = f"{name}-{secrets.token_hex(4)}"
            made.append(full)
            command = ["useradd", "--no-create-home", "--user-group", "--shell", "/bin/bash", full]
            subprocess.run(command, check=True, capture_output=True)
        yield [pwd.getpwnam(name) for name in made]
    finally:
        for name in made:
            _remove_left(name)
            # 6: there is none, since making it has failed.
            done = subprocess.run(["userdel", "--force", name], capture_output=True, check=False)
            assert done.returncode in (0, 6), done.stderr


def _remove_left(name: str) -> None:
    """Remove what a user has left in the folder for temporary files: sockets of ended sessions."""
    with contextlib.suppress(KeyError):
        uid = pwd.getpwnam(name).pw_uid
        for path in Path(tempfile.gettempdir()).iterdir():
            with contextlib.suppress(OSError):
                if path.lstat().st_uid == uid:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


def python_for_others(folder: Path) -> str:
    """Return a Python with all that is installed here, that other system users may run too.

    It is this one if they may; else the system's own of the same version, in an environment made
    in `folder` that reads our packages.
    """
    if is_open_to_others(Path(sys.executable).resolve().parent):
        return sys.executable
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    system = shutil.which(version, path="/usr/local/bin:/usr/bin:/bin")
    assert system is not None, f"others cannot run {sys.executable}, and there is no {version}"
    made = folder / "python"
    subprocess.run([system, "-m", "venv", "--without-pip", "--symlinks", str(made)], check=True)
    packages = made / "lib" / version / "site-packages"
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    lines = [f"import site; site.addsitedir({path!r})" for path in sorted(ours)]
    (packages / "ours.pth").write_text("\n".join(lines))
    for shared in ("share", "etc"):
        if (Path(sys.prefix) / shared).is_dir():
            shutil.rmtree(made / shared, ignore_errors=True)
            (made / shared).symlink_to(Path(sys.prefix) / shared)
    return str(made / "bin" / "python")
