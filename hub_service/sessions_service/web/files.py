"""The page's built files: kept by browsers for ever, and sent compressed where that is taken."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Any, Final

from tornado.web import StaticFileHandler

from .handler import SECURITY_HEADERS

# The build writes these copies beside each file; the smaller one first.
_ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
_REFUSED: Final = re.compile(r"q=0(\.0*)?$")


class HashedFiles(StaticFileHandler):
    """The page's files: their names change with their content."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Say which methods there are, where another one was asked for."""
        if status_code == 405:
            self.set_header("Allow", "GET, HEAD")
        super().write_error(status_code, **kwargs)

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """Return the file to send: the compressed copy if there is one that the browser takes."""
        path = super().validate_absolute_path(root, absolute_path)
        if path is None:
            return None
        self._type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        self.set_header("Vary", "Accept-Encoding")
        taken = taken_encodings(self.request.headers.get("Accept-Encoding", ""))
        for encoding, suffix in _ENCODINGS:
            if encoding in taken and Path(path + suffix).is_file():
                self.set_header("Content-Encoding", encoding)
                return super().validate_absolute_path(root, path + suffix)
        return path

    def get_content_type(self) -> str:
        """Return the type of the file, whatever it is compressed with."""
        return self._type

    def set_extra_headers(self, path: str) -> None:  # noqa: ARG002 (Tornado asks so)
        """Let browsers keep them for ever."""
        for name, value in SECURITY_HEADERS.items():
            self.set_header(name, value)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")


def taken_encodings(header: str) -> frozenset[str]:
    """Return the encodings that an `Accept-Encoding` header names and does not refuse."""
    taken = set()
    for part in header.lower().split(","):
        name, _, weight = (one.strip() for one in part.partition(";"))
        if name and not _REFUSED.match(weight):
            taken.add(name)
    return frozenset(taken)
