"""Paths inside a session that a request may name."""

from __future__ import annotations

import posixpath

_SYSTEM = ("proc", "sys", "dev", "etc", "usr", "bin", "sbin", "lib", "lib64", "boot", "run")


def check_mount_path(path: str) -> str:
    """Return the normalised path, relative to the session's home.

    Raises `ValueError` for absolute and dotted paths, parents, the home folder itself, backslashes
    and control characters (security decision 16).
    """
    if not path or len(path) > 255 or any(ord(char) < 32 or char in "\\\x7f" for char in path):
        raise ValueError("Use a short path without control characters or backslashes.")
    if path.startswith("/"):
        raise ValueError("Use a path inside the home folder, without a slash in front.")
    normal = posixpath.normpath(path)
    parts = normal.split("/")
    if normal == "." or ".." in path.split("/"):
        raise ValueError("Name a folder inside the home folder, without ‘..’.")
    if any(part.startswith(".") for part in parts):
        raise ValueError("Leave out folders whose name starts with a dot.")
    if parts[0] in _SYSTEM:
        raise ValueError(f"‘{parts[0]}’ is a system folder; choose another path.")
    return normal
