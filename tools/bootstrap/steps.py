"""A step is done once for a key: a digest of everything its result is made from."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .places import BUILD, CHECKOUT, cache_folder

LEFT_OUT = frozenset({"__pycache__", "node_modules", ".made-from"})


class Trouble(Exception):
    """A step cannot be done; the message says why and what to do."""


@dataclass(frozen=True)
class Step:
    """One thing to have: its result, what it is made from, and how it is made.

    The stamp is removed before and written after the work, so a half-finished step is done again.
    """

    doing: str
    key: str
    product: Path
    stamp: Path
    carry_out: Callable[[], None]

    def is_done(self) -> bool:
        """Tell whether the result is there and was made from the same things."""
        if not self.product.exists():
            return False
        try:
            return self.stamp.read_text() == self.key
        except FileNotFoundError:
            return False

    def ensure(self) -> None:
        """Carry the step out unless it is done.

        Raises:
            Trouble: when it cannot be done.
        """
        if self.is_done():
            return
        with one_at_a_time(self.stamp):
            if self.is_done():
                return
            self.stamp.unlink(missing_ok=True)
            say(f"{self.doing} ...")
            began = time.monotonic()
            self.carry_out()
            if not self.product.exists():
                raise Trouble(f"{self.doing}: ended well, but {self.product} is not there.")
            self.stamp.parent.mkdir(parents=True, exist_ok=True)
            self.stamp.write_text(self.key)
            say(f"{self.doing}: done in {time.monotonic() - began:.0f} s")


def say(line: str) -> None:
    """Print a progress line at once."""
    print(f"-- {line}", flush=True)


def stamp_of(name: str) -> Path:
    """Return the place of a stamp that cannot live inside the result."""
    return BUILD / "stamps" / name


@contextmanager
def one_at_a_time(stamp: Path) -> Iterator[None]:
    """Hold off other processes that would do the same step; the lock ends with its holder."""
    named = hashlib.sha256(str(stamp).encode()).hexdigest()[:12]
    home = BUILD if CHECKOUT in stamp.parents else cache_folder()
    folder = home / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / named).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another make that does the same step ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def made_aside(folder: Path) -> Iterator[Path]:
    """Give a new folder that becomes `folder` when the block ends well, and else is removed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        yield aside
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def digest(*parts: str | Path | Iterable[Path]) -> str:
    """Return a hex digest of texts and of files with their names; folders are walked."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            total.update(b"text\0" + part.encode() + b"\0")
            continue
        for path in [part] if isinstance(part, Path) else part:
            for file in _files(path):
                total.update(f"{file.relative_to(path.parent)}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    """Yield the files below a path in a fixed order, without caches and installed packages."""
    if path.is_file():
        yield path
        return
    for folder, names, files in os.walk(path):
        names[:] = sorted(set(names) - LEFT_OUT)
        for name in sorted(files):
            if name not in LEFT_OUT and not name.endswith((".pyc", ".tsbuildinfo")):
                yield Path(folder) / name
