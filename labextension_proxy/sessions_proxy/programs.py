"""The programs of the session's own environment, which come first on its PATH."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import MutableMapping
from pathlib import Path


def put_own_programs_first(environment: MutableMapping[str, str]) -> None:
    """Let `python`, `pip` and `jupyter` be those of this server's own environment.

    A virtual environment's program that is started by its full path does not put its folder on the
    PATH by itself. A PATH on which `python` is that one already is left as it is.
    """
    folder = str(Path(sys.executable).parent)
    path = environment.get("PATH") or os.defpath
    found = shutil.which("python", path=path)
    if found is None or str(Path(found).parent) != folder:
        environment["PATH"] = os.pathsep.join([folder, path])
