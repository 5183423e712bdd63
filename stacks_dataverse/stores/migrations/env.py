"""Alembic's entry: runs the versions on the connection that it is handed."""

from alembic import context

from stacks_dataverse.stores.version_table import NAME

context.configure(connection=context.config.attributes["connection"], version_table=NAME)
with context.begin_transaction():
    context.run_migrations()
