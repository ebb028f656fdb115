"""Asks a hub for its health without a pause, until told to stop: `... URL`, a line on stdin ends.

Prints a line once the hub has answered, and at the end the longest time that an answer took.
"""

from __future__ import annotations

import select
import sys
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

_PAUSE = 0.01


def main(url: str) -> None:
    """Listen to the hub."""
    address = urlsplit(url)
    assert address.hostname is not None
    connection = HTTPConnection(address.hostname, address.port, timeout=600)
    longest = 0.0
    is_first = True
    while True:
        began = time.monotonic()
        connection.request("GET", "/hub/health")
        connection.getresponse().read()
        if is_first:
            print("heard", flush=True)
            is_first = False
        else:
            longest = max(longest, time.monotonic() - began)
        if select.select([sys.stdin], [], [], _PAUSE)[0]:
            break
    print(longest)


if __name__ == "__main__":
    main(sys.argv[1])
