"""The product's wheel as an image's layer: what `pip install` would put into the image."""

from __future__ import annotations

import py_compile
import sys
import tempfile
from pathlib import Path
from typing import Final

from tools.bootstrap.programs import run

from .images import make_layer

# Where the Dockerfile makes the image's environment.
HOME: Final = "/opt/session"


def make_wheel_layer(wheel: Path, python: str) -> bytes:
    """Return the layer of a wheel for an image whose Python is of a version, such as "3.11".

    Modules are compiled where this interpreter is of that version; others are read as they are.

    Raises:
        Trouble: when the wheel cannot be installed.
    """
    with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
        here = Path(folder)
        alone = ["--no-deps", "--no-index", "--no-compile", "--ignore-installed"]
        argv = [sys.executable, "-m", "pip", "install", *alone, f"--prefix={here}", wheel]
        run(argv, log="wheel-layer", doing="laying out the wheel")
        own = f"{sys.version_info.major}.{sys.version_info.minor}"
        for module in here.rglob("*.py") if own == python else ():
            _compile(module, _place_of(module, here, python))
        for script in (here / "bin").iterdir():
            _, _, rest = script.read_text().partition("\n")
            script.write_text(f"#!{HOME}/bin/python\n{rest}")
        files = [path for path in here.rglob("*") if path.is_file()]
        return make_layer({_place_of(path, here, python): path for path in files})


def _place_of(path: Path, folder: Path, python: str) -> str:
    """Return a file's path in the image, whose Python may be another than this machine's."""
    parts = list(path.relative_to(folder).parts)
    if parts[:1] == ["lib"]:
        parts[1] = f"python{python}"
    return "/".join((HOME, *parts))


def _compile(module: Path, shown: str) -> None:
    """Compile a module for good: its time in an image says nothing."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(module), dfile=shown, doraise=True, invalidation_mode=mode)
