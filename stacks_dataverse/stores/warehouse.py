"""The warehouse: PostgreSQL tables of facts by day, running state and end-of-day figures."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self

import psycopg2
import pyarrow as pa

from stacks_dataverse.errors import DataverseError, Terminal, from_database
from stacks_dataverse.postgres import CONNECTION, Session, connect, connect_psycopg2
from stacks_dataverse.sql_values import render
from stacks_dataverse.stores import version_table
from stacks_dataverse.window import Window

SETTINGS = {"lock_timeout": "10min", "statement_timeout": "30min"}

# For the page: a user waits for the answer, and a build must never wait for a page.
READ_ONLY = {
    "default_transaction_read_only": "on",
    "lock_timeout": "1s",
    "statement_timeout": "3s",
    "idle_in_transaction_session_timeout": "10s",
}
READ_ONLY_CONNECTION = CONNECTION | {"connect_timeout": 3, "tcp_user_timeout": 5000}

MIGRATIONS = Path(__file__).parent / "migrations"

# Advisory locks: one build of a day at a time; the running state and all that is made from it; vendors' series.
DAY_LOCK = "hashtext('stacks_dataverse.day'), '{day}'::date - '1970-01-01'::date"
STATE_LOCK = "hashtext('stacks_dataverse.state')"
MARKET_LOCK = "hashtext('stacks_dataverse.market')"
MIGRATE_LOCK = "hashtext('stacks_dataverse.migrate')"


def migrate(dsn: str, revision: str = "head") -> None:
    """Bring the warehouse's tables to this version of the code, or an older one; safe to repeat.

    A warehouse of a later version is left as it is: migrations only add, so that an earlier version can go on with it.
    Of several at once one migrates, and the others wait.
    """
    # A third of a second, which nothing else of the warehouse needs.
    import alembic.command
    import alembic.config
    import sqlalchemy

    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = sqlalchemy.create_engine("postgresql+psycopg2://", creator=lambda: connect_psycopg2(dsn))
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATE_LOCK})")
            version_table.take_over(connection, config)
            config.attributes["connection"] = connection
            if not version_table.is_later(connection, config):
                alembic.command.upgrade(config, revision)
    except psycopg2.Error as error:
        raise from_database(error, "migrating warehouse_db", error.pgcode) from None
    except sqlalchemy.exc.DBAPIError as error:
        raise from_database(error.orig, "migrating warehouse_db", error.orig.pgcode) from None
    finally:
        engine.dispose()


class Warehouse:
    """One connection to the warehouse. A `transaction` is atomic: others see all of it, or nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @classmethod
    @contextmanager
    def open(cls, dsn: str) -> Iterator[Self]:
        """Connect with a libpq connection string; Terminal when refused, Retryable when unreachable."""
        with connect("warehouse_db", dsn, SETTINGS) as session:
            yield cls(session)

    @classmethod
    @contextmanager
    def open_read_only(cls, dsn: str) -> Iterator[Self]:
        """Connect read-only; a query that takes longer than three seconds is cancelled."""
        with connect("warehouse_reader", dsn, READ_ONLY, READ_ONLY_CONNECTION) as session:
            yield cls(session)

    @contextmanager
    def transaction(self, lock: str | None = None) -> Iterator[Self]:
        """Commit what is done inside, or nothing of it; `lock` is an advisory lock held meanwhile."""
        self._session.rollback()
        try:
            if lock:
                self.lock(lock)
            yield self
            self._session.commit()
        except BaseException:
            self.roll_back()
            raise

    def lock(self, lock: str) -> None:
        """Wait for an advisory lock and hold it to the transaction's end."""
        self._session.rows(f"SELECT pg_advisory_xact_lock({lock})::text")

    def roll_back(self) -> None:
        """Undo what is not committed, so that the session is fit to use again after a failure.

        On a lost connection the server does so by itself, and the first error is the one to report.
        """
        with suppress(DataverseError):
            self._session.rollback()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is done inside when it fails, and nothing else of the open transaction."""
        self.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            with suppress(DataverseError):
                self.execute("ROLLBACK TO SAVEPOINT part")
            raise
        self.execute("RELEASE SAVEPOINT part")

    @contextmanager
    def hold_lock(self, lock: str) -> Iterator[None]:
        """Hold an advisory lock over several transactions; after a failure it may last as long as the session."""
        with self.transaction():
            self._session.rows(f"SELECT pg_advisory_lock({lock})::text")
        try:
            yield
        except BaseException:
            with suppress(DataverseError):
                self._unlock(lock)
            raise
        self._unlock(lock)

    def _unlock(self, lock: str) -> None:
        with self.transaction():
            self._session.rows(f"SELECT pg_advisory_unlock({lock})::text")

    def read(self, sql: str, **values: Any) -> pa.Table:
        """Return an answer as an Arrow table; `{name}` in the query stands for a value."""
        return self._session.table(render(sql, values))

    @contextmanager
    def stream(self, sql: str, timeout_seconds: int, **values: Any) -> Iterator[pa.RecordBatchReader]:
        """Stream a large answer as Arrow record batches; the query may take another time than the session's."""
        self.execute(f"SET LOCAL statement_timeout = '{timeout_seconds}s'")
        with self._session.batches(render(sql, values)) as batches:
            yield batches

    def scalar(self, sql: str, **values: Any) -> Any:
        """Return the first column of the first row of an answer; None when there is none."""
        return self._session.scalar(render(sql, values))

    def execute(self, sql: str, **values: Any) -> None:
        """Run a statement that answers nothing."""
        self._session.execute(render(sql, values))

    def append(self, table: str, rows: pa.Table) -> None:
        """Add rows to a table."""
        if rows.num_rows:
            self._session.copy(table, rows)

    def upsert(self, table: str, key: Sequence[str], rows: pa.Table) -> None:
        """Add rows to a table in the open transaction, or put them in the place of those of the same key."""
        columns, keys = ", ".join(rows.column_names), ", ".join(key)
        values = [name for name in rows.column_names if name not in key]
        held, new = (", ".join(f"{side}.{name}" for name in values) for side in ("held", "excluded"))
        self.execute(f"CREATE TEMP TABLE new_rows ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0")
        self._session.copy("new_rows", rows, temporary=True)
        self.execute(f"""
            INSERT INTO {table} AS held ({columns}) SELECT {columns} FROM new_rows
            ON CONFLICT ({keys}) DO UPDATE SET ({", ".join(values)}) = ROW ({new})
            WHERE ({held}) IS DISTINCT FROM ({new})
        """)
        self.execute("DROP TABLE new_rows")

    def replace_day(self, table: str, day: date, rows: pa.Table, key: str = "day") -> None:
        """Put rows in the place of a table's rows of a day, which `key` holds; the rows need not name it.

        Args:
            key: the table's column of days: a date, or unix seconds of UTC midnight when it is `timestamp`.
        Raises:
            Terminal: the table then holds another number of rows than were sent.
        """
        value = Window(day).key(key)
        self.replace(table, key, value, with_key_column(rows, key, value))

    def replace(self, table: str, key: str, value: date | datetime | int, rows: pa.Table) -> None:
        """Put rows in the place of a table's rows of one value of a key, which the rows have too.

        Raises:
            Terminal: the table then holds another number of rows than were sent.
        """
        self.execute(f"DELETE FROM {table} WHERE {key} = {{value}}", value=value)
        self.append(table, rows)
        count = self.scalar(f"SELECT count(*) FROM {table} WHERE {key} = {{value}}", value=value)
        if count != rows.num_rows:
            raise Terminal(f"{table} has {count} rows of {value} after writing {rows.num_rows}.")

    def create_temp_table(self, name: str, columns: str, rows: pa.Table) -> None:
        """Make rows a temporary table of this session, in the place of one of that name.

        Args:
            columns: as CREATE TABLE has them; `LIKE` and a table's name for those of that table.
        """
        self.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        self.execute(f"CREATE TEMP TABLE {name} ({columns})")
        self._session.copy(name, rows, temporary=True)
        self.execute(f"ANALYZE {name}")

    def replace_ledger_day(
        self, table: str, day: date, rows: pa.Table, update_state: Callable[[Self, date], None]
    ) -> None:
        """Replace a day of a ledger, and update its running state.

        `update_state` is called between: the ledger's old rows of the day are still in place, the new ones in
        the temporary table `new_rows`.
        """
        self.execute(f"CREATE TEMP TABLE new_rows ON COMMIT DROP AS SELECT * FROM {table} LIMIT 0")
        rows = with_key_column(rows, "day", day)
        self._session.copy("new_rows", rows, temporary=True)
        self.execute("ANALYZE new_rows")
        update_state(self, day)
        self.execute(f"DELETE FROM {table} WHERE day = {{day}}", day=day)
        if rows.num_rows:
            # By name: a table may have columns that it makes itself of others.
            columns = ", ".join(rows.column_names)
            self.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM new_rows")
        self.execute("DROP TABLE new_rows")


def with_key_column(rows: pa.Table, key: str, value: date | datetime | int) -> pa.Table:
    """The rows with a first column that holds one value."""
    return rows.add_column(0, key, pa.repeat(pa.scalar(value), rows.num_rows))
