"""The addresses `proxy/<port>/` and `proxy/absolute/<port>/`, ahead of jupyter-server-proxy's own.

The proxying is jupyter-server-proxy's; what is decided here is to whom, and what he gets to see.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from urllib.parse import unquote_plus

from jupyter_server_proxy.handlers import LocalProxyHandler
from tornado.httputil import HTTPHeaders
from tornado.web import Application, HTTPError

from ..children import STRIPPED_HEADERS
from ..plain_page import POLICY, make_plain_page
from .own import LOCALHOST, OwnPorts

FIRST, LAST = 1024, 65535
PORT = re.compile(r"[1-9][0-9]{3,4}")
TOKEN_ARGUMENT = "token"
NO_PORT = f"A port is a number from {FIRST} to {LAST}, as in proxy/8080/."
NOT_OURS = "No program of this session listens on port {port}."

Rule: TypeAlias = tuple[str, type["PortHandler"], dict[str, Any]]


class NoDoor(HTTPError):
    """There is nothing to be reached at this address; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(403, "%s", sentence)
        self.sentence = sentence


class PortHandler(LocalProxyHandler):
    """Passes requests and websockets on to a program of this session that listens on a port."""

    def initialize(self, own_ports: OwnPorts) -> None:
        """Take which ports are the session's own."""
        self.own_ports = own_ports
        self.host = ""

    async def prepare(self) -> None:  # type: ignore[override]
        """Let in who is signed in, to ports of this session alone."""
        await super().prepare()
        if self._finished:
            return
        port = read_port(self.path_args[0])
        host = await self.own_ports.find_host(port)
        if host is None:
            raise NoDoor(NOT_OURS.format(port=port))
        self.host = host

    def proxy_request_headers(self) -> HTTPHeaders:
        """Return the visitor's headers without what shows who he is."""
        headers: HTTPHeaders = super().proxy_request_headers()
        for name in STRIPPED_HEADERS:
            headers.pop(name, None)
        return headers

    def get_client_uri(self, protocol: str, host: str, port: str, proxied_path: str) -> str:  # noqa: ARG002
        """Return where the program was found to listen, without the visitor's token."""
        uri: str = super().get_client_uri(protocol, self.host, port, proxied_path)
        return without_token(uri) if getattr(self, "_token_authenticated", False) else uri

    def _get_context_path(self, host: str, port: str) -> str:  # noqa: ARG002
        path: str = super()._get_context_path(LOCALHOST, port)
        return path

    def _check_host_allowlist(self, host: str) -> bool:
        return host == LOCALHOST

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say in a sentence why there is nothing to be seen; leave other errors to Jupyter."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        if not isinstance(error, NoDoor):
            super().write_error(status_code, **kwargs)
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("Cache-Control", "no-store")
        self.finish(make_plain_page("Ports", error.sentence))


def read_port(text: str) -> int:
    """Read a port from the address.

    Raises:
        NoDoor: for everything but a plain number from 1024 to 65535.
    """
    if PORT.fullmatch(text) is None or not FIRST <= int(text) <= LAST:
        raise NoDoor(NO_PORT)
    return int(text)


def without_token(uri: str) -> str:
    """Take the arguments out of an address by which a visitor may have signed in."""
    path, mark, query = uri.partition("?")
    kept = [
        argument
        for argument in query.split("&")
        if unquote_plus(argument.partition("=")[0]) != TOKEN_ARGUMENT
    ]
    return path + (mark + "&".join(kept) if kept else "")


def mount(application: Application, own_ports: OwnPorts) -> None:
    """Answer all of `proxy/` ourselves, whatever jupyter-server-proxy has mounted or will."""
    base = re.escape(application.settings["base_url"])
    rules: list[Rule] = [
        (
            rf"{base}proxy/{prefix}([^/]*)(/.*|)",
            PortHandler,
            {"own_ports": own_ports, "absolute_url": bool(prefix), "update_last_activity": False},
        )
        for prefix in ("absolute/", "")
    ]
    application.add_handlers(".*$", list(rules))
    # It puts them behind all that was added before: the first that matches answers.
    router = application.default_router.rules
    router.insert(0, router.pop(-2))
