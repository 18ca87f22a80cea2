"""The service: keys of its API, hashed, and the runs that it has taken on."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scopes", sa.String(255), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("name", name="uq_api_keys_name"),
    )
    op.create_table(
        "queue",
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("asker", sa.String(16), nullable=False),
        sa.Column("idempotency_key", sa.String(255)),
        sa.Column("digest", sa.String(64), nullable=False, server_default=""),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("queued", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("run", name="pk_queue"),
        sa.UniqueConstraint("asker", "idempotency_key", name="uq_queue_idempotency"),
    )
    op.create_index("ix_queue_open", "queue", ["is_open", "queued"])
