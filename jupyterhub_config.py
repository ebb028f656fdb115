"""The development hub: local sessions, a login for trying out, the sessions service."""

import os
import secrets
from pathlib import Path

from sessions_service.hub import configure, keep_port

c = get_config()  # noqa: F821 (JupyterHub gives it)

state = Path(os.environ.get("SESSIONS_STATE", ".state")).resolve()
state.mkdir(mode=0o700, parents=True, exist_ok=True)


def kept_password(name: str) -> str:
    """Return this checkout's password, made at random on first use and kept with mode 0600."""
    path = state / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


if image := os.environ.get("SESSIONS_IMAGE"):  # make run CLUSTER=1: sessions are pods
    c.JupyterHub.spawner_class = "kubespawner"
    c.KubeSpawner.image = image
    c.KubeSpawner.image_pull_policy = "Never"
    c.KubeSpawner.profile_list = [{"display_name": "Python", "slug": "python", "default": True}]
else:
    # One machine, one system user: every session could act as any other's visitor.
    c.SessionPolicy.users_trust_each_other = True

address = os.environ.get("SESSIONS_ADDRESS", "127.0.0.1")  # this machine as pods reach it
c.JupyterHub.bind_url = f"http://{address}:{os.environ.get('PORT', '8000')}"
# Inner ports are free ones, kept so that sessions find a hub that was restarted.
c.JupyterHub.hub_bind_url = f"http://{address}:{keep_port(state / 'hub.port')}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{keep_port(state / 'proxy.port')}"
c.JupyterHub.db_url = f"sqlite:///{state / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(state / "hub_cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(state / "proxy.pid")

c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = kept_password("password")
c.SharedPasswordAuthenticator.admin_password = kept_password("admin_password")
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"admin"}

c.LocalSessionSpawner.code_server = os.environ.get("SESSIONS_CODE_SERVER", "")
print(f"address: {c.JupyterHub.bind_url}")
print(f"password: {c.SharedPasswordAuthenticator.user_password}   (any user name)")
print(f"admin password: {c.SharedPasswordAuthenticator.admin_password}   (user name admin)")

configure(c, state=state)
