"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from sessions_service.db import search_index
from sessions_service.db.base import SequenceNumber, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
SORTS = ("sort_name", "sort_environment", "sort_drive", "created_at", "sort_end")
FILTERS = ("status", "environment", "drive_name", "billing_project")
TABLES = (
    "session_drives",
    "chronicle",
    "search_postings",
    "search_terms",
    "people",
    "idempotency_keys",
    "drives",
    "lease",
    "sessions",
)


def upgrade() -> None:
    _make_sessions()
    _make_session_indexes()
    _make_parts_of_sessions()
    _make_search()
    _make_drives()
    _make_keys()
    _make_lease()


def downgrade() -> None:
    search_index.drop(op.get_bind())
    for table in TABLES:
        op.drop_table(table)


def _text(
    name: str, *, nullable: bool = False, type_: sa.types.TypeEngine[str] | None = None
) -> sa.Column[str]:
    return sa.Column(name, type_ or sa.String(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime(), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=False)


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("seq", SequenceNumber, nullable=False),
        _text("id", type_=KEY),
        _text("server"),
        _text("owner"),
        _text("owner_key"),
        _text("email", nullable=True),
        _text("name"),
        _text("environment"),
        _text("environment_title"),
        _text("image", nullable=True),
        _text("state"),
        _text("wanted"),
        _text("cause", nullable=True),
        _text("ended_by", nullable=True),
        _text("ended_by_kind", nullable=True),
        _text("ended_on_behalf_of", nullable=True),
        _number("generation"),
        _number("version"),
        sa.Column("revision", SequenceNumber, nullable=False),
        _number("lines"),
        _text("origin"),
        _text("parent", nullable=True),
        _json("request"),
        _text("request_digest"),
        _text("cpu", nullable=True),
        _text("memory", nullable=True),
        _text("drive_id"),
        _text("drive_name"),
        _number("idle_timeout"),
        _number("max_lifetime", nullable=True),
        _time("created_at"),
        _time("started_at", nullable=True),
        _time("ready_at", nullable=True),
        _time("ended_at", nullable=True),
        _time("last_used_at", nullable=True),
        _time("extended_until", nullable=True),
        _time("lifetime_ends_at", nullable=True),
        _time("expires_at", nullable=True),
        _text("token_sha256", nullable=True),
        _text("billing_project", nullable=True),
        _text("service_account", nullable=True),
        _flag("archived"),
        _flag("hub_removed"),
        _json("stages"),
        _json("evidence"),
        _text("status"),
        _flag("is_live"),
        _flag("in_history"),
        _text("sort_name", type_=KEY),
        _text("sort_environment", type_=KEY),
        _text("sort_drive", type_=KEY),
        _time("sort_end"),
        _text("search", type_=sa.Text()),
        sa.PrimaryKeyConstraint("seq", name="pk_sessions"),
        sa.UniqueConstraint("id", name="uq_sessions_id"),
    )


def _make_session_indexes() -> None:
    for tab, condition in (("active", "is_live"), ("history", "in_history")):
        for column in SORTS:
            _partial(f"ix_{tab}_{column}", condition, column, "id")
            _partial(f"ix_{tab}_owner_{column}", condition, "owner_key", column, "id")
        for column in FILTERS:
            _partial(f"ix_{tab}_{column}", condition, column, "created_at", "id")
    for column in FILTERS:
        name = f"ix_history_owner_{column}"
        _partial(name, "in_history", "owner_key", column, "created_at", "id")
    _partial("uq_live_server", "is_live", "owner_key", "server", unique=True)
    if op.get_bind().dialect.name == "sqlite":
        covered = ("owner_key", "created_at", "id", *FILTERS, "search")
        _partial("ix_history_owner_search", "in_history", *covered)
    op.create_index(
        "ix_history_to_remove",
        "sessions",
        ["sort_end"],
        sqlite_where=sa.text("in_history = 1 AND hub_removed = 0"),
        postgresql_where=sa.text("in_history AND NOT hub_removed"),
    )
    op.create_index("ix_sessions_revision", "sessions", ["revision"])
    op.create_index("ix_sessions_token", "sessions", ["token_sha256"])


def _partial(name: str, condition: str, *columns: str, unique: bool = False) -> None:
    op.create_index(
        name,
        "sessions",
        list(columns),
        unique=unique,
        sqlite_where=sa.text(f"{condition} = 1"),
        postgresql_where=sa.text(condition),
    )


def _make_parts_of_sessions() -> None:
    op.create_table(
        "session_drives",
        _text("session_id"),
        _text("drive_id"),
        _text("path"),
        _flag("read_only"),
        _flag("is_home"),
        sa.PrimaryKeyConstraint("session_id", "drive_id", name="pk_session_drives"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_session_drives_session_id"
        ),
    )
    op.create_index("ix_session_drives_drive_id", "session_drives", ["drive_id"])
    op.create_table(
        "chronicle",
        _text("session_id"),
        _number("n"),
        _time("at"),
        _text("actor"),
        _text("actor_kind"),
        _text("on_behalf_of", nullable=True),
        _text("event"),
        _json("data"),
        sa.PrimaryKeyConstraint("session_id", "n", name="pk_chronicle"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_chronicle_session_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "people",
        _text("owner_key"),
        _text("owner"),
        _text("folded_email"),
        sa.PrimaryKeyConstraint("owner_key", name="pk_people"),
    )
    op.create_index("ix_people_owner", "people", ["owner"])


def _make_search() -> None:
    op.create_table(
        "search_terms",
        _text("term", type_=KEY),
        _number("sessions"),
        sa.PrimaryKeyConstraint("term", name="pk_search_terms"),
    )
    op.create_table(
        "search_postings",
        _text("term", type_=KEY),
        sa.Column("seq", SequenceNumber, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("term", "seq", name="pk_search_postings"),
        sqlite_with_rowid=False,
    )
    search_index.ensure(op.get_bind())


def _make_drives() -> None:
    op.create_table(
        "drives",
        _text("id"),
        _text("owner_key"),
        _text("owner"),
        _text("name"),
        _text("size", nullable=True),
        _time("created_at"),
        _time("last_used_at", nullable=True),
        _time("deleted_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_drives"),
    )
    kept = sa.text("deleted_at IS NULL")
    op.create_index(
        "uq_drives_owner_name",
        "drives",
        ["owner_key", "name"],
        unique=True,
        sqlite_where=kept,
        postgresql_where=kept,
    )
    op.create_index("ix_drives_owner", "drives", ["owner_key"])
    op.create_index("ix_drives_deleted_at", "drives", ["deleted_at"])


def _make_keys() -> None:
    op.create_table(
        "idempotency_keys",
        _text("owner_key"),
        _text("route"),
        _text("key"),
        _text("body_digest"),
        _time("created_at"),
        _text("made", nullable=True),
        _number("status", nullable=True),
        _text("answer", nullable=True, type_=sa.Text()),
        sa.PrimaryKeyConstraint("owner_key", "route", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])


def _make_lease() -> None:
    lease = op.create_table(
        "lease",
        _text("name", type_=sa.String(32)),
        _number("number"),
        _text("holder", type_=sa.String(64)),
        _time("renewed_at"),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.execute(
        lease.insert().values(
            name="service", number=0, holder="", renewed_at=sa.text("'1970-01-01 00:00:00.000000'")
        )
    )
