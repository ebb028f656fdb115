"""What is declared, locked and installed fits together, and the wheel is whole."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
PACKAGES = {
    "sessions_spawner": CHECKOUT / "spawner",
    "sessions_service": CHECKOUT / "hub_service",
    "sessions_proxy": CHECKOUT / "labextension_proxy",
}
SHELL_SOURCES = CHECKOUT / "labextension_proxy" / "sessions_proxy" / "shell" / "ui"
PAGES = (
    "sessions_service/web/static/app/.vite/manifest.json",
    "sessions_proxy/shell/static/index.html",
)

# Floors that closed a hole or that the product was measured with; never lowered.
FLOORS = {
    "jupyterhub": "5.5.4",
    "jupyterhub-kubespawner": "7.1.0",
    "jupyter-server": "2.21",
    "jupyter-server-proxy": "4.6.0",
    "tornado": "6.6.1",
}
NODE_FLOORS = {
    "tools/code-server": ("code-server", "4.139.1"),
    "tools/configurable-http-proxy": ("configurable-http-proxy", "5.3.0"),
}
# Imported only where an administrator has them: JupyterHub's own helpers and the standard's kind.
PROVIDED_BY_THE_HUB = {"certipy", "oauthlib", "pamela"}


def requirements() -> list[Requirement]:
    """Return every requirement of the distribution and of its extras."""
    texts = [*PROJECT["dependencies"], *(text for extra in EXTRAS.values() for text in extra)]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_what_is_installed_is_what_is_declared(requirement: Requirement) -> None:
    assert requirement.specifier.contains(version(requirement.name), prereleases=True)


@pytest.mark.parametrize(("name", "floor"), list(FLOORS.items()))
def test_no_floor_is_lowered(name: str, floor: str) -> None:
    declared = [r for r in requirements() if canonicalize_name(r.name) == name]
    assert declared
    for requirement in declared:
        assert not requirement.specifier.contains(str(_just_below(Version(floor))))
    assert Version(version(name)) >= Version(floor)


def _just_below(floor: Version) -> Version:
    *head, last = floor.release
    return Version(
        ".".join(map(str, [*head, last - 1, 999] if last else [*head[:-1], head[-1] - 1, 999]))
    )


@pytest.mark.parametrize("folder", list(NODE_FLOORS))
def test_the_programs_from_npm_are_at_their_floor(folder: str) -> None:
    name, floor = NODE_FLOORS[folder]
    lock = json.loads((CHECKOUT / folder / "package-lock.json").read_text())
    assert Version(lock["packages"][f"node_modules/{name}"]["version"]) >= Version(floor)


@pytest.mark.parametrize("hub_line", ["6.1", "5.5"])
def test_a_lock_file_is_complete_and_hashed(hub_line: str) -> None:
    lines = (CHECKOUT / "requirements" / f"hub-{hub_line}.txt").read_text().splitlines()
    locked = {canonicalize_name(line.split("==")[0]): line for line in lines if "==" in line}
    assert {canonicalize_name(r.name) for r in requirements()} <= set(locked)
    assert locked[canonicalize_name("jupyterhub")].startswith(f"jupyterhub=={hub_line}.")
    assert all(line.endswith("\\") for line in locked.values()), "each is followed by its hashes"


@pytest.mark.parametrize(
    ("package", "extras"),
    [
        ("sessions_spawner", ["hub", "kubernetes", "lab"]),
        ("sessions_service", ["hub"]),
        ("sessions_proxy", ["lab"]),
    ],
)
def test_everything_imported_is_declared(package: str, extras: list[str]) -> None:
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in EXTRAS[extra])]
    declared = {canonicalize_name(Requirement(text).name) for text in texts}
    distributions = packages_distributions()
    undeclared = {
        name
        for name in set(_imported(PACKAGES[package] / package)) - set(sys.stdlib_module_names)
        if name not in PACKAGES and name not in PROVIDED_BY_THE_HUB
        if not declared & {canonicalize_name(d) for d in distributions.get(name, [])}
    }
    assert undeclared == set()


def _imported(folder: Path) -> Iterator[str]:
    """Give the top-level names that a package's modules import absolutely."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield node.module.split(".")[0]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Give the wheel as the checkout builds it now."""
    folder = tmp_path_factory.mktemp("wheel")
    built = build_wheel(CHECKOUT, folder)
    assert built.returncode == 0, built.stdout
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def build_wheel(source: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Build a wheel of a source tree into a folder."""
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_the_wheel_has_the_pages_and_every_module(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert names >= set(PAGES)
    modules = {
        str(path.relative_to(root))
        for name, root in PACKAGES.items()
        for path in (root / name).rglob("*")
        if path.is_file() and path.suffix != ".pyc" and SHELL_SOURCES not in path.parents
    }
    assert modules <= names
    assert not [name for name in names if name.startswith("sessions_proxy/shell/ui/")]


def test_the_wheel_has_nothing_but_the_packages(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    own = {top for top in tops if not top.startswith("jupyterhub_sessions-")}
    assert own == {*PACKAGES, "sessions_start.pth"}


def test_the_wheel_switches_the_server_extension_on(wheel: zipfile.ZipFile) -> None:
    settings = "etc/jupyter/jupyter_server_config.d/sessions_proxy.json"
    (name,) = (name for name in wheel.namelist() if name.endswith(settings))
    enabled = json.loads(wheel.read(name))["ServerApp"]["jpserver_extensions"]
    assert enabled == {"sessions_proxy": True}


def test_the_wheel_brings_the_extension_to_where_jupyterlab_looks(wheel: zipfile.ZipFile) -> None:
    place = ".data/data/share/jupyter/labextensions/jupyterhub-sessions/"
    found = {name.partition(place)[2] for name in wheel.namelist() if place in name}
    (about,) = (name for name in wheel.namelist() if name.endswith(f"{place}package.json"))
    build = json.loads(wheel.read(about))["jupyterlab"]["_build"]
    assert found == {"package.json", build["load"]}


def test_a_wheel_without_the_pages_is_refused_with_a_sentence(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "LICENSE", "README.md", "tools/page_builds.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(CHECKOUT / name, tmp_path / name)
    built = build_wheel(tmp_path, tmp_path / "dist")
    assert built.returncode != 0
    assert (
        "the Sessions page, the shell's page and the extension of JupyterLab must be built first: "
        "run `make wheel`" in built.stdout
    )


WALK = """
import importlib, pkgutil, sys
without = sys.argv[1].split(",")
for name in sys.argv[2:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            try:
                importlib.import_module(module.name)
            except ModuleNotFoundError as error:
                if error.name not in without:
                    raise
"""
ALL = ("sessions_spawner", "sessions_service", "sessions_proxy")
CLUSTER = "kubernetes_asyncio,kubespawner"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("extras", "without", "packages"),
    [
        ("hub,kubernetes,lab", "", ALL),
        ("hub,lab", CLUSTER, ALL),
        ("lab", "", ("sessions_proxy",)),
    ],
)
def test_the_wheel_installs_into_an_empty_environment_and_imports(
    wheel: zipfile.ZipFile, tmp_path: Path, extras: str, without: str, packages: tuple[str, ...]
) -> None:
    lock = (CHECKOUT / "requirements" / "hub-6.1.txt").read_text().splitlines()
    pins = tmp_path / "pins.txt"
    pins.write_text("\n".join(line.removesuffix("\\") for line in lock if "==" in line))
    python = tmp_path / "env" / "bin" / "python"
    install = ["-m", "pip", "install", "--quiet", "--constraint", str(pins)]
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)
    subprocess.run([str(python), *install, f"{wheel.filename}[{extras}]"], check=True)
    subprocess.run([str(python), "-c", WALK, without, *packages], check=True, cwd=tmp_path)
