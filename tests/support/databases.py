"""What a test asks a database itself."""

from typing import Any

import psycopg2


def query(dsn: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement; with values it has a `%s` for each."""
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()
