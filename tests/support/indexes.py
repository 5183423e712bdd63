"""The indexes of a warehouse that is filled at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg2.extensions import cursor as Cursor

# What drops each primary key and index, and what makes it again.
INDEXES = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace
                             AND conrelid <> 'dataverse_version'::regclass
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE NOT indisprimary AND relnamespace = 'public'::regnamespace
"""


@contextmanager
def without_indexes(cursor: Cursor) -> Iterator[None]:
    """Drop every index and primary key, and make them again after: sorted, which takes a fraction of the time."""
    cursor.execute(INDEXES)
    statements = cursor.fetchall()
    for drop, _ in statements:
        cursor.execute(drop)
    yield
    for _, create in statements:
        cursor.execute(create)
