"""A hub that serves nobody: the real spawner of a real user, for a cluster that is nowhere."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from traitlets.config import Config

SERVER: Final = "s00000000001"
# What the hub gives to one start alone; the tests look for it where it must not be.
API_TOKEN: Final = "token-of-this-start"
NOWHERE: Final = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "nowhere",
    "clusters": [{"name": "nowhere", "cluster": {"server": "http://127.0.0.1:9"}}],
    "contexts": [{"name": "nowhere", "context": {"cluster": "nowhere", "user": "nobody"}}],
    "users": [{"name": "nobody", "user": {}}],
}


@asynccontextmanager
async def offline_spawner(
    config: Config, spawner_class: Any, *, user: str = "anna", groups: Sequence[str] = ()
) -> AsyncIterator[Any]:
    """Give a spawner as the hub has it in mid-start: with its server, its token and its user.

    The hub's tables are in memory and nothing listens.
    """
    from jupyterhub import orm
    from jupyterhub.app import JupyterHub
    from jupyterhub.objects import Hub
    from jupyterhub.user import UserDict

    from sessions_spawner import hub_process

    config.JupyterHub.bind_url = "http://10.0.0.1:8000/"
    config.JupyterHub.log_level = "ERROR"
    app = JupyterHub(config=config)
    app.spawner_class = spawner_class
    engine = create_engine("sqlite://")
    orm.Base.metadata.create_all(engine)
    app.db = db = Session(engine)
    app.hub = Hub(base_url="/hub/", public_host="", ip="10.0.0.1", port=8081)
    given = {"spawner_class": spawner_class, "config": config, "hub": app.hub, "db": db}
    app.users = UserDict(lambda: db, {**given, "base_url": "/"})
    row = orm.User(name=user, groups=[orm.Group(name=name) for name in groups])
    db.add_all([row, orm.Spawner(name=SERVER, user=row)])
    db.commit()
    with _nowhere() as folder:
        process = hub_process.HubProcess(app, folder, 8001, secret=bytes(32))
        try:
            with _instead(hub_process, "_current", process):
                yield _as_started(app.users[row], db)
        finally:
            # In a hub they live as long as its process.
            process.link._outbox.close()
            db.close()
            engine.dispose()


def _as_started(user: Any, db: Any) -> Any:
    """Return a spawner with what the hub sets before it calls `start`."""
    from jupyterhub import orm
    from jupyterhub.objects import Server

    spawner = user.get_spawner(SERVER)
    server = orm.Server(base_url=f"/user/{user.name}/{SERVER}/")
    spawner.orm_spawner.server = server
    db.commit()
    spawner.server = Server(orm_server=server)
    spawner.api_token = API_TOKEN
    spawner.oauth_client_id = f"jupyterhub-user-{user.name}"
    return spawner


@contextmanager
def _nowhere() -> Iterator[Path]:
    """Have the Kubernetes client find a cluster that is nowhere; give a hub's state folder."""
    from kubernetes_asyncio.config import kube_config

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "link").mkdir()
        kubeconfig = folder / "kubeconfig"
        kubeconfig.write_text(json.dumps(NOWHERE))
        # What the client read of its environment when it was imported.
        with _instead(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(kubeconfig)):
            yield folder


@contextmanager
def _instead(thing: Any, name: str, value: object) -> Iterator[None]:
    before = getattr(thing, name)
    setattr(thing, name, value)
    try:
        yield
    finally:
        setattr(thing, name, before)
