"""Data sets and their versions; forks; queues of claims, with refused completions counted; lineage by item and stage."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _add_columns()
    op.create_index("ix_events_id", "events", ["id"], unique=True)
    op.create_index("ix_lineage_item", "lineage", ["key", "role", "item"])
    is_open = sa.text("queue <> '' AND state IN ('ready', 'running')")
    op.create_index(
        "ix_claims_queue", "claims", ["queue", "lease_until"], sqlite_where=is_open, postgresql_where=is_open
    )
    _create_datasets()


def _add_columns() -> None:
    def words(name: str, length: int) -> sa.Column[str]:
        return sa.Column(name, sa.String(length), nullable=False, server_default="")

    op.add_column("runs", words("parent", 64))
    op.add_column("runs", sa.Column("ended", sa.Float(), nullable=False, server_default="0"))
    op.execute("UPDATE runs SET ended = updated WHERE state <> 'running'")
    op.add_column("steps", words("pinned_from", 64))
    op.add_column("claims", words("queue", 64))
    op.add_column("claims", sa.Column("refused", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("lineage", words("item", 64))
    op.add_column("lineage", words("stage", 255))
    op.add_column("lineage", words("version", 64))
    op.add_column("events", sa.Column("id", sa.String(32)))
    op.add_column("outbox", sa.Column("error", sa.Text(), nullable=False, server_default=""))


def _create_datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("name", name="pk_datasets"),
    )
    op.create_table(
        "dataset_versions",
        sa.Column(
            "dataset",
            sa.String(255),
            sa.ForeignKey("datasets.name", name="fk_dataset_versions_dataset", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("manifest", sa.String(64), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("created", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "version", name="pk_dataset_versions"),
    )
    op.create_table(
        "dataset_objects",
        sa.Column("dataset", sa.String(255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("dataset", "version", "name", name="pk_dataset_objects"),
        sa.ForeignKeyConstraint(
            ["dataset", "version"],
            ["dataset_versions.dataset", "dataset_versions.version"],
            name="fk_dataset_objects_version",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_dataset_objects_digest", "dataset_objects", ["digest"])
