"""The door to PostgreSQL: sessions and statements of both drivers, and how each goes wrong."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import adbc_driver_manager
import adbc_driver_manager.dbapi
import adbc_driver_postgresql.dbapi
import psycopg2
import psycopg2.extensions
from adbc_driver_manager import AdbcStatusCode
from psycopg2.extensions import make_dsn

from stacks_dataverse import postgres

CLOSED = "server closed the connection unexpectedly"
SILENT = "could not receive data from server: Connection timed out"
REFUSAL = "DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'out_of_memory'; END $$"
NOBODY_LISTENS_THERE = 1

Enter = Callable[[Any], Any]
Error = Callable[[str], Exception]


def adbc_error(text: str) -> Exception:
    """What the Arrow driver raises when its connection is gone."""
    return adbc_driver_manager.OperationalError(text, status_code=AdbcStatusCode.IO)


@dataclass
class Line:
    """The way to a session on the server; once it is silent nothing comes through."""

    dsn: str
    pid: int
    error: Error
    is_silent: bool = False

    def cut(self) -> None:
        """End the session on the server, and wait until it has ended."""
        with closing(psycopg2.connect(self.dsn)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [self.pid])


@dataclass
class Opening:
    """A session is opened; `do` connects to another port where it is given."""

    label: str
    connect: Callable[[str], Any]
    dsn: str
    error: Error

    def do(self) -> Any:
        """Open it."""
        return self.connect(self.dsn)

    def refuse(self) -> Exception:
        """Nobody listens."""
        return _error_of(lambda: self.connect(make_dsn(self.dsn, port=NOBODY_LISTENS_THERE)))

    def lose(self) -> Exception:
        """It ends as it begins."""
        return self.error(CLOSED)

    def time_out(self, later: list[Callable[[], Any]]) -> Exception:
        """It is opened when nobody waits for it any more."""
        later.append(lambda: self.do().close())
        return self.error("timeout expired")


@dataclass
class Statement:
    """A statement of an open session; `refused` executes one that the server refuses, `late` the same in the end."""

    label: str
    line: Line
    do: Callable[[], Any]
    refused: Callable[[], Any]
    late: Callable[[], Any]

    def refuse(self) -> Exception:
        """The server fails; the transaction, if there is one, is void."""
        return _error_of(self.refused)

    def lose(self) -> Exception:
        """The connection breaks after the statement."""
        self.line.cut()
        return self.line.error(CLOSED)

    def time_out(self, later: list[Callable[[], Any]]) -> Exception:
        """The connection is silent from now on; a COMMIT arrives all the same, and what else is open is undone."""
        self.line.is_silent = True
        later.append(self.late)
        return self.line.error(SILENT)


def install(enter: Enter) -> None:
    """Have the sessions and statements of this process enter a door."""
    _install_adbc(enter)
    own = vars(psycopg2) | {"connect": _psycopg2_connect(enter, psycopg2.connect)}
    postgres.psycopg2 = SimpleNamespace(**own)


def _install_adbc(enter: Enter) -> None:
    cursors, connections = adbc_driver_manager.dbapi.Cursor, adbc_driver_manager.dbapi.Connection
    execute, ingest, close, connect = (
        cursors.execute, cursors.adbc_ingest, connections.close, adbc_driver_postgresql.dbapi.connect,
    )  # fmt: skip

    def open_line(dsn: str, **options: Any) -> Any:
        connection = connect(dsn, **options)
        with connection.cursor() as cursor:
            execute(cursor, "SELECT pg_backend_pid()")
            connection.line = Line(dsn, cursor.fetchone()[0], adbc_error)
        return connection

    def end(connection: Any, sql: str) -> None:
        if sql == "COMMIT":
            with connection.cursor() as cursor:
                execute(cursor, sql)
        close(connection)

    def enter_statement(cursor: Any, sql: str, label: str, do: Callable[[], Any]) -> Any:
        connection = cursor._conn
        if connection.line.is_silent:
            raise connection.line.error(SILENT)
        return enter(
            Statement(
                f"PostgreSQL: {label}",
                connection.line,
                do,
                lambda: execute(cursor, REFUSAL),
                lambda: end(connection, sql),
            )
        )

    cursors.execute = lambda cursor, sql, *arguments: enter_statement(
        cursor, sql, _first_words(sql), lambda: execute(cursor, sql, *arguments)
    )
    cursors.adbc_ingest = lambda cursor, table, *arguments, **options: enter_statement(
        cursor, "COPY", f"COPY {table}", lambda: ingest(cursor, table, *arguments, **options)
    )
    connections.close = lambda connection: None if connection.line.is_silent else close(connection)
    adbc_driver_postgresql.dbapi.connect = lambda dsn, **options: enter(
        Opening("PostgreSQL: connect", lambda to: open_line(to, **options), dsn, adbc_error)
    )


def _psycopg2_connect(enter: Enter, connect: Callable[..., Any]) -> Callable[..., Any]:
    def enter_statement(connection: Any, label: str, do: Callable[[], Any]) -> Any:
        if connection.line.is_silent:
            raise connection.line.error(SILENT)
        return enter(
            Statement(f"PostgreSQL: {label}", connection.line, do, connection.refused, lambda: connection.end(label))
        )

    class Cursor(psycopg2.extensions.cursor):
        def execute(self, sql: Any, values: Any = None) -> Any:
            do = super().execute
            return enter_statement(self.connection, _first_words(str(sql)), lambda: do(sql, values))

    class Connection(psycopg2.extensions.connection):
        def refused(self) -> None:
            psycopg2.extensions.cursor(self).execute(REFUSAL)

        def end(self, label: str) -> None:
            if label == "COMMIT":
                super().commit()
            super().close()

        def commit(self) -> None:
            enter_statement(self, "COMMIT", super().commit)

        def rollback(self) -> None:
            enter_statement(self, "ROLLBACK", super().rollback)

        def close(self) -> None:
            if not self.line.is_silent:
                super().close()

    def open_line(dsn: str, **options: Any) -> Connection:
        connection = connect(dsn, connection_factory=Connection, cursor_factory=Cursor, **options)
        connection.line = Line(dsn, connection.get_backend_pid(), psycopg2.OperationalError)
        return connection

    return lambda dsn, **options: enter(
        Opening("PostgreSQL: connect", lambda to: open_line(to, **options), dsn, psycopg2.OperationalError)
    )


def _error_of(fails: Callable[[], Any]) -> Exception:
    try:
        fails()
    except (adbc_driver_manager.Error, psycopg2.Error) as error:
        return error
    raise AssertionError("the server refused nothing")


def _first_words(sql: str) -> str:
    return " ".join(sql.split())[:60]
