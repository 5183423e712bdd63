"""Which revision a warehouse is at. The table has a name of our own: Alembic's usual one may be another program's.

Alembic is imported by the functions: only a migration needs it, and it takes a third of a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import alembic.config
    import sqlalchemy

NAME = "dataverse_version"

# Alembic's usual name, which warehouses up to revision 0009 had it under.
FORMER_NAME = "alembic_version"

# Every revision of ours makes or keeps this table; others' databases have none of the name.
TABLE_OF_OURS = "built_days"

CAN_READ = f"""
    SELECT to_regclass('{TABLE_OF_OURS}') IS NOT NULL AND to_regclass('{NAME}') IS NULL
           AND has_table_privilege(to_regclass('{FORMER_NAME}'), 'SELECT')
"""

# The former table stays: the version of the code before this one goes by it when it is rolled back.
TAKE_OVER = f"CREATE TABLE {NAME} AS SELECT version_num FROM {FORMER_NAME}"
KEY = f"ALTER TABLE {NAME} ADD CONSTRAINT {NAME}_pkc PRIMARY KEY (version_num)"


def take_over(connection: sqlalchemy.Connection, config: alembic.config.Config) -> None:
    """Create the table with the revision of the former one, if that is a revision of this project with its tables."""
    if not connection.exec_driver_sql(CAN_READ).scalar():
        return
    held = connection.exec_driver_sql(f"SELECT version_num FROM {FORMER_NAME}").scalars().all()
    if held and _known(config).issuperset(held):
        connection.exec_driver_sql(TAKE_OVER)
        connection.exec_driver_sql(KEY)


def is_later(connection: sqlalchemy.Connection, config: alembic.config.Config) -> bool:
    """Whether a later version of the code made this warehouse: its revision is none that this one knows."""
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"version_table": NAME})
    return not _known(config).issuperset(context.get_current_heads())


def _known(config: alembic.config.Config) -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
