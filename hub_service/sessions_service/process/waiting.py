"""What a worker answers while another service holds the lease: 503, whatever is asked."""

from __future__ import annotations

import os
import secrets
import socket

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from ..web.errors import Away
from ..web.handler import SECURITY_HEADERS


class NotYet(RequestHandler):
    """Every address, until the lease is ours."""

    def set_default_headers(self) -> None:
        """Send the headers of every answer."""
        for name, value in SECURITY_HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Answer 503, whoever asks for whatever."""
        sentence = "Another service runs with this state folder. Try again in a moment."
        error = Away(sentence, nothing_happened=True)
        self.set_status(error.status)
        self.set_header("Retry-After", "2")
        self.finish(error.to_json(secrets.token_hex(4)))


def answer_not_yet(socket_fd: int) -> HTTPServer:
    """Answer 503 on the supervisor's socket until the server that is returned is stopped."""
    listener = socket.socket(fileno=os.dup(socket_fd))
    listener.setblocking(False)
    server = HTTPServer(Application([(r".*", NotYet)]), idle_connection_timeout=2)
    server.add_socket(listener)
    return server
