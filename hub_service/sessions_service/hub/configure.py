"""`configure(c)`: what brings Sessions to any hub; every line of it can be written by hand."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import socket
import sys
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from jupyterhub.crypto import CryptKeeper
from traitlets import TraitError
from traitlets.config import Config, Configurable
from traitlets.config.loader import LazyConfigValue

from sessions_spawner import hub_line, hub_process
from sessions_spawner.mixin import SessionSpawner
from sessions_spawner.settings import SETTINGS

from ..db.seal import KEY_VARIABLE

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
_PORT_SECONDS: Final = 5.0


class ConfigureError(Exception):
    """The configuration cannot carry Sessions; the sentence says what to change."""


def configure(
    c: Config,
    *,
    state: str | os.PathLike[str] | None = None,
    port: int | None = None,
    open_sessions_after_login: bool = True,
) -> None:
    """Bring the Sessions platform to this hub; call it on the file's last line.

    `state` is the folder for database, drives and secrets (default: `SESSIONS_STATE`, else
    `jupyterhub-sessions` in the hub's folder), `port` the service's inner port (default: a free
    one, kept for the next start). Raises `ConfigureError`.
    """
    if port is not None and not is_port(port):
        raise ConfigureError(f"configure(c, port={port!r}): choose a port from 1 to 65535.")
    folder = make_state_folder(state)
    inner_port = port or keep_port(folder / "link" / "service.port")
    _set_spawner(c)
    _set_roles(c)
    _set_service(c, folder, inner_port)
    _set_pages(c, open_sessions_after_login)
    _warn(c)
    _start_link(folder, inner_port)


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


def keep_port(path: Path) -> int:
    """Return the loopback port that is kept in a file, or a free one that is kept from now on.

    Sessions that outlive a killed hub go on reporting their use to the port they were told.
    """
    try:
        kept = int(path.read_text())
    except (FileNotFoundError, ValueError):
        kept = 0
    if not is_port(kept) or (_is_hub_starting() and not _becomes_free(kept)):
        kept = find_free_port()
        path.touch(mode=0o600)
        path.write_text(str(kept))
    return kept


def is_port(number: object) -> bool:
    """Tell whether something is the number of a port."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < 65536


def find_free_port() -> int:
    """Return a loopback port that is free now."""
    return _try_bind(0)


def _becomes_free(port: int) -> bool:
    """Tell whether a port is free, or soon: the service of a killed hub needs a moment to end."""
    give_up = time.monotonic() + _PORT_SECONDS
    while True:
        try:
            _try_bind(port)
        except OSError:
            if time.monotonic() > give_up:
                return False
            time.sleep(0.05)
        else:
            return True


def _try_bind(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        found: int = probe.getsockname()[1]
        return found


def _given(c: Config, name: str, default: Any) -> Any:
    """Return what the file has set of the hub, also by `.append` and `.update`; else a default."""
    value = c.JupyterHub.get(name, default)
    return value.get_value(default) if isinstance(value, LazyConfigValue) else value


def _set_spawner(c: Config) -> None:
    chosen = c.JupyterHub.get("spawner_class", "localprocess")
    if not is_ours(chosen):
        c.JupyterHub.spawner_class = _class_for(chosen)
    c.Spawner.server_token_scopes = list(TOKEN_SCOPES)
    c.JupyterHub.allow_named_servers = True
    # Answer a slow start early: the service follows it by reports.
    c.JupyterHub.tornado_settings = {
        "slow_spawn_timeout": 1,
        **_given(c, "tornado_settings", {}),
    }


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


def _set_service(c: Config, folder: Path, port: int) -> None:
    services = list(_given(c, "services", []))
    if any(service.get("name") == SERVICE for service in services):
        raise ConfigureError(f"c.JupyterHub.services has a ‘{SERVICE}’ already; remove it.")
    command = [sys.executable, "-m", "sessions_service", "serve", "--state", str(folder)]
    keys = sealing_keys(c)
    services.append(
        {
            "name": SERVICE,
            "url": f"http://127.0.0.1:{port}",
            "command": command,
            "oauth_no_confirm": True,
            "oauth_client_allowed_scopes": list(VISITOR_SCOPES),
            "display": True,
            # Unlike the command, the hub shows it to nobody.
            **({"environment": {KEY_VARIABLE: keys}} if keys else {}),
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
    templates = str(Path(__file__).parent / "templates")
    c.JupyterHub.template_paths = [templates, *_given(c, "template_paths", [])]
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


def _start_link(folder: Path, port: int) -> None:
    """Start the link, unless another command of the hub reads the file."""
    if _is_hub_starting():
        asyncio.get_running_loop().call_soon(_attach, folder, port)


def _is_hub_starting() -> bool:
    """Tell whether a hub reads its configuration file: it does so inside its event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _attach(folder: Path, port: int) -> None:
    from jupyterhub.app import JupyterHub

    hub = JupyterHub.instance()
    problems = [*undone(hub.config), *unsafe(hub.config), *wrong(hub.config)]
    if problems:
        for problem in problems:
            log.critical(problem)
        hub.exit(1)
    process = hub_process.attach(hub, folder, port)
    hub_process.when_serving(hub, process.serve)


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
    return found


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
