"""Connections to PostgreSQL that answer in Arrow: the driver's own classes, without its DB-API layer.

That layer imports pandas and polars, most of a second of CPU in each process, and asks the server for its data types
at every connection, 50 ms of CPU. Here a process asks once for each database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Self

import adbc_driver_manager
import adbc_driver_postgresql
import pyarrow as pa
from adbc_driver_manager import AdbcConnection, AdbcDatabase, AdbcStatement
from psycopg2.extensions import make_dsn, parse_dsn

Error = adbc_driver_manager.Error

BATCH_SIZE_OPTION = adbc_driver_postgresql.StatementOptions.BATCH_SIZE_HINT_BYTES.value
INGEST_TABLE_OPTION = adbc_driver_manager.INGEST_OPTION_TARGET_TABLE
INGEST_MODE_OPTION = adbc_driver_manager.INGEST_OPTION_MODE
INGEST_TEMPORARY_OPTION = adbc_driver_manager.StatementOptions.INGEST_TEMPORARY.value

QUOTES_NAMES = "SELECT 1 WHERE current_setting('quote_all_identifiers')::boolean"


class Connection:
    """One session of a server; every statement is its own transaction until BEGIN. Raises Error."""

    def __init__(self, connection: AdbcConnection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, dsn: str) -> Self:
        """Connect to the database of a libpq connection string."""
        return cls(AdbcConnection(_database(dsn)))

    @contextmanager
    def query(self, sql: str, batch_bytes: int | None = None) -> Iterator[pa.RecordBatchReader]:
        """Run one statement and stream its answer, in batches of about so many bytes.

        What goes wrong in mid-stream the reader raises, as an OSError or ArrowException without an SQLSTATE.
        """
        with AdbcStatement(self._connection) as statement:
            if batch_bytes:
                statement.set_options(**{BATCH_SIZE_OPTION: str(batch_bytes)})
            statement.set_sql_query(sql)
            answer, _ = statement.execute_query()
            with pa.RecordBatchReader.from_stream(answer) as reader:
                yield reader

    def execute(self, sql: str) -> None:
        """Run one statement that answers nothing."""
        with self.query(sql):
            pass

    def append(self, table: str, rows: pa.Table, *, temporary: bool) -> None:
        """Append rows to a table by binary COPY."""
        options = {INGEST_TABLE_OPTION: table, INGEST_MODE_OPTION: adbc_driver_manager.INGEST_OPTION_MODE_APPEND}
        with AdbcStatement(self._connection) as statement:
            statement.set_options(**options, **{INGEST_TEMPORARY_OPTION: "true" if temporary else "false"})
            statement.bind_stream(rows)
            statement.execute_update()

    def close(self) -> None:
        """End the session; what is not committed is undone."""
        self._connection.close()


@cache
def _database(dsn: str) -> AdbcDatabase:
    """What the driver knows of a database, with the data types that it asks for by name."""
    database = adbc_driver_postgresql.connect(dsn)
    with AdbcConnection(database) as connection, Connection(connection).query(QUOTES_NAMES) as reader:
        quotes_names = reader.read_all().num_rows > 0
    if not quotes_names:
        return database
    # The names that it got were quoted, and it knows none of them. A pooler may refuse options, so they are for this
    # case only.
    database.close()
    return adbc_driver_postgresql.connect(
        make_dsn(dsn, options=f"{parse_dsn(dsn).get('options', '')} -c quote_all_identifiers=off")
    )
