"""A PostgreSQL server of the tests' own: a socket in a private folder, no port, no durability."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import psycopg

START_SECONDS = 30.0
_numbers = count(1)


@dataclass(frozen=True)
class PostgresqlServer:
    """A running server; `sockets` is the folder by which it is reached.

    With an `address` it is reached over the network too, with the user `remote` and a password.
    """

    sockets: Path
    address: str = ""
    port: int = 0
    password: str = ""

    def url_from_afar(self, url: str) -> str:
        """Return the URL that other machines have for a database."""
        database = url.partition("@/")[2].partition("?")[0]
        user = f"remote:{self.password}@{self.address}:{self.port}"
        return f"postgresql+psycopg://{user}/{database}"

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """Give the SQLAlchemy URL of a new, empty database, which is dropped at the end."""
        name = f"tests_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql+psycopg://tests@/{name}?host={self.sockets}&port={self.port or 5432}"
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """Carry out one statement outside a transaction."""
        address = f"host={self.sockets} port={self.port or 5432} user=tests dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_postgresql(programs: Path, address: str = "") -> Iterator[PostgresqlServer]:
    """Run a server from PostgreSQL's programs; as another user if we are root, as it demands.

    It listens at an address of this machine if one is given.

    Raises:
        RuntimeError: when it does not answer, with its log.
    """
    folder = Path(tempfile.mkdtemp(prefix="sessions-pg-"))
    user = _server_user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    own = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data, log = folder / "data", folder / "log"
    settings = "-c fsync=off -c full_page_writes=off -c max_connections=60"
    make = ["initdb", "--auth=trust", "--username=tests", "--encoding=UTF8", "--no-sync"]
    try:
        subprocess.run(
            [programs / make[0], *make[1:], "--locale=C.UTF-8", "--pgdata", data],
            check=True,
            cwd=folder,
            capture_output=True,
            **own,  # type: ignore[call-overload]
        )
        server_at = PostgresqlServer(folder)
        if address:
            server_at = replace(
                server_at, address=address, port=_free_port(), password=secrets.token_hex(16)
            )
            with (data / "pg_hba.conf").open("a") as rules:
                rules.write("host all remote all scram-sha-256\n")
        listen = ["-c", f"listen_addresses={address}", "-c", f"port={server_at.port or 5432}"]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, *settings.split(), *listen],
                cwd=folder,
                stdout=output,
                stderr=output,
                **own,  # type: ignore[call-overload]
            )
        try:
            _wait_until_it_answers(server_at, server, log)
            if address:
                made = f"CREATE ROLE remote SUPERUSER LOGIN PASSWORD '{server_at.password}'"
                server_at.execute(made)
            yield server_at
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("", 0))
        return int(probe.getsockname()[1])


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
