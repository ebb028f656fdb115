"""Migrations of the database, packaged; run by alembic without a configuration file."""

from __future__ import annotations

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from ... import failpoints
from .. import search_index

_LOCATION: Final = "sessions_service.db:migrations"
# Two services that start at once upgrade one after the other.
_ADVISORY_LOCK: Final = 7_265_411


class UnknownRevision(Exception):
    """The database was made by a newer version of this service."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to a revision, the newest by default.

    Raises `UnknownRevision` if a newer version made them; then nothing is changed.
    """
    with engine.begin() as connection:
        command.upgrade(_begin(connection), revision)
        failpoints.hit("migrate.mid_step")
        search_index.ensure(connection)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the tables back to an older revision; `base` removes them all."""
    with engine.begin() as connection:
        command.downgrade(_begin(connection), revision)


def current_revision(connection: Connection) -> str | None:
    """Return the revision that the tables have; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def make_config(connection: Connection) -> Config:
    """Return alembic's settings for a connection."""
    config = Config()
    config.set_main_option("script_location", _LOCATION)
    config.attributes["connection"] = connection
    return config


def _begin(connection: Connection) -> Config:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
    config = make_config(connection)
    revision = current_revision(connection)
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    if revision is not None and revision not in known:
        raise UnknownRevision(
            f"The database has revision {revision}, which this version of jupyterhub-sessions "
            "does not know: install the newer version that made it, or restore a backup from "
            "before it."
        )
    return config
