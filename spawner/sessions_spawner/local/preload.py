"""What a fork server imports before it serves, so that forked sessions need not."""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import importlib.util
import logging
import os
import platform
import sys
import sysconfig
from collections.abc import Iterator
from types import ModuleType

log = logging.getLogger("sessions.preload")

PROTOCOL = 1

# Imported for what they import, then dropped: these read JUPYTERHUB_* when they are imported
# (the cookie's path, certificates), so every session imports them afresh.
# `jupyterhub.singleuser.app` must never be loaded before a fork at all.
FRESH = ("jupyterhub.services.auth", "jupyterhub._xsrf_utils")

# Imported by a starting server or by its first requests, whatever extensions there are.
MODULES = (
    "asyncio",
    "tornado.platform.asyncio",
    "jupyter_core.migrate",
    "jupyter_server.serverapp",
    "jupyterhub.httpclient",
    "jupyterhub.log",
    "jupyterhub.utils",
    "IPython.lib.lexers",
    "jinja2.ext",
    "httpcore",
    "unittest.mock",
    "sessions_spawner.local.passed_socket",
)

# Extensions known to be the same for everybody when imported; others load in each session.
EXTENSIONS = (
    "jupyterlab",
    "notebook",
    "notebook_shim",
    "notebook_shim.nbserver",
    "jupyter_lsp",
    "jupyter_lsp.virtual_documents_shadow",
    "jupyter_server_terminals",
    "jupyter_server_fileid",
    "jupyter_server_ydoc",
    "jupyter_collaboration",
    "jupyter_server_proxy",
    "jupyter_resource_usage",
    "sessions_proxy",
    "sessions_proxy.code",
    "sessions_proxy.programs",
    "sessions_proxy.shell",
    "sessions_proxy.shell.command",
    "sessions_proxy.activity.extension",
    "sessions_proxy.ports.handlers",
)


def load() -> None:
    """Import the stack of a session; what is missing or broken is logged and left out.

    Afterwards the garbage collector leaves the imported objects alone, so that forked
    processes keep sharing their memory.
    """
    # A grammar built at import for `iri` formats alone: 56 % of all import time.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    for name in (*MODULES, *FRESH):
        _try_import(name)
    for name in _service_handlers():
        _try_import(name)
    for name in EXTENSIONS:
        if importlib.util.find_spec(name.partition(".")[0]) is not None:
            _try_import_extension(name)
    _fill_caches()
    for name in FRESH:
        _drop(name)
    gc.collect()
    gc.freeze()
    if (threads := len(os.listdir("/proc/self/task"))) != 1:
        log.warning(
            "the preloaded modules started threads; forked sessions lack them n=%d", threads
        )


def fingerprint() -> str:
    """Answer a text that changes when other packages are installed or the protocol changes."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    changed = [str(os.stat(folder).st_mtime_ns) for folder in sorted(folders)]
    return "|".join((str(PROTOCOL), sys.executable, *changed))


def _try_import(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except Exception as error:
        log.warning("not preloaded module=%s error=%r", name, error)
        return None


def _try_import_extension(name: str) -> None:
    """Import an extension and, as a server does first of all, ask it for its applications."""
    module = _try_import(name)
    points = getattr(module, "_jupyter_server_extension_points", None)
    if points is not None:
        try:
            points()
        except Exception as error:
            log.warning("not preloaded extension=%s error=%r", name, error)


def _service_handlers() -> Iterator[str]:
    server = _try_import("jupyter_server.serverapp")
    for names in getattr(server, "JUPYTER_SERVICE_HANDLERS", {}).values():
        yield from names or ()


def _fill_caches() -> None:
    """Do once what each server would do: ask `uname`, list entry points, build Jinja's lexer."""
    platform.processor()
    importlib.metadata.entry_points(group="jupyter_serverproxy_servers")
    if (jinja := _try_import("jinja2")) is not None:
        jinja.Environment().from_string("")


def _drop(name: str) -> None:
    sys.modules.pop(name, None)
    package, _dot, last = name.rpartition(".")
    if hasattr(sys.modules.get(package), last):
        delattr(sys.modules[package], last)
