"""A PostgreSQL server of the tests' own: a socket in a private folder, no port, no durability."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

START_SECONDS = 30.0
_numbers = count(1)


@dataclass(frozen=True)
class PostgresqlServer:
    """A running server; `sockets` is the folder by which it is reached."""

    sockets: Path

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """Give the SQLAlchemy URL of a new, empty database, which is dropped at the end."""
        name = f"tests_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql+psycopg://tests@/{name}?host={self.sockets}"
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Carry out one statement outside a transaction."""
        address = f"host={self.sockets} user=tests dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgresql(programs: Path) -> Iterator[PostgresqlServer]:
    """Run a server from PostgreSQL's programs; as another user if we are root, as it demands.

    Raises:
        RuntimeError: when it does not answer, with its log.
    """
    folder = Path(tempfile.mkdtemp(prefix="sessions-pg-"))
    user = _server_user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    own = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data, log = folder / "data", folder / "log"
    settings = "-c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=60"
    make = ["initdb", "--auth=trust", "--username=tests", "--encoding=UTF8", "--no-sync"]
    try:
        subprocess.run(
            [programs / make[0], *make[1:], "--locale=C.UTF-8", "--pgdata", data],
            check=True,
            cwd=folder,
            capture_output=True,
            **own,  # type: ignore[call-overload]
        )
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, *settings.split()],
                cwd=folder,
                stdout=output,
                stderr=output,
                **own,  # type: ignore[call-overload]
            )
        try:
            yield _wait_until_it_answers(PostgresqlServer(folder), server, log)
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server_user() -> pwd.struct_passwd | None:
    """Return the user to run as: none but ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _wait_until_it_answers(
    server: PostgresqlServer, process: subprocess.Popen[bytes], log: Path
) -> PostgresqlServer:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.execute("SELECT 1")
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from error
            time.sleep(0.05)
        else:
            return server
