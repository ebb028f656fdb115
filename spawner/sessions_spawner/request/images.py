"""Image references as container runtimes read them, and the patterns that allow some of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

_FORM: Final = "Use a form like registry.example.org/team/image:1.2."
_PATTERN_FORM: Final = "write it like registry.example.org/team/*, with its host"
_HUB: Final = "docker.io"

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?")
_NAME: Final = r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
_REPOSITORY: Final = re.compile(rf"{_NAME}(?:/{_NAME})*")
_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")

# A pattern's host is whole, or any host below one, or any host: half a name would let in strangers.
_HOST_PATTERN: Final = re.compile(rf"\*|(?:\*\.)?{_HOST.pattern}")
_REPOSITORY_PATTERN: Final = re.compile(r"[a-z0-9._/*?-]+")
_TAG_PATTERN: Final = re.compile(r"[A-Za-z0-9._*?-]+")
_DIGEST_PATTERN: Final = re.compile(r"sha256:(?:\*|[0-9a-f]{64})")


@dataclass(frozen=True)
class Image:
    """An image reference, taken apart; without tag and digest it means the tag `latest`."""

    host: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        """Return the whole reference, which always has its host."""
        tag = f":{self.tag}" if self.tag is not None else ""
        digest = f"@{self.digest}" if self.digest is not None else ""
        return f"{self.host}/{self.repository}{tag}{digest}"


@dataclass(frozen=True)
class ImagePattern:
    """Which images are allowed: shell-style patterns, each for its own part of a reference.

    Without a tag and a digest it allows every version. With a tag it allows no digest, since a
    digest makes the tag mean nothing; with a digest (`@sha256:*`) the version has to be pinned.
    """

    text: str
    host: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    def fits(self, image: Image) -> bool:
        """Tell whether a reference fits wholly, part by part."""
        return (
            fnmatchcase(image.host, self.host)
            and fnmatchcase(image.repository, self.repository)
            and self._fits_version(image)
        )

    def _fits_version(self, image: Image) -> bool:
        if self.digest is not None:
            is_pinned = image.digest is not None and fnmatchcase(image.digest, self.digest)
            return is_pinned and (self.tag is None or fnmatchcase(image.tag or "", self.tag))
        if self.tag is None:
            return True
        return image.digest is None and fnmatchcase(image.tag or "latest", self.tag)


def parse_image(text: str) -> Image:
    """Return the parts of a reference; one without a host is the Docker Hub's.

    Raises `ValueError` for anything else: upper case, credentials, a scheme, another digest.
    """
    host, path, tag, digest = _split(text)
    if host in ("", f"index.{_HUB}"):
        host = _HUB
    if host == _HUB and "/" not in path:
        path = f"library/{path}"
    parts = ((host, _HOST), (path, _REPOSITORY), (tag, _TAG), (digest, _DIGEST))
    if len(path) > 255 or not all(part is None or form.fullmatch(part) for part, form in parts):
        raise ValueError(_FORM)
    return Image(host, path, tag, digest)


def read_pattern(text: str) -> ImagePattern:
    """Return a pattern of the administrator's. Raises `ValueError`, which says how to write it."""
    host, path, tag, digest = _split(text)
    if host == _HUB and not set("/*?") & set(path):
        path = f"library/{path}"
    parts = (
        (host, _HOST_PATTERN),
        (path, _REPOSITORY_PATTERN),
        (tag, _TAG_PATTERN),
        (digest, _DIGEST_PATTERN),
    )
    if not all(part is None or form.fullmatch(part) for part, form in parts):
        raise ValueError(f"‘{text}’ is no pattern of images; {_PATTERN_FORM}.")
    return ImagePattern(text, host, path, tag, digest)


def _split(text: str) -> tuple[str, str, str | None, str | None]:
    """Return host ("" if there is none), repository, tag and digest, unchecked.

    What stands before the first slash is a host only if it looks like one, as in every runtime:
    `team/image` is of the Docker Hub.
    """
    rest, has_digest, digest = text.partition("@")
    host, has_slash, path = rest.partition("/")
    if not has_slash or not (set(".:*") & set(host) or host == "localhost"):
        host, path = "", rest
    head, has_tag, tag = path.rpartition(":")
    path, tag = (head, tag) if has_tag else (tag, "")
    return host, path, tag if has_tag else None, digest if has_digest else None
