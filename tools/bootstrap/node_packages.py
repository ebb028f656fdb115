"""The pages' builds and the proxy, from their package-lock files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from .machine import check_node
from .places import CHECKOUT, LAB_SHARE, cache_folder
from .programs import run
from .steps import Step, digest, made_aside, stamp_of

QUIET = {
    "npm_config_fund": "false",
    "npm_config_audit": "false",
    "npm_config_update_notifier": "false",
}
PROXY = CHECKOUT / "tools" / "configurable-http-proxy"


@dataclass(frozen=True)
class Page:
    """A page's sources with package.json, where its build goes, and a file every build has."""

    name: str
    short_name: str
    sources: Path
    output: Path
    proof: str

    @property
    def is_built(self) -> bool:
        """Tell whether a build is there, of whichever sources."""
        return (self.output / self.proof).exists()


SESSIONS_PAGE = Page(
    name="the Sessions page",
    short_name="sessions-page",
    sources=CHECKOUT / "hub_service" / "ui",
    output=CHECKOUT / "hub_service" / "sessions_service" / "web" / "static" / "app",
    proof=".vite/manifest.json",
)
SHELL_PAGE = Page(
    name="the shell's page",
    short_name="shell-page",
    sources=CHECKOUT / "labextension_proxy" / "sessions_proxy" / "shell" / "ui",
    output=CHECKOUT / "labextension_proxy" / "sessions_proxy" / "shell" / "static",
    proof="index.html",
)
LAB_EXTENSION = Page(
    name="the extension of JupyterLab",
    short_name="lab-extension",
    sources=CHECKOUT / "labextension_proxy" / "labextension",
    output=LAB_SHARE / "jupyter" / "labextensions" / "jupyterhub-sessions",
    proof="package.json",
)
PAGES = (SESSIONS_PAGE, SHELL_PAGE, LAB_EXTENSION)


def ensure_packages(page: Page) -> None:
    """Have exactly the packages of a page's package-lock.json.

    Raises:
        Trouble: when Node is missing or the packages cannot be fetched.
    """
    lock = page.sources / "package-lock.json"
    packages = page.sources / "node_modules"
    Step(
        doing=f"installing npm packages of {page.name}",
        key=digest(lock, page.sources / "package.json", check_node().split(".")[0]),
        product=packages,
        stamp=packages / ".made-from",
        carry_out=lambda: run(
            ["npm", "ci"],
            log=f"npm-{page.short_name}",
            doing=f"installing npm packages of {page.name}",
            cwd=page.sources,
            env=QUIET,
        ),
    ).ensure()


def ensure_page(page: Page) -> None:
    """Have a page's build as its sources are now.

    Raises:
        Trouble: when Node is missing or the build fails.
    """
    check_node()
    step = Step(
        doing=f"building {page.name}",
        key=digest(page.sources),
        product=page.output / page.proof,
        stamp=stamp_of(page.short_name),
        carry_out=lambda: run(
            ["npm", "run", "build"],
            log=f"build-{page.short_name}",
            doing=f"building {page.name}",
            cwd=page.sources,
            env=QUIET,
        ),
    )
    if not step.is_done():
        ensure_packages(page)
        step.ensure()


def ensure_pages() -> None:
    """Have every page's build.

    Raises:
        Trouble: when Node is missing or a build fails.
    """
    for page in PAGES:
        ensure_page(page)


def ensure_proxy() -> Path:
    """Have configurable-http-proxy, and return the folder with its program.

    Raises:
        Trouble: when Node is missing or it cannot be fetched.
    """
    check_node()
    key = digest(PROXY)
    folder = cache_folder() / "configurable-http-proxy" / key[:16]

    def carry_out() -> None:
        with made_aside(folder) as aside:
            shutil.copy(PROXY / "package.json", aside)
            shutil.copy(PROXY / "package-lock.json", aside)
            doing = "installing configurable-http-proxy"
            run(["npm", "ci"], log="npm-proxy", doing=doing, cwd=aside, env=QUIET)

    Step(
        doing="installing configurable-http-proxy",
        key=key,
        product=folder / "node_modules" / ".bin" / "configurable-http-proxy",
        stamp=folder / ".made-from",
        carry_out=carry_out,
    ).ensure()
    return folder / "node_modules" / ".bin"
