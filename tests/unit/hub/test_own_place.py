"""`configure(c, service=…)`: a service in a place of its own, and what it finds there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from sessions_service.hub import configure
from sessions_service.hub.configure import ConfigureError, undone
from sessions_service.hub.own_place import find_own_place
from sessions_service.process.place import Place, WrongPlace
from sessions_spawner.wire.secret import BadSecret

SECRET = "5e" * 32
API = {"JUPYTERHUB_API_URL": "http://hub:8081/hub/api"}


@pytest.fixture
def mounted(tmp_path: Path) -> Path:
    """Give a mounted Secret: files are symbolic links, and end with a line."""
    folder = tmp_path / "mounted"
    (folder / "..data").mkdir(parents=True)
    keep(folder, "link.secret", SECRET)
    keep(folder, "service.token", "t0ken")
    return folder


def keep(folder: Path, name: str, text: str, mode: int = 0o440) -> None:
    """Put a key into a mounted Secret."""
    file = folder / "..data" / name
    file.unlink(missing_ok=True)
    file.write_text(f"{text}\n")
    file.chmod(mode)
    if not (folder / name).is_symlink():
        (folder / name).symlink_to(Path("..data") / name)


def test_the_hub_knows_it_as_an_external_service(tmp_path: Path, mounted: Path) -> None:
    c = Config()
    c.JupyterHub.spawner_class = "kubespawner"
    configure(c, state=tmp_path / "state", service="http://sessions", secrets=mounted)
    (service,) = c.JupyterHub.services
    assert service["url"] == "http://sessions:8900"
    assert service["api_token"] == "t0ken"
    assert service["oauth_no_confirm"] is True
    assert "command" not in service
    assert "environment" not in service
    assert undone(c) == []
    assert not (tmp_path / "state" / "link" / "service.port").exists()


@pytest.mark.parametrize(
    ("url", "link", "address"),
    [
        ("http://sessions:8900", None, "sessions:8901"),
        ("http://sessions:9000/", None, "sessions:8901"),
        ("http://sessions", "elsewhere:99", "elsewhere:99"),
        ("http://[fd00::1]:8900", None, "[fd00::1]:8901"),
    ],
)
def test_the_link_has_an_address_of_its_own(
    mounted: Path, url: str, link: str | None, address: str
) -> None:
    place = find_own_place(url, link, mounted)
    assert place is not None
    assert place.link == address
    assert place.secret == bytes.fromhex(SECRET)
    assert "t0ken" not in repr(place)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"service": "sessions:8900"}, "write http://HOST:PORT"),
        ({"service": "http://sessions/x"}, "write http://HOST:PORT"),
        ({"service": "http://sessions", "link": "sessions"}, "write HOST:PORT"),
        ({"service": "http://sessions", "link": "sessions:0"}, "write HOST:PORT"),
        ({"service": None}, "Give the address of the service"),
        ({"service": "http://sessions", "secrets": None}, "Name the folder"),
        ({"service": "http://sessions", "secrets": "/nowhere"}, "No such file"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_change(
    tmp_path: Path, mounted: Path, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigureError, match=sentence):
        configure(Config(), state=tmp_path / "state", **{"secrets": mounted, **given})
    assert not (tmp_path / "state").exists()


def test_processes_of_this_machine_need_a_service_of_this_machine(
    tmp_path: Path, mounted: Path
) -> None:
    near = "http://127.0.0.1:8900"
    configure(Config(), state=tmp_path / "state", service=near, secrets=mounted)
    with pytest.raises(ConfigureError, match=r"service='http://127\.0\.0\.1:8900'"):
        configure(Config(), state=tmp_path / "far", service="http://sessions", secrets=mounted)
    assert not (tmp_path / "far").exists()


@pytest.mark.parametrize("mode", [0o444, 0o460, 0o644])
def test_a_secret_that_others_may_read_is_refused(mounted: Path, mode: int) -> None:
    keep(mounted, "link.secret", SECRET, mode)
    with pytest.raises(BadSecret, match=r"mount it with defaultMode 0400.*fsGroup"):
        find_own_place("http://sessions", None, mounted)


@pytest.mark.parametrize("text", ["", "5e", "no digits", SECRET + "00"])
def test_a_secret_that_is_none_is_refused_and_not_said(mounted: Path, text: str) -> None:
    keep(mounted, "link.secret", text)
    with pytest.raises(BadSecret, match="openssl rand -hex 32") as refused:
        find_own_place("http://sessions", None, mounted)
    assert not text or text not in str(refused.value)


# The service's side


def test_the_service_gets_from_us_what_the_hub_gives_to_its_children(
    tmp_path: Path, mounted: Path
) -> None:
    environment = {**API, "JUPYTERHUB_BASE_URL": "/jupyter"}
    Place(tmp_path / "state", mounted, "0.0.0.0:8901").make_ready(environment)
    assert environment == {
        **API,
        "JUPYTERHUB_BASE_URL": "/jupyter/",
        "JUPYTERHUB_API_TOKEN": "t0ken",
        "JUPYTERHUB_CLIENT_ID": "service-sessions",
        "JUPYTERHUB_SERVICE_NAME": "sessions",
        "JUPYTERHUB_SERVICE_PREFIX": "/jupyter/services/sessions/",
        "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:8900",
    }
    for folder in (tmp_path / "state", tmp_path / "state" / "link"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_child_of_the_hub_takes_what_the_hub_gives(tmp_path: Path) -> None:
    environment: dict[str, str] = {}
    Place(tmp_path / "state").make_ready(environment)
    assert environment == {}
    assert not (tmp_path / "state").exists()


def test_a_service_that_cannot_run_so_says_why(tmp_path: Path, mounted: Path) -> None:
    with pytest.raises(WrongPlace, match="JUPYTERHUB_API_URL"):
        Place(tmp_path, mounted).make_ready({})
    with pytest.raises(WrongPlace, match="write HOST:PORT"):
        Place(tmp_path, mounted, "8901").make_ready(dict(API))
    (mounted / "service.token").unlink()
    with pytest.raises(WrongPlace, match=r"service\.token cannot be read"):
        Place(tmp_path, mounted, "0.0.0.0:8901").make_ready(dict(API))


def test_what_is_mounted_counts_before_what_is_in_the_state_folder(
    tmp_path: Path, mounted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path, mounted)
    assert place.database_url() == f"sqlite:///{tmp_path / 'sessions.sqlite'}"
    made = place.cookie_secret()
    assert place.cookie_secret() == made
    keep(mounted, "database.url", "postgresql://sessions:pw@db/sessions")
    keep(mounted, "cookie.secret", "c0" * 32)
    keep(mounted, "crypt.keys", "ab" * 32)
    monkeypatch.setenv("JUPYTERHUB_CRYPT_KEY", "cd" * 32)
    assert place.database_url() == "postgresql://sessions:pw@db/sessions"
    assert place.cookie_secret() == bytes.fromhex("c0" * 32)
    assert place.take_seal().is_on
    assert "JUPYTERHUB_CRYPT_KEY" not in os.environ


@pytest.mark.parametrize("name", ["database.url", "cookie.secret", "crypt.keys"])
def test_a_mounted_file_that_others_may_read_ends_the_start(
    tmp_path: Path, mounted: Path, name: str
) -> None:
    keep(mounted, name, "ab" * 32, 0o444)
    place = Place(tmp_path, mounted)
    read = {
        "database.url": place.database_url,
        "cookie.secret": place.cookie_secret,
        "crypt.keys": place.take_seal,
    }
    with pytest.raises(SystemExit, match="open to others"):
        read[name]()


def test_a_cookie_secret_that_is_none_ends_the_start(tmp_path: Path, mounted: Path) -> None:
    keep(mounted, "cookie.secret", "guess me")
    with pytest.raises(SystemExit, match="openssl rand -hex 32"):
        Place(tmp_path, mounted).cookie_secret()
