"""The door to PostgreSQL: sessions and statements of both drivers, and how each goes wrong."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import adbc_driver_manager
import psycopg2
import psycopg2.extensions
from adbc_driver_manager import AdbcStatusCode
from psycopg2.extensions import make_dsn

from stacks_dataverse import adbc, postgres

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
    sessions = adbc.Connection
    query, append, close, connect = sessions.query, sessions.append, sessions.close, sessions.open

    def open_line(dsn: str) -> Any:
        connection = connect(dsn)
        with query(connection, "SELECT pg_backend_pid()") as reader:
            ((pid,),) = reader.read_all().to_pydict().values()
        connection.line = Line(dsn, pid, adbc_error)
        return connection

    def end(connection: Any, sql: str) -> None:
        if sql == "COMMIT":
            with query(connection, sql):
                pass
        close(connection)

    def enter_statement(connection: Any, sql: str, label: str, do: Callable[[], Any]) -> Any:
        if connection.line.is_silent:
            raise connection.line.error(SILENT)
        return enter(
            Statement(
                f"PostgreSQL: {label}",
                connection.line,
                do,
                lambda: query(connection, REFUSAL).__enter__(),
                lambda: end(connection, sql),
            )
        )

    @contextmanager
    def enter_query(connection: Any, sql: str, *arguments: Any) -> Iterator[Any]:
        answer = query(connection, sql, *arguments)
        reader = enter_statement(connection, sql, _first_words(sql), answer.__enter__)
        try:
            yield reader
        finally:
            answer.__exit__(None, None, None)

    sessions.query = enter_query
    sessions.append = lambda connection, table, *arguments, **options: enter_statement(
        connection, "COPY", f"COPY {table}", lambda: append(connection, table, *arguments, **options)
    )
    sessions.close = lambda connection: None if connection.line.is_silent else close(connection)
    sessions.open = lambda dsn: enter(Opening("PostgreSQL: connect", open_line, dsn, adbc_error))


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
