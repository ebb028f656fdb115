"""Settings, calls, targets, commands and code that are named in the documentation exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyterhub.app import JupyterHub
from jupyterhub.auth import Authenticator
from jupyterhub.authenticators.shared import SharedPasswordAuthenticator
from jupyterhub.crypto import CryptKeeper
from jupyterhub.proxy import ConfigurableHTTPProxy
from jupyterhub.spawner import LocalProcessSpawner, Spawner
from kubespawner.spawner import KubeSpawner
from traitlets.config import Configurable

from sessions_service.cli import main
from sessions_service.cli.settings import all_settings
from sessions_service.web.metrics import Metrics
from sessions_service.web.page import SCREENS
from sessions_service.web.tornado_app import ROUTES
from tests.unit.docs.pages import CHECKOUT, code_of, found_in_pages, name_of, pages

HUBS_OWN: tuple[type[Configurable], ...] = (
    JupyterHub,
    Spawner,
    LocalProcessSpawner,
    Authenticator,
    SharedPasswordAuthenticator,
    ConfigurableHTTPProxy,
    CryptKeeper,
    KubeSpawner,
)
NAMED = re.compile(r"(?<![\w.])c\.([A-Z]\w+)\.([a-z]\w+)(?!\w|\()")
SOURCES = ("spawner/sessions_spawner", "hub_service/sessions_service")


def known_settings() -> dict[str, type[Configurable]]:
    """Return class name → class of what can be set in the configuration file."""
    return {one.__name__: one for one in (*HUBS_OWN, *(owner for owner, _ in all_settings()))}


def files_that_name_settings() -> list[Path]:
    """Return pages, the development hub's file, and code with its sentences."""
    sources = [path for root in SOURCES for path in (CHECKOUT / root).rglob("*.py")]
    return [*pages(), CHECKOUT / "jupyterhub_config.py", *sources]


def test_every_setting_that_is_named_exists() -> None:
    known = known_settings()
    missing = {
        f"{name_of(path)}: {match[0]}"
        for path in files_that_name_settings()
        for match in NAMED.finditer(path.read_text(encoding="utf-8"))
        if match[1] not in known or not known[match[1]].class_traits(config=True).get(match[2])
    } - {"docs/developers/extending.md: c.Class.name"}
    assert missing == set()


def calls_that_are_named() -> Iterator[tuple[str, str]]:
    """Give (page, address below the service's own) of every call and screen that a page names."""
    below = r"(?:services/sessions/|(?<![\w/])(?=api/v1/))([\w./{}$-]*)"
    for page, match in found_in_pages(below):
        yield page, match[1]
    for page, match in found_in_pages(r"\$API/([\w./{}$-]*)"):
        yield page, f"api/v1/{match[1]}"


def test_every_call_that_is_named_exists() -> None:
    patterns = [*(route.pattern() for route in ROUTES), *SCREENS]
    roots = {"api/v1/", "api/v1", "s/"}  # what addresses begin with
    missing = {
        f"{page}: {address}"
        for page, address in calls_that_are_named()
        if address not in roots
        and not any(re.fullmatch(one, re.sub(r"[.]$", "", address)) for one in patterns)
    }
    assert missing == set()


def test_every_address_is_documented() -> None:
    named = {address for _page, address in calls_that_are_named()}
    plain = {re.sub(r"\{\w+\}|\$ID|(?<=drives/)data[\w-]*", "*", address) for address in named}
    wanted = {re.sub(r"\{\w+\}", "*", route.template) for route in ROUTES}
    assert wanted - plain == set()


def test_every_metric_that_is_named_exists() -> None:
    exposed = Metrics().to_text().decode()
    for page, match in found_in_pages(r"jupyterhub_sessions_[a-z_]+"):
        assert f"# TYPE {match[0]} " in exposed, page


def test_every_target_that_is_named_exists() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+): ##", makefile, re.MULTILINE))
    named = {match[1] for _page, match in found_in_pages(r"(?m)(?:`|^)make ([a-z-]+)")}
    assert named - targets == set()


def test_every_command_that_is_named_exists() -> None:
    named = {
        match[1] for _page, match in found_in_pages(r"(?m)(?:`|^)jupyterhub-sessions ([a-z]+)")
    }
    assert {"doctor", "settings"} <= named
    for command in sorted(named):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0, command


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_python_in_the_pages_is_python(page: Path) -> None:
    for code in code_of(page, "python"):
        compile(code, name_of(page), "exec")


def test_files_of_ours_that_are_named_exist() -> None:
    """A path in backticks that begins with one of our folders leads somewhere."""
    ours = {
        "sessions_spawner": CHECKOUT / "spawner",
        "sessions_service": CHECKOUT / "hub_service",
        "sessions_proxy": CHECKOUT / "labextension_proxy",
        "tests": CHECKOUT,
        "hub_service": CHECKOUT,
    }
    missing = set()
    for page, match in found_in_pages(r"`(\w+)/([\w./-]+)`"):
        root = ours.get(match[1])
        if root is not None and not (root / match[1] / match[2]).exists():
            missing.add(f"{page}: {match[0]}")
    assert missing == set()


def test_the_readme_has_the_two_commands_and_the_two_lines() -> None:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert re.search(r"^make run\b", text, re.MULTILINE)
    assert re.search(r"^make test\b", text, re.MULTILINE)
    assert re.search(
        r"^from sessions_service\.hub import configure\n+configure\(c\)$", text, re.MULTILINE
    )
    assert "(docs/images/sessions.png)" in text


def test_the_readme_is_a_screen_of_text_with_one_picture_and_where_to_read_on() -> None:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    (picture,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert (CHECKOUT / picture).read_bytes().startswith(b"\x89PNG")
    for readers in ("users", "administrators", "developers"):
        assert f"](docs/{readers}/" in text
        assert list((CHECKOUT / "docs" / readers).glob("*.md"))
