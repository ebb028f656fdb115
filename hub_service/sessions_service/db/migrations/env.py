"""What alembic runs: all steps in the transaction of the connection that it was given."""

from __future__ import annotations

from alembic import context

from sessions_service.db.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
