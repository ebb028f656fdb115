"""The server of a session that starts the ordinary way, on a socket that it inherits.

Nobody can take its port between the hub's choice and its own start, however long that takes.
"""

from __future__ import annotations

import socket
import sys

from . import passed_socket


def main() -> int:
    """Serve on the descriptor that comes first in the arguments; the rest are the server's."""
    descriptor, *arguments = sys.argv[1:]
    sys.argv = ["jupyterhub-singleuser", *arguments]
    return passed_socket.serve(socket.socket(fileno=int(descriptor)), arguments, lambda: None)


if __name__ == "__main__":
    sys.exit(main())
