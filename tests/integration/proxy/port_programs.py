"""Programs that listen on a port: inside a session, and beside it."""

from __future__ import annotations

import contextlib
import itertools
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from tests.support.websockets import websocket

from .session_process import TOKEN
from .shell_client import HasUrl, shell

_numbers = itertools.count(1)

# Answers with the headers it got, and echoes at /echo; a second argument detaches it from whoever
# started it. The port is the system's choice and is printed.
PROGRAM = """
import json, os, sys
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketHandler

class Seen(RequestHandler):
    def get(self, path):
        self.finish({"headers": dict(self.request.headers), "uri": self.request.uri})
    post = get

class Echo(WebSocketHandler):
    def open(self):
        self.write_message(json.dumps({"headers": dict(self.request.headers)}))
    def on_message(self, message):
        self.write_message(message, binary=isinstance(message, bytes))

sockets = bind_sockets(0, sys.argv[1])
if len(sys.argv) > 2 and os.fork():
    os._exit(0)
if len(sys.argv) > 2:
    os.setsid()
    if os.fork():
        os._exit(0)
HTTPServer(Application([("/echo", Echo), ("(/.*)", Seen)])).add_sockets(sockets)
print(f"port:{sockets[0].getsockname()[1]}:", flush=True)
IOLoop.current().start()
"""


@contextlib.asynccontextmanager
async def listening_in(
    session: HasUrl,
    file: Path,
    *,
    token: str = TOKEN,
    host: str = "127.0.0.1",
    detached: bool = False,
) -> AsyncIterator[int]:
    """Run the program in a shell of the session, from the new file `file`; give its port."""
    file.write_text(PROGRAM)
    name = f"p{next(_numbers)}"
    async with shell(session, f"bash/websocket/{name}", token) as client:
        await client.type(f"python {file} {host} {'detached' if detached else ''}\r")
        yield int(await client.until(r"port:(\d+):"))
        await client.type("\x03")


@contextlib.contextmanager
def listening_beside(host: str = "127.0.0.1") -> Iterator[int]:
    """Run the program outside of every session; give its port."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, host], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline().split(":")[1])
        process.kill()


async def echoed(
    session: HasUrl,
    path: str,
    message: str | bytes,
    *,
    token: str | None = TOKEN,
    cookie: str = "",
) -> tuple[dict[str, str], str | bytes | None]:
    """Send a message to the program's websocket; return the headers it got, and its answer."""
    sent = {"Cookie": cookie} if cookie else {}
    if token is not None:
        sent["Authorization"] = f"token {token}"
    async with websocket(session.url + path, sent) as connection:
        first = await connection.read_message()
        assert first is not None
        await connection.write_message(message, binary=isinstance(message, bytes))
        return json.loads(first)["headers"], await connection.read_message()
