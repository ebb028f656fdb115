"""Temporary system users, and programs that they may run: for tests that run as root."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .parts import find_code_server, find_open_python, is_open_to_others


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


def let_others_in(folder: Path) -> None:
    """Let every system user pass through a folder of a test and those that it lies in."""
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.getuid() and path != Path(tempfile.gettempdir()):
            path.chmod(path.stat().st_mode | 0o055)
        else:
            break


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
    system = find_open_python()
    assert system is not None, f"others cannot run {sys.executable}"
    if system == sys.executable:
        return system
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    made = folder / "python"
    subprocess.run([system, "-m", "venv", "--without-pip", "--symlinks", str(made)], check=True)
    packages = made / "lib" / version / "site-packages"
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    open_to_all = [str(tree_for_others(Path(path), folder)) for path in sorted(ours)]
    lines = [f"import site; site.addsitedir({path!r})" for path in open_to_all]
    (packages / "ours.pth").write_text("\n".join(lines))
    for shared in ("share", "etc"):
        if (Path(sys.prefix) / shared).is_dir():
            shutil.rmtree(made / shared, ignore_errors=True)
            (made / shared).symlink_to(tree_for_others(Path(sys.prefix) / shared, folder))
    return str(made / "bin" / "python")


def code_server_for_others(folder: Path) -> str:
    """Return code-server's program where other system users may run it; empty without one."""
    program = Path(find_code_server() or "").resolve()
    if not program.is_file():
        return ""
    return str(tree_for_others(program.parent, folder) / program.name)


def proxy_for_others(folder: Path) -> str:
    """Return configurable-http-proxy's program where other system users may run it."""
    found = shutil.which("configurable-http-proxy")
    assert found is not None
    return str(tree_for_others(Path(found).parents[1], folder) / ".bin" / Path(found).name)


def tree_for_others(tree: Path, folder: Path) -> Path:
    """Return a tree that other system users may read: itself, or a copy of it below `folder`.

    Homes, where caches lie, are closed to them. The copy has the same files, by hard links.
    """
    if is_open_to_others(tree):
        return tree
    copy = folder / "open" / tree.name  # Node looks for folders of this very name
    shutil.copytree(tree, copy, symlinks=True, copy_function=_link)
    copy.chmod(0o755)
    return copy


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
