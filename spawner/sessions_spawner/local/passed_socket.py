"""JupyterHub's single-user server on a listening socket that was made before it started."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sys
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.serverapp import ServerApp
from traitlets.config import Config

SAVE_WITHIN_SECONDS = 3.0
FIRST_REPORT_SECONDS = 30.0
DEFAULT_APPS = frozenset(
    {"", "extension", "jupyter_server", "jupyter-server", "jupyter_server.serverapp.ServerApp"}
)


def serve(listener: socket.socket, argv: Iterable[str], on_serving: Callable[[], None]) -> int:
    """Run the single-user server until it ends and answer its exit status.

    `on_serving` is called once, by the server's event loop, when requests are answered.
    """
    if not is_forkable(os.environ):
        print(
            "JUPYTERHUB_SINGLEUSER_APP and JUPYTERHUB_SINGLEUSER_EXTENSION ask for another "
            "server: name it as the environment's executable instead.",
            file=sys.stderr,
        )
        return 1
    from jupyterhub.singleuser.extension import JupyterHubSingleUser

    listener.setblocking(False)
    listener.listen(1024)
    SessionServer.listener = listener
    SessionServer.on_serving = staticmethod(on_serving)
    # Only in this process: the extension has no other door for a server class of one's own.
    JupyterHubSingleUser.serverapp_class = SessionServer
    put_off_language_servers()
    put_off_first_report(JupyterHubSingleUser)
    JupyterHubSingleUser.launch_instance(list(argv))
    return 0


def is_forkable(env: Any) -> bool:
    """Say whether these variables ask for the server that can be forked, which is the default."""
    return (
        env.get("JUPYTERHUB_SINGLEUSER_EXTENSION", "") != "0"
        and env.get("JUPYTERHUB_SINGLEUSER_APP", "") in DEFAULT_APPS
    )


def user_defaults() -> Config:
    """Compute again what was computed from the fork server's HOME and USER at import.

    These are defaults only: configuration files and arguments still win. So does an extension
    manager that installs: here it would install into the environment that all sessions share.
    """
    config = Config()
    config.BaseFileIdManager.db_path = os.path.join(jupyter_data_dir(), "file_id_manager.db")
    config.Session.username = os.environ.get("USER", "username")
    if (lab := sys.modules.get("jupyterlab.commands")) is not None:
        config.LabApp.user_settings_dir = lab.get_user_settings_dir()
        config.LabApp.workspaces_dir = lab.get_workspaces_dir()
        config.LabApp.extension_manager = "readonly"
    return config


def put_off_language_servers() -> None:
    """Look for language servers when a page asks for them, not while the server starts.

    jupyter-lsp starts npm for it and walks through packages: more work than the rest of a start.
    """
    lsp = sys.modules.get("jupyter_lsp.serverextension")
    look = getattr(lsp, "initialize", None)
    if look is None:
        return

    def wait_until_asked(server: Any, *arguments: Any) -> None:
        looking: list[asyncio.Future[None]] = []

        async def ready() -> bool:
            if not looking:
                looking.append(asyncio.ensure_future(look(server, *arguments)))
            # Shielded: who asks first may leave before the answer comes.
            await asyncio.shield(looking[0])
            return True

        server.language_server_manager.ready = ready

    lsp.initialize = wait_until_asked  # type: ignore[union-attr]


def put_off_first_report(server_class: Any, seconds: float = FIRST_REPORT_SECONDS) -> None:
    """Report to the hub for the first time `seconds` after the start, give or take a third.

    The hub knows that the server has just begun, and has other servers to start.
    """
    keep_reporting = server_class.keep_activity_updated

    async def begin_later(server: Any) -> None:
        await asyncio.sleep(seconds * random.uniform(2 / 3, 4 / 3))  # noqa: S311 (spreads load)
        await keep_reporting(server)

    server_class.keep_activity_updated = begin_later


class SessionServer(ServerApp):
    """A Jupyter server that answers on a socket it was given, and ends within milliseconds."""

    name = ServerApp.name
    listener: socket.socket
    on_serving: Callable[[], None]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("config", user_defaults())
        super().__init__(**kwargs)

    def _find_http_port(self) -> None:
        """Look for no port: the socket is bound already."""

    def _bind_http_server(self) -> None:
        self.http_server.add_socket(self.listener)

    async def _post_start(self) -> None:
        self.on_serving()
        await super()._post_start()  # type: ignore[no-untyped-call]

    def _signal_stop(self, _number: int, _frame: FrameType | None) -> None:
        """End at once; only documents that were not saved yet are worth a wait.

        What the session's programs need to end is the keeper's business.
        """
        if self._open_rooms():
            self.io_loop.add_callback_from_signal(self._save_and_leave)
        else:
            self._leave()

    def _open_rooms(self) -> list[Any]:
        """Rooms of jupyter-collaboration whose last edit may not be on the disk."""
        rooms: list[Any] = []
        for app in self.extension_manager.extension_apps.get("jupyter_server_ydoc", ()):
            server = getattr(app, "ywebsocket_server", None)
            rooms.extend(getattr(server, "rooms", {}).values())
        pending = [getattr(room, "_saving_document", None) for room in rooms]
        return [
            room
            for room, task in zip(rooms, pending, strict=True)
            if task is not None and not task.done()
        ]

    async def _save_and_leave(self) -> None:
        saves = [room._save_to_disc() for room in self._open_rooms()]
        if saves:
            await asyncio.wait(saves, timeout=SAVE_WITHIN_SECONDS)
        self._leave()

    def _leave(self) -> None:
        try:
            self.remove_server_info_file()
            self.remove_browser_open_files()
            for kernel_id in self.kernel_manager.list_kernel_ids():
                self.kernel_manager.get_kernel(kernel_id).cleanup_connection_file()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(0)
