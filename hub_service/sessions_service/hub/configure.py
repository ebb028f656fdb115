"""`configure(c)`: what brings Sessions to any hub; every line of it can be written by hand."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jupyterhub.crypto import CryptKeeper
from traitlets import TraitError
from traitlets.config import Config, Configurable
from traitlets.config.loader import LazyConfigValue

from sessions_spawner import hub_line, hub_process
from sessions_spawner.cluster_settings import wrong_together
from sessions_spawner.mixin import SessionSpawner
from sessions_spawner.settings import SETTINGS
from sessions_spawner.wire.secret import BadSecret

from ..db.seal import KEY_VARIABLE
from .on_kubernetes import unserved
from .own_place import OwnPlace, find_own_place
from .ports import is_hub_starting, is_port, keep_port

log = logging.getLogger("jupyterhub.sessions")

SERVICE: Final = "sessions"
LOCAL: Final = "sessions_spawner.local.spawner.LocalSessionSpawner"
KUBERNETES: Final = "sessions_spawner.kubernetes.spawner.KubeSessionSpawner"

# Whose settings we extend, by what they are called; other spawners are refused by name.
_FAMILIES: Final = {
    LOCAL: (
        "localprocess",
        "simple",
        "LocalProcessSpawner",
        "SimpleLocalProcessSpawner",
        "LocalSessionSpawner",
    ),
    KUBERNETES: ("kubespawner", "KubeSpawner", "KubeSessionSpawner"),
}

# The least that works; docs/administrators/scopes.md says what each is for.
SERVICE_SCOPES: Final = (
    hub_line.START_SCOPE,
    "delete:servers",
    "read:servers",
    "read:users:name",
)
VISITOR_SCOPES: Final = (
    f"access:services!service={SERVICE}",
    hub_line.START_SCOPE,
    "delete:servers",
    "read:servers",
    "read:users:name",
    # Carried by those who hold them: what the service may do for its visitor.
    "custom:sessions:custom-image",
    "custom:sessions:pod-spec",
)
# A session's token reports activity and opens nothing (security decision 10).
TOKEN_SCOPES: Final = ("users:activity!user",)
CUSTOM_SCOPES: Final = {
    "custom:sessions:publish": {"description": "Publish sessions to others"},
    "custom:sessions:custom-image": {"description": "Start sessions from an image of one's own"},
    "custom:sessions:pod-spec": {"description": "Customise the pod of a session"},
    "custom:sessions:admin": {"description": "Administer sessions"},
}


_CULLER: Final = re.compile(r"idle[-_]culler|cull[-_]idle")
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class ConfigureError(Exception):
    """The configuration cannot carry Sessions; the sentence says what to change."""


def configure(
    c: Config,
    *,
    state: str | os.PathLike[str] | None = None,
    port: int | None = None,
    service: str | None = None,
    link: str | None = None,
    secrets: str | os.PathLike[str] | None = None,
    open_sessions_after_login: bool = True,
) -> None:
    """Bring the Sessions platform to this hub; call it on the file's last line.

    `state` is the folder for database, drives and secrets (default: `SESSIONS_STATE`, else
    `jupyterhub-sessions` in the hub's folder), `port` the service's inner port (default: a free
    one, kept for the next start).

    A service in a place of its own is named by `service` (`http://HOST:8900`), `link` (`HOST:PORT`;
    default: port 8901 there) and the folder `secrets` where its Secret is mounted. Raises
    `ConfigureError`.
    """
    if port is not None and not is_port(port):
        raise ConfigureError(f"configure(c, port={port!r}): choose a port from 1 to 65535.")
    try:
        place = find_own_place(service, link, secrets)
    except (ValueError, BadSecret) as wrong:
        raise ConfigureError(f"configure(c): {wrong}") from None
    if place and not place.is_on_this_machine and not _runs_pods(_spawner_for(c)):
        raise ConfigureError(
            "Sessions of this machine report to a service of this machine: write "
            "configure(c, service='http://127.0.0.1:8900', …), or take KubeSpawner."
        )
    folder = make_state_folder(state)
    inner_port = place.port if place else port or keep_port(folder / "link" / "service.port")
    _set_spawner(c)
    _set_roles(c)
    if place:
        _add_service(c, {"url": place.url, "api_token": place.token})
    else:
        _add_service(c, make_child(c, folder, inner_port))
    _set_pages(c, open_sessions_after_login)
    _warn(c)
    _start_link(folder, inner_port, place)


def make_state_folder(state: str | os.PathLike[str] | None) -> Path:
    """Make the state folder, closed to others, with what it holds."""
    folder = Path(state or os.environ.get("SESSIONS_STATE") or "jupyterhub-sessions").resolve()
    drives = folder / "drives"
    for path in (folder, drives, folder / "link", folder / "processes"):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Owners of drives pass through where they are system users (storage.folders).
        passed = 0o011 if os.geteuid() == 0 and path in (folder, drives) else 0
        if path.stat().st_mode & 0o077 & ~passed:
            path.chmod(0o700)
    return folder


def _given(c: Config, name: str, default: Any) -> Any:
    """Return what the file has set of the hub, also by `.append` and `.update`; else a default."""
    value = c.JupyterHub.get(name, default)
    return value.get_value(default) if isinstance(value, LazyConfigValue) else value


def _set_spawner(c: Config) -> None:
    c.JupyterHub.spawner_class = _spawner_for(c)
    c.Spawner.server_token_scopes = list(TOKEN_SCOPES)
    c.JupyterHub.allow_named_servers = True
    # Answer a slow start early: the service follows it by reports.
    c.JupyterHub.tornado_settings = {
        "slow_spawn_timeout": 1,
        **_given(c, "tornado_settings", {}),
    }


def _spawner_for(c: Config) -> object:
    """Return what sessions start with: ours, for the chosen one. Raises `ConfigureError`."""
    chosen = c.JupyterHub.get("spawner_class", "localprocess")
    return chosen if is_ours(chosen) else _class_for(chosen)


def _class_for(chosen: object) -> str:
    """Return our spawner of the family that the chosen one is from. Raises `ConfigureError`."""
    name = chosen if isinstance(chosen, str) else getattr(chosen, "__name__", str(chosen))
    for ours, family in _FAMILIES.items():
        if name in family or name.rpartition(".")[2] in family:
            return ours
    raise ConfigureError(
        f"Sessions extends LocalProcessSpawner, KubeSpawner and their kin, not ‘{name}’. "
        "Remove c.JupyterHub.spawner_class, or set it to 'localprocess' or 'kubespawner'."
    )


def is_ours(chosen: object) -> bool:
    """Tell whether a spawner is ours, or an administrator's own class made from one of ours."""
    if isinstance(chosen, type):
        return issubclass(chosen, SessionSpawner)
    return chosen in _FAMILIES


def _runs_pods(chosen: object) -> bool:
    """Tell whether sessions are pods, each apart from the machine and from all others."""
    if isinstance(chosen, type):
        return any(one.__name__ == "KubeSessionSpawner" for one in chosen.__mro__)
    return chosen == KUBERNETES


def _set_roles(c: Config) -> None:
    roles = [dict(role) for role in _given(c, "load_roles", [])]
    access = f"access:services!service={SERVICE}"
    user = next((role for role in roles if role["name"] == "user"), None)
    if user is None:
        roles.append({"name": "user", "scopes": ["self", access]})
    else:
        user["scopes"] = [*user.get("scopes", ["self"]), access]
    roles.append(
        {"name": "sessions-service", "services": [SERVICE], "scopes": list(SERVICE_SCOPES)}
    )
    c.JupyterHub.load_roles = roles
    c.JupyterHub.custom_scopes = {**_given(c, "custom_scopes", {}), **CUSTOM_SCOPES}


def make_child(c: Config, folder: Path, port: int) -> dict[str, Any]:
    """Return what makes the service a child of the hub."""
    keys = sealing_keys(c)
    return {
        "url": f"http://127.0.0.1:{port}",
        "command": [sys.executable, "-m", "sessions_service", "serve", "--state", str(folder)],
        # Unlike the command, the hub shows it to nobody.
        **({"environment": {KEY_VARIABLE: keys}} if keys else {}),
    }


def _add_service(c: Config, where: dict[str, Any]) -> None:
    services = list(_given(c, "services", []))
    if any(service.get("name") == SERVICE for service in services):
        raise ConfigureError(f"c.JupyterHub.services has a ‘{SERVICE}’ already; remove it.")
    services.append(
        {
            "name": SERVICE,
            "oauth_no_confirm": True,
            "oauth_client_allowed_scopes": list(VISITOR_SCOPES),
            "display": True,
            **where,
        }
    )
    c.JupyterHub.services = services


def sealing_keys(c: Config) -> str:
    """Return the keys with which this hub keeps auth state, as the service takes them; or ``."""
    try:
        keys: list[bytes] = CryptKeeper(config=c).keys
    except (TraitError, ValueError):
        raise ConfigureError(
            f"{KEY_VARIABLE} (or c.CryptKeeper.keys) has a key that is none: use 32 bytes, "
            "such as `openssl rand -hex 32` prints."
        ) from None
    return ";".join(key.hex() for key in keys)


def _set_pages(c: Config, open_after_login: bool) -> None:
    here = Path(__file__).parent
    given = _given(c, "template_paths", [])
    # The bar goes before an administrator's own pages, the others make room for them.
    c.JupyterHub.template_paths = [str(here / "templates"), *given, str(here / "pages")]
    if open_after_login and "default_url" not in c.JupyterHub:
        base = "/".join(("", *filter(None, c.JupyterHub.get("base_url", "/").split("/")), ""))
        c.JupyterHub.default_url = f"{base}services/{SERVICE}/"


def _warn(c: Config) -> None:
    if c.JupyterHub.get("named_server_limit_per_user"):
        log.warning(
            "named_server_limit_per_user counts stopped servers too and stands in the way of "
            "sessions: remove it and set c.SessionLimits.running."
        )
    for service in c.JupyterHub.services:
        command = service.get("command") or []
        words = command if isinstance(command, str) else " ".join(map(str, command))
        if _CULLER.search(words):
            log.warning(
                "The service ‘%s’ culls servers beside the sessions' own idle clock: remove it.",
                service["name"],
            )


def _start_link(folder: Path, port: int, place: OwnPlace | None) -> None:
    """Start the link, unless another command of the hub reads the file."""
    if is_hub_starting():
        asyncio.get_running_loop().call_soon(_attach, folder, port, place)


def _attach(folder: Path, port: int, place: OwnPlace | None) -> None:
    from jupyterhub.app import JupyterHub

    hub = JupyterHub.instance()
    problems = [*undone(hub.config), *unsafe(hub.config), *wrong(hub.config)]
    chosen = hub.config.JupyterHub.get("spawner_class")
    if _runs_pods(chosen):
        problems += unserved(hub.config, _spawner_sections(chosen))
    if problems:
        for problem in problems:
            log.critical(problem)
        hub.exit(1)
    if place:
        end = hub_process.attach(hub, folder, port, address=place.link, secret=place.secret)
    else:
        end = hub_process.attach(hub, folder, port)
    hub_process.when_serving(hub, end.serve)


def unsafe(config: Config) -> list[str]:
    """Return why sessions of one system user must not be served so, one sentence each.

    Every such session can act as any other's visitor (security decisions 1 and 8). A hub that runs
    as root gives each user's sessions a system user of their own, unless all trust each other.
    """
    found: list[str] = []
    if _runs_pods(config.JupyterHub.get("spawner_class")):
        return found
    trusted = config.SessionPolicy.get("users_trust_each_other", False)
    if not trusted and os.geteuid() == 0:
        return found
    if not trusted:
        found.append(
            "All sessions run as one system user here: set "
            "c.SessionPolicy.users_trust_each_other = True if all users trust each other, or run "
            "the hub as root, so that each session runs as the system user of its owner's name."
        )
    found += _wide_addresses(config)
    return found


def _wide_addresses(config: Config) -> list[str]:
    """Return which addresses of the hub are more than this machine's own, one sentence each."""
    given = config.JupyterHub
    found = []
    public = [given[name] for name in ("bind_url", "ip") if name in given] or [""]
    if not all(_host_of(address) in _LOOPBACK for address in public):
        found.append(
            "Sessions of one system user are served on this machine only: set "
            "c.JupyterHub.bind_url = 'http://127.0.0.1:8000'."
        )
    inner = [name for name in ("hub_bind_url", "hub_ip") if name in given]
    found += [
        f"c.JupyterHub.{name} reaches beyond this machine, and sessions of one system user must "
        "not: remove the line, or name 127.0.0.1 there."
        for name in inner
        if _host_of(given[name]) not in _LOOPBACK and not given[name].startswith("unix")
    ]
    return found


def _host_of(address: str) -> str:
    return (urlsplit(address).hostname or "") if "://" in address else address


def wrong(config: Config) -> list[str]:
    """Return which of our settings cannot be, one sentence each."""
    found = []
    for settings in SETTINGS:
        try:
            settings(config=config)
        except TraitError as error:
            found.append(f"{error}")
    return found or wrong_together(config)


def undone(config: Config) -> list[str]:
    """Return what later lines of the file undid, one sentence each."""
    found = []
    services: list[dict[str, Any]] = config.JupyterHub.get("services", [])
    if not any(service.get("name") == SERVICE for service in services):
        found.append("c.JupyterHub.services was set after configure(c).")
    if not is_ours(config.JupyterHub.get("spawner_class")):
        found.append("c.JupyterHub.spawner_class was set after configure(c).")
    if not config.JupyterHub.get("allow_named_servers"):
        found.append("c.JupyterHub.allow_named_servers was switched off after configure(c).")
    roles = config.JupyterHub.get("load_roles", [])
    if not any(role["name"] == "sessions-service" for role in roles):
        found.append("c.JupyterHub.load_roles was set after configure(c).")
    found += [
        f"c.{name}.server_token_scopes gives sessions more than they may have: remove the line."
        for name in _spawner_sections(config.JupyterHub.get("spawner_class"))
        if list(config[name].get("server_token_scopes", TOKEN_SCOPES)) != list(TOKEN_SCOPES)
    ]
    return found


def _spawner_sections(chosen: object) -> list[str]:
    """Return the sections of the configuration that the spawner reads."""
    if isinstance(chosen, type):
        return [one.__name__ for one in chosen.__mro__ if issubclass(one, Configurable)]
    classes = (name for family in _FAMILIES.values() for name in family if name[0].isupper())
    return ["Spawner", *classes]
