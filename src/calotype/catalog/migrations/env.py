"""How Alembic reaches the database: on the connection that `Database.migrate` hands over, in its transaction."""

from alembic import context

from calotype.catalog.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
