"""The program of sessions that are made to fail: it serves in a moment and does as it is told.

Sent into pods as text, so that it imports nothing but the standard library.
"""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

held: list[bytes] = []


class Answers(BaseHTTPRequestHandler):
    """Answers anything; the last part of the path may be an order."""

    def do_GET(self) -> None:
        """Do as the path says, and answer."""
        order = self.path.rpartition("/")[2]
        if order == "crash":
            print("it went wrong here", flush=True)
            os._exit(7)
        while order == "fill":
            held.append(b"x" * 2**24)
        self.send_response(200)
        self.send_header("X-JupyterHub-Version", "6.1.1")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_words: object) -> None:
        """Print nothing of it: the last lines are to be the program's."""


# Nobody ends the first process of a container by a signal that it does not handle.
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
else:
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
port = next((int(word) for word in sys.argv if word.isdecimal()), 8888)
ThreadingHTTPServer(("0.0.0.0", port), Answers).serve_forever()
