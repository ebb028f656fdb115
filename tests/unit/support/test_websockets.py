"""The websockets that tests open leave nothing open behind them."""

from __future__ import annotations

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application
from tornado.websocket import WebSocketHandler

from tests.support.websockets import websocket


class Talks(WebSocketHandler):
    """Says more than anybody reads, and leaves."""

    def open(self) -> None:
        """Say it all at once."""
        for number in range(5):
            self.write_message(str(number))
        self.close()


async def test_a_connection_whose_messages_were_not_read_is_closed_all_the_same() -> None:
    sockets = bind_sockets(0, "127.0.0.1")
    server = HTTPServer(Application([("/", Talks)]))
    server.add_sockets(sockets)
    async with websocket(f"http://127.0.0.1:{sockets[0].getsockname()[1]}/") as connection:
        stream = connection.protocol.stream if connection.protocol else None
        assert stream is not None
        assert await connection.read_message() == "0"
    assert stream.closed()
    server.stop()
    await server.close_all_connections()
