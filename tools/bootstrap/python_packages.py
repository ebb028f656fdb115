"""The virtual environments, made from the lock files, and our own wheel in them."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from .machine import check_python
from .places import BUILD, CHECKOUT, LAB_SHARE, REQUIREMENTS, SOURCE_ROOTS, WHEELS
from .programs import run
from .steps import Step, Trouble, digest, say, stamp_of

PACKAGED = (
    SOURCE_ROOTS[0] / "sessions_spawner",
    SOURCE_ROOTS[1] / "sessions_service",
    SOURCE_ROOTS[2] / "sessions_proxy",
    LAB_SHARE,
)


@dataclass(frozen=True)
class Environment:
    """A virtual environment with one line of JupyterHub, from one lock file."""

    hub_line: str
    folder: Path

    @property
    def python(self) -> Path:
        """Return its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def lock(self) -> Path:
        """Return the file that says what is installed in it."""
        return REQUIREMENTS / f"hub-{self.hub_line}.txt"


HUB_6 = Environment("6.1", CHECKOUT / ".venv")
HUB_5 = Environment("5.5", CHECKOUT / ".venv-hub5")


def ensure_environment(environment: Environment) -> None:
    """Have the environment with exactly what its lock file says.

    Raises:
        Trouble: when it cannot be made.
    """
    check_python()
    name = environment.folder.name
    doing = f"installing Python packages with JupyterHub {environment.hub_line} into {name}"

    def carry_out() -> None:
        shutil.rmtree(environment.folder, ignore_errors=True)
        argv = [sys.executable, "-m", "venv", str(environment.folder)]
        run(argv, log=f"venv-{name}", doing="making a virtual environment")
        _install_locked(environment, doing)

    Step(
        doing=doing,
        key=digest(environment.lock, sys.version, str(environment.folder)),
        product=environment.python,
        stamp=environment.folder / ".made-from",
        carry_out=carry_out,
    ).ensure()


def _install_locked(environment: Environment, doing: str) -> None:
    """Install what the lock file says: by uv, many times sooner, or by pip where uv cannot."""
    name = environment.folder.name
    locked = ["--require-hashes", "--requirement", environment.lock]
    try:
        pip_install(
            environment, *locked[:-1], _lock_of_uv(environment), log=f"uv-{name}", doing=doing
        )
        uv = [environment.folder / "bin" / "uv", "pip", "install", "--compile-bytecode"]
        run([*uv, "--python", environment.python, *locked], log=f"uv-pip-{name}", doing=doing)
    except Trouble as trouble:  # an index that only pip knows of, say
        say(f"{trouble} Trying with pip.")
        pip_install(environment, *locked, log=f"pip-{name}", doing=doing)


def _lock_of_uv(environment: Environment) -> Path:
    """Write what the lock file says of uv into a file of its own, and return that."""
    found = re.search(r"^uv==.*?(?=^\S|\Z)", environment.lock.read_text(), re.DOTALL | re.MULTILINE)
    if found is None:
        raise Trouble(f"{environment.lock} names no uv.")
    alone = BUILD / f"uv-{environment.hub_line}.txt"
    alone.parent.mkdir(parents=True, exist_ok=True)
    alone.write_text(found[0])
    return alone


def pip_install(environment: Environment, *arguments: object, log: str, doing: str) -> None:
    """Run an environment's `pip install`.

    Raises:
        Trouble: when it fails.
    """
    argv = [environment.python, "-m", "pip", "install", *arguments]
    env = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    run(argv, log=log, doing=doing, env=env)


def ensure_wheel() -> Path:
    """Have the distribution's wheel as the sources are now, and return it.

    Raises:
        Trouble: when it cannot be built.
    """
    sources = (CHECKOUT / "tools" / "page_builds.py", CHECKOUT / "LICENSE", *PACKAGED)
    texts = [CHECKOUT / name for name in ("pyproject.toml", "README.md", "CHANGELOG.md")]

    def carry_out() -> None:
        shutil.rmtree(WHEELS, ignore_errors=True)
        build = [HUB_6.python, *["-m", "hatchling", "build", "-t", "wheel", "-d"], WHEELS]
        run(build, log="wheel", doing="building the wheel", cwd=CHECKOUT)

    Step(
        doing="building the wheel",
        key=digest(*sources, *texts),
        product=WHEELS,
        stamp=stamp_of("wheel"),
        carry_out=carry_out,
    ).ensure()
    (wheel,) = WHEELS.glob("*.whl")
    return wheel


def ensure_installed(environment: Environment) -> None:
    """Have our wheel in the environment, built from the sources as they are now.

    Raises:
        Trouble: when it cannot be built or installed.
    """
    wheel = ensure_wheel()
    doing = f"installing the wheel into {environment.folder.name}"
    alone = ["--no-deps", "--no-index", "--force-reinstall"]
    Step(
        doing=doing,
        key=digest(stamp_of("wheel")),
        product=environment.folder / "bin" / "jupyterhub-sessions",
        stamp=environment.folder / ".wheel-made-from",
        carry_out=lambda: pip_install(environment, *alone, wheel, log="pip-wheel", doing=doing),
    ).ensure()


def refresh_locks() -> None:
    """Resolve the lock files anew; nothing of this machine is written into them.

    Raises:
        Trouble: when there is no answer that fits.
    """
    resolve = "pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade"
    plain = "--generate-hashes --no-emit-index-url --no-header --no-annotate --quiet"
    for environment in (HUB_6, HUB_5):
        chosen = environment.lock.with_suffix(".in").relative_to(CHECKOUT)
        lock = environment.lock.relative_to(CHECKOUT)
        uv = [HUB_6.folder / "bin" / "uv", *resolve.split(), *plain.split()]
        argv = [*uv, "--constraints", chosen, "--output-file", lock]
        run(argv, log="lock", doing=f"resolving {lock}", cwd=CHECKOUT)
        packages = sum("==" in line for line in environment.lock.read_text().splitlines())
        print(f"{lock}: {packages} packages")


def imports_from_checkout() -> dict[str, str]:
    """Return an environment in which tools that read the sources find our packages there."""
    return {"PYTHONPATH": os.pathsep.join(map(str, SOURCE_ROOTS))}
