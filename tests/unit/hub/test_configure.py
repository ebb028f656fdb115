"""`configure(c)` brings Sessions to a hub as it is, and says what it cannot live with."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from jupyterhub.app import JupyterHub
from jupyterhub.spawner import LocalProcessSpawner, SimpleLocalProcessSpawner, Spawner
from kubespawner.spawner import KubeSpawner
from traitlets.config import Config

from sessions_service.hub import configure
from sessions_service.hub.configure import (
    CUSTOM_SCOPES,
    KUBERNETES,
    LOCAL,
    SERVICE_SCOPES,
    ConfigureError,
    undone,
    unsafe,
)
from sessions_spawner import hub_line
from sessions_spawner.local.spawner import LocalSessionSpawner

ACCESS = "access:services!service=sessions"


@pytest.fixture
def c(tmp_path: Path) -> Config:
    """Give the configuration of a hub that has none."""
    del tmp_path
    return Config()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Give a state folder that is not there yet."""
    return tmp_path / "state"


def test_an_empty_hub_gets_all_that_sessions_need(c: Config, state: Path) -> None:
    configure(c, state=state, port=4711)
    assert c.JupyterHub.spawner_class == LOCAL
    assert c.JupyterHub.allow_named_servers is True
    (service,) = c.JupyterHub.services
    assert service["name"] == "sessions"
    assert service["url"] == "http://127.0.0.1:4711"
    assert service["command"][1:] == ["-m", "sessions_service", "serve", "--state", str(state)]
    user, ours = c.JupyterHub.load_roles
    assert user == {"name": "user", "scopes": ["self", ACCESS]}
    assert ours["services"] == ["sessions"]
    assert ours["scopes"] == list(SERVICE_SCOPES)
    assert c.JupyterHub.custom_scopes == CUSTOM_SCOPES
    assert c.JupyterHub.default_url == "/services/sessions/"
    assert c.JupyterHub.tornado_settings["slow_spawn_timeout"] == 1
    assert c.Spawner.server_token_scopes == ["users:activity!user"]
    assert undone(c) == []


def test_the_service_gets_no_scope_that_opens_sessions_or_makes_admins() -> None:
    for scope in SERVICE_SCOPES:
        assert not scope.startswith(("access:", "admin:", "shares", "tokens", "users:activity"))
    assert not {"admin-ui", "inherit", "all", "users", "self"} & set(SERVICE_SCOPES)


def test_what_the_hub_has_already_is_kept(c: Config, state: Path) -> None:
    c.JupyterHub.services = [{"name": "metrics", "url": "http://x"}]
    c.JupyterHub.load_roles = [
        {"name": "user", "scopes": ["self", "read:hub"], "description": "ours"},
        {"name": "teachers", "scopes": ["list:users"], "groups": ["teachers"]},
    ]
    c.JupyterHub.custom_scopes = {"custom:x:y": {"description": "Ours"}}
    c.JupyterHub.template_paths = ["/srv/templates"]
    c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 7, "headers": {"x": "y"}}
    c.JupyterHub.default_url = "/hub/home"
    given: list[dict[str, Any]] = c.JupyterHub.load_roles
    configure(c, state=state)
    assert [one["name"] for one in c.JupyterHub.services] == ["metrics", "sessions"]
    assert c.JupyterHub.load_roles[0] == {
        "name": "user",
        "scopes": ["self", "read:hub", ACCESS],
        "description": "ours",
    }
    assert c.JupyterHub.load_roles[1]["name"] == "teachers"
    assert given[0]["scopes"] == ["self", "read:hub"], "the file's own list is not changed"
    assert set(c.JupyterHub.custom_scopes) == {"custom:x:y", *CUSTOM_SCOPES}
    assert c.JupyterHub.template_paths[1:-1] == ["/srv/templates"]
    assert c.JupyterHub.tornado_settings == {"slow_spawn_timeout": 7, "headers": {"x": "y"}}
    assert c.JupyterHub.default_url == "/hub/home"


def test_a_user_role_without_scopes_keeps_what_the_hub_gives_it(c: Config, state: Path) -> None:
    c.JupyterHub.load_roles = [{"name": "user"}]
    configure(c, state=state)
    assert c.JupyterHub.load_roles[0]["scopes"] == ["self", ACCESS]


def test_what_the_file_appended_is_kept_too(c: Config, state: Path) -> None:
    c.JupyterHub.services.append({"name": "metrics", "url": "http://x"})
    c.JupyterHub.load_roles.append({"name": "user", "scopes": ["self", "read:hub"]})
    c.JupyterHub.custom_scopes.update({"custom:x:y": {"description": "Ours"}})
    c.JupyterHub.template_paths.append("/srv/templates")
    c.JupyterHub.tornado_settings.update({"headers": {"x": "y"}})
    configure(c, state=state)
    assert [one["name"] for one in c.JupyterHub.services] == ["metrics", "sessions"]
    assert c.JupyterHub.load_roles[0]["scopes"] == ["self", "read:hub", ACCESS]
    assert "custom:x:y" in c.JupyterHub.custom_scopes
    assert c.JupyterHub.template_paths[1:-1] == ["/srv/templates"]
    assert c.JupyterHub.tornado_settings == {"slow_spawn_timeout": 1, "headers": {"x": "y"}}


def test_the_hub_takes_the_configuration(c: Config, state: Path) -> None:
    configure(c, state=state)
    hub = JupyterHub(config=c)
    assert hub.spawner_class is LocalSessionSpawner
    assert [one["name"] for one in hub.services] == ["sessions"]
    spawner = LocalSessionSpawner(config=c)
    assert spawner.server_token_scopes == ["users:activity!user"]
    assert hub_line.START_SCOPE in SERVICE_SCOPES


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("/", "/services/sessions/"),
        ("/jupyter/", "/jupyter/services/sessions/"),
        ("/jupyter", "/jupyter/services/sessions/"),
        ("jupyter", "/jupyter/services/sessions/"),
        ("/a/b", "/a/b/services/sessions/"),
    ],
)
def test_the_page_opens_below_the_hubs_own_address(
    c: Config, state: Path, base: str, url: str
) -> None:
    c.JupyterHub.base_url = base
    configure(c, state=state)
    assert url == c.JupyterHub.default_url


def test_the_page_can_be_left_where_it_is(c: Config, state: Path) -> None:
    configure(c, state=state, open_sessions_after_login=False)
    assert "default_url" not in c.JupyterHub


# Spawners


class OwnSpawner(LocalSessionSpawner):
    """An administrator's own class."""


@pytest.mark.parametrize(
    "chosen",
    [
        "localprocess",
        "simple",
        "jupyterhub.spawner.LocalProcessSpawner",
        "jupyterhub.spawner.SimpleLocalProcessSpawner",
        LocalProcessSpawner,
        SimpleLocalProcessSpawner,
        LOCAL,
    ],
)
def test_spawners_of_the_local_family_become_ours(c: Config, state: Path, chosen: object) -> None:
    c.JupyterHub.spawner_class = chosen
    configure(c, state=state)
    assert c.JupyterHub.spawner_class == LOCAL


@pytest.mark.parametrize(
    "chosen", ["kubespawner", "kubespawner.KubeSpawner", KubeSpawner, KUBERNETES]
)
def test_a_hub_with_kubespawner_gets_pods_and_may_be_reached_from_anywhere(
    c: Config, state: Path, chosen: object
) -> None:
    c.JupyterHub.spawner_class = chosen
    c.JupyterHub.bind_url = "http://:8000"
    configure(c, state=state)
    assert c.JupyterHub.spawner_class == KUBERNETES
    assert [*undone(c), *unsafe(c)] == []


def test_a_class_made_from_ours_stays(c: Config, state: Path) -> None:
    c.JupyterHub.spawner_class = OwnSpawner
    configure(c, state=state)
    assert c.JupyterHub.spawner_class is OwnSpawner
    assert undone(c) == []


class BatchSpawner(Spawner):
    """A spawner that Sessions knows nothing of."""

    async def start(self) -> str:
        return ""

    async def stop(self, now: bool = False) -> None:  # noqa: ARG002 (the hub's signature)
        return

    async def poll(self) -> int | None:
        return 0


@pytest.mark.parametrize(
    ("chosen", "name"),
    [
        ("dockerspawner.DockerSpawner", "dockerspawner.DockerSpawner"),
        ("docker", "docker"),
        (BatchSpawner, "BatchSpawner"),
    ],
)
def test_other_spawners_are_refused_by_name(
    c: Config, state: Path, chosen: object, name: str
) -> None:
    c.JupyterHub.spawner_class = chosen
    with pytest.raises(ConfigureError, match=f"not ‘{name}’"):
        configure(c, state=state)


def test_a_second_service_of_our_name_is_refused(c: Config, state: Path) -> None:
    configure(c, state=state)
    with pytest.raises(ConfigureError, match="has a ‘sessions’ already"):
        configure(c, state=state)


# The state folder


def test_the_state_folder_is_closed_to_others(c: Config, state: Path) -> None:
    configure(c, state=state)
    for path in (state, state / "link", state / "drives", state / "processes"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_state_folder_that_was_open_is_closed(c: Config, state: Path) -> None:
    (state / "link").mkdir(parents=True)
    state.chmod(0o755)
    (state / "link").chmod(0o777)
    configure(c, state=state)
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE((state / "link").stat().st_mode) == 0o700


def test_the_state_folder_can_be_named_by_the_environment(
    c: Config, state: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SESSIONS_STATE", str(state))
    configure(c)
    assert c.JupyterHub.services[0]["command"][-1] == str(state)
    monkeypatch.delenv("SESSIONS_STATE")
    monkeypatch.chdir(tmp_path)
    other = Config()
    configure(other)
    assert other.JupyterHub.services[0]["command"][-1] == str(tmp_path / "jupyterhub-sessions")


# What later lines undo, and what is unsafe


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("c.JupyterHub.services = []", "services was set after"),
        ("c.JupyterHub.spawner_class = 'simple'", "spawner_class was set after"),
        ("c.JupyterHub.spawner_class = LocalProcessSpawner", "spawner_class was set after"),
        ("c.JupyterHub.allow_named_servers = False", "allow_named_servers was switched off"),
        ("c.JupyterHub.load_roles = [{'name': 'user'}]", "load_roles was set after"),
        (
            "c.Spawner.server_token_scopes = ['inherit']",
            "c.Spawner.server_token_scopes gives sessions more",
        ),
        (
            "c.LocalProcessSpawner.server_token_scopes = ['access:servers!server']",
            "c.LocalProcessSpawner.server_token_scopes gives sessions more",
        ),
    ],
)
def test_a_later_line_that_undoes_it_is_named(
    c: Config, state: Path, line: str, sentence: str
) -> None:
    configure(c, state=state)
    exec(line, {"c": c, "LocalProcessSpawner": LocalProcessSpawner})  # noqa: S102 (as the hub does)
    (found,) = undone(c)
    assert sentence in found


def test_a_later_line_that_adds_to_it_undoes_nothing(c: Config, state: Path) -> None:
    configure(c, state=state)
    c.JupyterHub.services.append({"name": "metrics"})
    c.JupyterHub.load_roles.append({"name": "teachers", "scopes": []})
    assert undone(c) == []


def test_one_system_user_for_all_needs_trust_and_this_machine_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    trust, address = unsafe(Config())
    assert "c.SessionPolicy.users_trust_each_other = True" in trust
    assert "or run the hub as root" in trust
    assert "bind_url" in address
    for uid in (1000, 0):
        monkeypatch.setattr(os, "geteuid", lambda uid=uid: uid)
        trusting = Config()
        trusting.SessionPolicy.users_trust_each_other = True
        for good in ("http://127.0.0.1:8000", "http://localhost:8000/x", "http://[::1]:8000"):
            trusting.JupyterHub.bind_url = good
            assert unsafe(trusting) == []
        for wide in ("http://:8000", "http://0.0.0.0:8000", "http://hub.example.org"):
            trusting.JupyterHub.bind_url = wide
            (sentence,) = unsafe(trusting)
            assert "bind_url" in sentence


@pytest.mark.parametrize(
    ("name", "wide"),
    [
        ("ip", "0.0.0.0"),
        ("ip", ""),
        ("hub_ip", "0.0.0.0"),
        ("hub_ip", ""),
        ("hub_bind_url", "http://:8081"),
        ("hub_bind_url", "http://10.0.0.1:8081"),
    ],
)
def test_no_other_address_of_a_hub_with_one_system_user_is_wide(name: str, wide: str) -> None:
    trusting = Config()
    trusting.SessionPolicy.users_trust_each_other = True
    trusting.JupyterHub.bind_url = "http://127.0.0.1:8000"
    trusting.JupyterHub[name] = wide
    (sentence,) = unsafe(trusting)
    assert "this machine" in sentence


def test_a_hub_that_gives_everybody_a_system_user_needs_no_trust(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    wide = Config()
    wide.JupyterHub.bind_url = "http://0.0.0.0:8000"
    assert unsafe(wide) == []


def test_a_state_folder_that_owners_pass_through_stays_so_and_is_closed_without_them(
    c: Config, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(c, state=state)
    folders = (state, state / "drives", state / "link")
    for folder in folders:
        folder.chmod(0o711)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    configure(Config(), state=state)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o711, 0o711, 0o700]
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    configure(Config(), state=state)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3


@pytest.mark.parametrize(
    "command",
    [
        ["python3", "-m", "jupyterhub_idle_culler", "--timeout=3600"],
        ["jupyterhub-idle-culler"],
        "python3 cull_idle_servers.py",
        "jupyterhub-idle-culler --timeout=3600",
    ],
)
def test_a_culler_beside_us_is_warned_of(
    c: Config, state: Path, command: object, caplog: pytest.LogCaptureFixture
) -> None:
    c.JupyterHub.services = [{"name": "culler", "command": command}]
    with caplog.at_level(logging.WARNING):
        configure(c, state=state)
    assert "The service ‘culler’ culls servers" in caplog.text


def test_a_limit_of_named_servers_is_warned_of(
    c: Config, state: Path, caplog: pytest.LogCaptureFixture
) -> None:
    c.JupyterHub.named_server_limit_per_user = 3
    c.JupyterHub.services = [{"name": "metrics", "url": "http://x"}, {"name": "x", "command": None}]
    with caplog.at_level(logging.WARNING):
        configure(c, state=state)
    assert "named_server_limit_per_user" in caplog.text
    assert "culls" not in caplog.text


def test_a_refusal_of_ours_is_a_400_with_the_plain_sentence_alone() -> None:
    refusal = hub_line.make_refusal("Use 100 % of <b>it</b>.", "policy")
    assert refusal.status_code == 400
    assert refusal.jupyterhub_message == "Use 100 % of <b>it</b>."  # type: ignore[attr-defined]
    assert not getattr(refusal, "jupyterhub_html_message", None)
    assert "Use 100 % of <b>it</b>." in str(refusal)
