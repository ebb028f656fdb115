"""Parts of the machine that some tests need: skipped by name where missing, failing under CI."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

MISSING = "missing part:"
UI = Path(__file__).resolve().parents[2] / "hub_service" / "ui"


def find_postgresql() -> Path | None:
    """Return the folder with PostgreSQL's programs, the newest version's; None if there is none."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(found, key=lambda path: int(path.parts[-3]))
    return newest[-1].parent if newest else None


def find_chromium() -> str | None:
    """Return Chromium's program, or that of `SESSIONS_CHROMIUM`; None if there is none."""
    names = (
        os.environ.get("SESSIONS_CHROMIUM", ""),
        "chromium",
        "chromium-browser",
        "google-chrome",
    )
    return next((found for name in names if name and (found := shutil.which(name))), None)


def find_code_server() -> str | None:
    """Return the program that starts code-server, named by `make test`; None if there is none."""
    return os.environ.get("SESSIONS_CODE_SERVER") or shutil.which("code-server")


def find_open_python() -> str | None:
    """Return a Python of this version that other system users may run; None if there is none."""
    if all(is_open_to_others(Path(path).parent) for path in (sys.executable, sys.prefix)):
        own = Path(sys.executable).resolve()
        if is_open_to_others(own.parent):
            return sys.executable
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return shutil.which(version, path="/usr/local/bin:/usr/bin:/bin")


def is_open_to_others(folder: Path) -> bool:
    """Tell whether other system users may pass through a folder and all above it."""
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))


def find_go() -> str | None:
    """Return Go's program, named by `make test` or on PATH; None if there is none."""
    return os.environ.get("SESSIONS_GO") or shutil.which("go")


@cache
def find_go_module(name: str) -> Path | None:
    """Return the folder of a Go module (`path@version`) in Go's cache; None if there is none.

    Go fetches a module that its cache does not have, which needs the network, within a minute.
    """
    go = find_go()
    if go is None:
        return None
    asked = [go, "mod", "download", "-json", name]
    try:
        ran = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        return None
    return Path(json.loads(ran.stdout)["Dir"]) if ran.returncode == 0 else None


# Go modules whose files tests read, as `path@version`.
GO_MODULES = (
    "k8s.io/api@v0.34.4",
    "k8s.io/apimachinery@v0.34.4",
    "k8s.io/pod-security-admission@v0.34.4",
    "k8s.io/pod-security-admission@v0.37.2",
)

PARTS_OF_A_CLUSTER = ("a cluster's programs", "a session image")
PARTS: dict[str, tuple[Callable[[], object], str]] = {
    "chromium": (find_chromium, "apt-get install chromium"),
    "code-server": (find_code_server, "run the tests with make test"),
    "configurable-http-proxy": (
        lambda: shutil.which("configurable-http-proxy"),
        "run the tests with make test",
    ),
    "a cluster's programs": (
        lambda: os.environ.get("SESSIONS_CLUSTER_PROGRAMS"),
        "run the tests with make test",
    ),
    "a session image": (
        lambda: os.environ.get("SESSIONS_CLUSTER_IMAGE"),
        "run the tests with make test",
    ),
    "the page's packages": (
        (UI / "node_modules" / ".bin" / "vite").exists,
        "run the tests with make test",
    ),
    "podman": (lambda: shutil.which("podman"), "apt-get install podman"),
    "postgresql": (find_postgresql, "apt-get install postgresql"),
    "a Python that other system users may run": (find_open_python, "apt-get install python3-venv"),
    "root": (lambda: os.geteuid() == 0, "run the tests as root"),
    "useradd": (lambda: shutil.which("useradd"), "apt-get install passwd"),
    **{
        name: (
            partial(find_go_module, name),
            "run the tests with make test, with the network or a filled cache of Go modules",
        )
        for name in GO_MODULES
    },
}


def require(part: str) -> None:
    """Skip the test that asks, or fail it under CI, if a part is missing that could be had.

    Raises:
        KeyError: for a part that has no line in `PARTS`.
    """
    is_there, advice = PARTS[part]
    if is_there():
        return
    if part in PARTS_OF_A_CLUSTER and (why := os.environ.get("SESSIONS_NO_CLUSTER")):
        pytest.skip(why)  # under CI too, see tools.bootstrap.cluster_parts
    sentence = f"{MISSING} {part} ({advice})"
    if os.environ.get("CI", "").lower() in {"true", "1"}:
        pytest.fail(f"{sentence}; under CI nothing may be missing", pytrace=False)
    pytest.skip(sentence)
