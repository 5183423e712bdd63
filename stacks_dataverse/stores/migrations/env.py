"""Alembic's entry: runs the versions on the connection that it is handed, one migration at a time."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection)
with context.begin_transaction():
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('stacks_dataverse.migrate'))")
    context.run_migrations()
