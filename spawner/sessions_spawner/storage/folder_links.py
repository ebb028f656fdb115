"""Extra drives of one machine: links in the home drive's folder, made with its owner's rights."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from .drives import DriveRefused
from .owner_rights import run_as_owner

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def link_drive(home: Path, path: str, target: Path) -> None:
    """Have a drive's folder appear at a path of the home drive's; a link to another drive goes.

    Folders on the way are made, no link on it is followed. Raises `DriveRefused` for a path where
    something else is, `OSError`.
    """
    _work_in(home, lambda folder: _link(folder, path, target))


def unlink_drive(home: Path, path: str, target: Path) -> None:
    """Take a drive's link away, if it is still this one. Raises `OSError`."""
    _work_in(home, lambda folder: _unlink(folder, path, target))


def _work_in(home: Path, work: Callable[[int], None]) -> None:
    folder = os.open(home, _FOLDER)
    try:
        run_as_owner(folder, lambda: work(folder))
    finally:
        os.close(folder)


def _link(home: int, path: str, target: Path) -> None:
    *way, name = path.split("/")
    folder = _walk(home, way, path, makes=True)
    try:
        try:
            os.symlink(target, name, dir_fd=folder)
        except FileExistsError:
            if not _is_link_to_drive(name, folder, target.parent):
                raise DriveRefused(f"‘{path}’ is there already; choose another path") from None
            fresh = f".{secrets.token_hex(8)}"
            os.symlink(target, fresh, dir_fd=folder)
            os.rename(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        os.close(folder)


def _unlink(home: int, path: str, target: Path) -> None:
    *way, name = path.split("/")
    try:
        folder = _walk(home, way, path, makes=False)
    except (DriveRefused, FileNotFoundError):
        return
    try:
        if os.readlink(name, dir_fd=folder) == str(target):
            os.unlink(name, dir_fd=folder)
    except OSError:
        pass  # it is something else now, or gone
    finally:
        os.close(folder)


def _walk(home: int, way: list[str], path: str, *, makes: bool) -> int:
    """Return an open folder below the home folder. Raises `DriveRefused`, `FileNotFoundError`."""
    folder = os.dup(home)
    for part in way:
        try:
            if makes and not _is_there(part, folder):
                os.mkdir(part, 0o755, dir_fd=folder)
            below = os.open(part, _FOLDER, dir_fd=folder)
        except (NotADirectoryError, FileExistsError):
            raise DriveRefused(f"‘{part}’ in ‘{path}’ is no folder; choose another path") from None
        finally:
            os.close(folder)
        folder = below
    return folder


def _is_there(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _is_link_to_drive(name: str, folder: int, root: Path) -> bool:
    try:
        return Path(os.readlink(name, dir_fd=folder)).parent == root
    except OSError:
        return False
