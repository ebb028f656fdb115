"""Paths inside a session that a request may name."""

from __future__ import annotations

import posixpath
import unicodedata
from typing import Final

_MOST_BYTES: Final = 255  # of a name in Linux file systems
_SYSTEM: Final = ("proc", "sys", "dev", "etc", "usr", "bin", "sbin", "lib", "lib64", "boot", "run")


def check_mount_path(path: str) -> str:
    """Return the normalised path, relative to the session's home.

    Raises `ValueError` for absolute and dotted paths, parents, the home folder itself, backslashes,
    colons (a cluster mounts nothing there) and control characters (security decision 16).
    """
    if "\\" in path or ":" in path or any(_is_invisible(char) for char in path):
        raise ValueError("Use a path without control characters, backslashes or colons.")
    if len(path.encode("utf-8", "surrogatepass")) > _MOST_BYTES:
        raise ValueError(f"Use a path of at most {_MOST_BYTES} bytes.")
    if path.startswith("/"):
        raise ValueError("Use a path inside the home folder, without a slash in front.")
    normal = posixpath.normpath(path)
    parts = normal.split("/")
    if not all(part.strip() for part in parts):
        raise ValueError("Leave out folders whose name is blank.")
    if normal == "." or ".." in path.split("/"):
        raise ValueError("Name a folder inside the home folder, without ‘..’.")
    if any(part.startswith(".") for part in parts):
        raise ValueError("Leave out folders whose name starts with a dot.")
    if parts[0] in _SYSTEM:
        raise ValueError(f"‘{parts[0]}’ is a system folder; choose another path.")
    return normal


def _is_invisible(char: str) -> bool:
    """Tell whether a character is a control, format, surrogate or line break character."""
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def is_inside(path: str, folder: str) -> bool:
    """Tell whether a normalised path is a folder itself or lies in it."""
    return path == folder or path.startswith(f"{folder}/")
