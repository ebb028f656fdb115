"""What the machine must have already: Python's venv, Node, and Debian's packages."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .programs import run
from .steps import Trouble, say

NODE_FLOOR = (20, 19)


@dataclass(frozen=True)
class DebianPackage:
    """A Debian package, and a sign by which its content is known, wherever it came from."""

    name: str
    programs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def is_there(self) -> bool:
        """Tell whether a program or file of it exists."""
        if any(shutil.which(program) for program in self.programs):
            return True
        return any(any(Path("/").glob(pattern)) for pattern in self.files)


COMPILER = DebianPackage("build-essential", programs=("g++",))
KERBEROS = DebianPackage("libkrb5-dev", files=("usr/include/gssapi/gssapi.h",))
CHROMIUM = DebianPackage("chromium", programs=("chromium", "chromium-browser", "google-chrome"))
POSTGRESQL = DebianPackage(
    "postgresql", programs=("initdb",), files=("usr/lib/postgresql/*/bin/initdb",)
)


def under_ci() -> bool:
    """Tell whether a missing part is a failure (`CI=true`) instead of a skipped test."""
    return os.environ.get("CI", "").lower() in {"true", "1"}


def check_python() -> None:
    """Refuse a Python that cannot make virtual environments.

    Raises:
        Trouble: with Debian's package to install.
    """
    if importlib.util.find_spec("ensurepip") is None:
        raise Trouble(
            "This Python cannot make virtual environments: install Debian's python3-venv, or "
            "name another Python with make PYTHON=..."
        )


@functools.cache
def check_node() -> str:
    """Return Node's version, for example "v20.20.2".

    Raises:
        Trouble: when node or npm is missing or too old.
    """
    wanted = ".".join(map(str, NODE_FLOOR))
    if not (shutil.which("node") and shutil.which("npm")):
        raise Trouble(
            f"Node.js {wanted} or newer with npm is needed, and is not on PATH. "
            "Install it (on Debian 13: apt-get install nodejs npm), then run the same command."
        )
    version = subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    numbers = tuple(int(number) for number in version.lstrip("v").split("-")[0].split(".")[:2])
    if numbers < NODE_FLOOR:
        raise Trouble(f"Node.js {version} is too old: {wanted} or newer is needed.")
    return version


def try_install(*wanted: DebianPackage) -> list[DebianPackage]:
    """Install the Debian packages that are missing, if it may be done; return what still is."""
    missing = [package for package in wanted if not package.is_there()]
    if not missing or not _may_install():
        return missing
    names = [package.name for package in missing]
    doing = f"installing Debian's {', '.join(names)}"
    say(f"{doing} ...")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(["apt-get", "update"], log="apt-update", doing="apt-get update", env=quiet)
        run(
            ["apt-get", "install", "--yes", "--no-install-recommends", *names],
            log="apt-install",
            doing=doing,
            env=quiet,
        )
    except Trouble as trouble:
        say(str(trouble))
    return [package for package in wanted if not package.is_there()]


def advice_for(missing: list[DebianPackage]) -> str:
    """Return the command that installs missing packages."""
    return "apt-get install " + " ".join(package.name for package in missing) + "   (as root)"


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None
