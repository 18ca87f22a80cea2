"""The tables of the catalog, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

HEAD = "0003"
"""The newest migration; a database at another one is migrated when it is opened."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Words(TypeDecorator[str]):
    """What a program has said: of any bytes, so what a database cannot hold (NUL, halves of surrogate pairs) is replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()


OPEN_IN_QUEUE = "queue <> '' AND state IN ('ready', 'running')"
"""Claims that `Claims.take_next` chooses among."""

_Serial = BigInteger().with_variant(Integer, "sqlite")

runs = Table(
    "runs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("pipeline", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("source", Text, nullable=False),
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False),
    Column("message", Words, nullable=False, server_default=""),
    Column("parent", String(64), nullable=False, server_default=""),
    Column("ended", Float, nullable=False, server_default="0"),
    Index("ix_runs_created", "created"),
)

steps = Table(
    "steps",
    metadata,
    Column("run", String(64), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("step", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("stage", String(255), nullable=False),
    Column("state", String(16), nullable=False),
    Column("key", String(64), nullable=False, server_default=""),
    Column("components", Text, nullable=False, server_default="{}"),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("adopted", Boolean, nullable=False, server_default="0"),
    Column("seconds", Float, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("total", Integer),
    Column("rejected", Integer, nullable=False, server_default="0"),
    Column("note", Words, nullable=False, server_default=""),
    Column("updated", Float, nullable=False, server_default="0"),
    Column("pinned_from", String(64), nullable=False, server_default=""),
    Index("ix_steps_stage", "stage", "updated"),
    Index("ix_steps_key", "key"),
)

claims = Table(
    "claims",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("owner", String(255), nullable=False),
    Column("lease_until", Float, nullable=False),
    Column("queue", String(64), nullable=False, server_default=""),
    Column("refused", Integer, nullable=False, server_default="0"),
    # Claims by key (those of steps) are in no queue, and cost this index nothing.
    Index(
        "ix_claims_queue",
        "queue",
        "lease_until",
        sqlite_where=text(OPEN_IN_QUEUE),
        postgresql_where=text(OPEN_IN_QUEUE),
    ),
)

items = Table(
    "items",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("segment", String(255), nullable=False),
    Column("outputs", Text, nullable=False),
    Column("rejected", Text),
)

lineage = Table(
    "lineage",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("role", String(8), primary_key=True),
    Column("port", String(64), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("item", String(64), nullable=False, server_default=""),
    Column("stage", String(255), nullable=False, server_default=""),
    Column("version", String(64), nullable=False, server_default=""),
    Index("ix_lineage_digest", "digest"),
    Index("ix_lineage_item", "key", "role", "item"),
)

source_digests = Table(
    "source_digests",
    metadata,
    Column("location", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("stamp", String(255), nullable=False),
    Column("digest", String(64), nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("seq", _Serial, primary_key=True, autoincrement=True),
    Column("run", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Column("body", Text, nullable=False),
    Column("id", String(32)),
    Index("ix_events_run", "run", "seq"),
    Index("ix_events_id", "id", unique=True),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("run", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("target", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Float, nullable=False),
    Column("error", Words, nullable=False, server_default=""),
    Index("ix_outbox_next", "state", "next_at"),
)

datasets = Table(
    "datasets",
    metadata,
    Column("name", String(255), primary_key=True),
    Column("created", Float, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
)

dataset_versions = Table(
    "dataset_versions",
    metadata,
    Column("dataset", String(255), ForeignKey("datasets.name", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("manifest", String(64), nullable=False),
    Column("parent", Integer, nullable=False, server_default="0"),
    Column("created", Float, nullable=False),
)

dataset_objects = Table(
    "dataset_objects",
    metadata,
    Column("dataset", String(255), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("kind", String(64), nullable=False),
    ForeignKeyConstraint(
        ["dataset", "version"],
        ["dataset_versions.dataset", "dataset_versions.version"],
        name="fk_dataset_objects_version",
        ondelete="CASCADE",
    ),
    Index("ix_dataset_objects_digest", "digest"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("salt", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scopes", String(255), nullable=False),
    Column("created", Float, nullable=False),
    UniqueConstraint("name", name="uq_api_keys_name"),
)

queue = Table(
    "queue",
    metadata,
    Column("run", String(64), primary_key=True),
    Column("asker", String(16), nullable=False),
    Column("idempotency_key", String(255)),
    Column("digest", String(64), nullable=False, server_default=""),
    Column("is_open", Boolean, nullable=False),
    Column("queued", Float, nullable=False),
    # Of rows without an idempotency key there may be many: NULLs differ from each other.
    UniqueConstraint("asker", "idempotency_key", name="uq_queue_idempotency"),
    Index("ix_queue_open", "is_open", "queued"),
)
