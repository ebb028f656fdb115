"""Where a drive's files lie, which kind of storage that is, and how it can be mounted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = ("place", "storage_class", "access_mode")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("drives", sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("drives", name)
