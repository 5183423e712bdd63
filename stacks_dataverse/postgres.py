"""A PostgreSQL session that speaks Arrow, through ADBC; for the source and for the warehouse."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
import pyarrow as pa
from psycopg2.extensions import make_dsn, parse_dsn

from stacks_dataverse import adbc, postgres_types
from stacks_dataverse.errors import Terminal, from_database

# A server that vanished without a word is noticed after two minutes; the system's own default is two hours.
CONNECTION = {
    "connect_timeout": 10,
    "keepalives_idle": 60,
    "keepalives_interval": 10,
    "keepalives_count": 6,
    "tcp_user_timeout": 120_000,
}

# A server, a database or a role may set any of these otherwise, and SQL then means, or values are written as,
# something else. row_security: rows that a policy would hide are an error, not missing without a word.
PINNED = {
    "standard_conforming_strings": "on",
    "quote_all_identifiers": "off",
    "transform_null_equals": "off",
    "array_nulls": "on",
    "row_security": "off",
    "bytea_output": "hex",
    "client_encoding": "UTF8",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "TimeZone": "UTC",
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
    "default_transaction_deferrable": "off",
}

# Of a batch, of which several are in memory at once.
BATCH_BYTES = 4 * 1024 * 1024


class Session:
    """One connection, from `begin` on in a transaction until `commit`. Errors come out as Retryable or Terminal."""

    def __init__(self, connection: adbc.Connection, doing: str) -> None:
        self._connection = connection
        self._doing = doing
        # The driver refuses ROLLBACK TO SAVEPOINT after an error in a transaction that it began, so it begins none.
        self._begins = self._is_begun = False
        self._schemas: dict[tuple[str, ...], pa.Schema] = {}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a small answer."""
        with self._in_transaction() as connection, connection.query(sql) as reader:
            return [
                row
                for batch in self._stream(reader)
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
            ]

    def scalar(self, sql: str) -> Any:
        """Return the first column of the first row; None when there is no row."""
        rows = self.rows(sql)
        return rows[0][0] if rows else None

    def table(self, sql: str) -> pa.Table:
        """Return an answer as an Arrow table."""
        with self.batches(sql) as reader:
            return reader.read_all()

    @contextmanager
    def batches(self, sql: str) -> Iterator[pa.RecordBatchReader]:
        """Stream a large answer as Arrow record batches, about 4 MB each."""
        with self._in_transaction() as connection, connection.query(sql, BATCH_BYTES) as reader:
            schema = pa.schema([postgres_types.plain(field) for field in reader.schema])
            plain = (postgres_types.as_plain(batch, schema) for batch in self._stream(reader))
            yield pa.RecordBatchReader.from_batches(schema, plain)

    def execute(self, sql: str) -> None:
        """Run one statement that answers nothing."""
        with self._in_transaction() as connection:
            connection.execute(sql)

    def copy(self, table: str, rows: pa.Table, *, temporary: bool = False) -> None:
        """Append rows to a table by binary COPY; columns go by name and are cast to the table's types.

        What goes into a numeric is a decimal as it is, or a whole number of up to 76 digits.
        """
        with self._in_transaction() as connection:
            held = self._schema_of(connection, table, rows.column_names, temporary=temporary)
            for part in postgres_types.copied(rows, held):
                connection.append(table, part, temporary=temporary)

    def _schema_of(
        self, connection: adbc.Connection, table: str, columns: Sequence[str], *, temporary: bool
    ) -> pa.Schema:
        """The types of a table's columns; of one that is not temporary they are looked up once."""
        key = (table, *columns)
        if temporary or key not in self._schemas:
            names = ", ".join(f'"{name}"' for name in columns)
            with connection.query(f"SELECT {names} FROM {table} LIMIT 0") as reader:
                self._schemas[key] = reader.schema
        return self._schemas[key]

    def begin(self) -> None:
        """Undo from now on what is not committed."""
        self._begins = True

    def commit(self) -> None:
        """Make what was done last; the next statement begins a new transaction."""
        self._end("COMMIT")

    def rollback(self) -> None:
        """Undo what was done since the last commit."""
        self._end("ROLLBACK")

    def _stream(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        """What breaks off in mid-stream comes out of Arrow, as an error of the system's without an SQLSTATE."""
        try:
            yield from reader
        except (OSError, pa.ArrowException) as error:
            raise from_database(error, self._doing, None) from error

    @contextmanager
    def _in_transaction(self) -> Iterator[adbc.Connection]:
        with self._translate_errors():
            if self._begins and not self._is_begun:
                self._connection.execute("BEGIN")
                self._is_begun = True
            yield self._connection

    def _end(self, statement: str) -> None:
        if self._is_begun:
            with self._translate_errors():
                self._connection.execute(statement)
            self._is_begun = False

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except adbc.Error as error:
            raise from_database(error, self._doing, error.sqlstate) from error


@contextmanager
def connect(
    name: str, dsn: str, settings: Mapping[str, str], parameters: Mapping[str, int] = CONNECTION
) -> Iterator[Session]:
    """Open a session on the database of a libpq connection string or URI; what is not committed is undone.

    Args:
        name: what to call the database in messages: the id of its Airflow connection.
        dsn: libpq's own form, or a URI.
        settings: PostgreSQL settings of the session, besides those that are PINNED for all.
        parameters: libpq's, for how long to wait.
    Raises:
        Terminal: the server refuses the role, the password or the database; or the string is not one.
        Retryable: the server cannot be reached.
    """
    doing = _describe(name, dsn)
    with closing(_open(make_dsn(dsn, **parameters), doing)) as connection:
        session = Session(connection, doing)
        session.rows(_set(PINNED | settings))
        session.begin()
        yield session


def connect_psycopg2(dsn: str) -> psycopg2.extensions.connection:
    """Open a connection of psycopg2 with the PINNED settings, for Alembic. Raises psycopg2.Error."""
    connection = psycopg2.connect(dsn, **CONNECTION)
    with connection, connection.cursor() as cursor:
        cursor.execute(_set(PINNED))
    return connection


def _open(dsn: str, doing: str) -> adbc.Connection:
    try:
        return adbc.Connection.open(dsn)
    except adbc.Error as error:
        raise from_database(error, f"connecting to {doing}", error.sqlstate) from None


def _set(settings: Mapping[str, str]) -> str:
    """One statement that sets them all, for the whole session."""
    return "SELECT " + ", ".join(f"set_config('{name}', '{value}', false)" for name, value in settings.items())


def _describe(name: str, dsn: str) -> str:
    try:
        parts = parse_dsn(dsn)
    except Exception:
        raise Terminal(f"The connection {name} is not a PostgreSQL connection string or URI.") from None
    where = f"{parts.get('host', '(local socket)')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
    return f"{name} at {where} as {parts.get('user', '(nobody)')}"
