"""The Stacks database of the stack: a loaded dump, or somebody's own."""

import gzip
import shutil
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from scripts.local.errors import StackError
from scripts.local.postgres import PostgresServer
from scripts.local.settings import BUCKETS
from scripts.local.stack import Stack
from scripts.local.stacks_uri import read_only
from stacks_dataverse.extractors.stacks_db.layout import RELATIONS

FRESH, OLD = "stacks_loading", "stacks_replaced"
SWAP_ATTEMPTS = 20
# In the order of the extractor: what the search path finds first, then the usual places.
FIND_BLOCKS = f"""
    SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = 'blocks' AND {RELATIONS}
    ORDER BY array_position(current_schemas(false), n.nspname),
             n.nspname <> 'stacks_blockchain_api', n.nspname <> 'public', n.nspname
    LIMIT 1
"""


def load_dump(stack: Stack, file: Path, network: str) -> str:
    """Replace the local Stacks database by an SQL dump (gzip); returns the schema of its tables.

    A dump that cannot be loaded whole leaves the old database in place. Raises StackError.
    """
    if not file.is_file():
        raise StackError(f"There is no file {file}")
    stack.start_postgres()
    schema = replace(stack.postgres, str(file), lambda: _feed(stack.postgres, file))
    stack.choices.put("chain", "dump")
    stack.choices.put("network", network)
    stack.secrets.remove("stacks_db_uri")
    return schema


def replace(server: PostgresServer, source: str, fill: Callable[[], None]) -> str:
    """Put a database that `fill` has filled, under the name FRESH, in the place of `stacks`.

    Returns the schema of its tables; whatever goes wrong, the old database stays.
    """
    for leftover in (FRESH, OLD):
        server.drop_database(leftover)
    server.create_database(FRESH, owner="stacks")
    try:
        fill()
        schema = _finish(server, source)
        _swap(server)
    except BaseException:
        server.drop_database(FRESH)
        raise
    server.drop_database(OLD)
    return schema


def reset(stack: Stack) -> None:
    """Empty the warehouse and both buckets."""
    stack.start_s3()
    for bucket in BUCKETS.values():
        stack.s3.empty_bucket(bucket)
    stack.postgres.drop_database("warehouse")
    stack.make_databases()


def use(stack: Stack, uri: str, network: str) -> str:
    """Make `uri` the Stacks database, or the local one again for `local`; returns what was found."""
    if uri == "local":
        stack.secrets.remove("stacks_db_uri")
        return "The local Stacks database is in use again."
    schema, height = _inspect(uri)
    stack.secrets.put("stacks_db_uri", uri)
    stack.choices.put("stacks_db_network", network)
    return f"In use, read-only: schema {schema}, chain tip {height}. `day YYYY-MM-DD` runs a day."


def blocks_schema(server: PostgresServer, database: str) -> str | None:
    """Return the schema that holds the table `blocks`; None when there is none."""
    with server.connect(database) as connection:
        return _find_blocks(connection)


def _find_blocks(connection: Connection) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(FIND_BLOCKS)
        row = cursor.fetchone()
        return row[0] if row else None


def _feed(server: PostgresServer, file: Path) -> None:
    arguments = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    environment, command = server.psql_command(FRESH, arguments, owner="stacks")
    psql = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        with psql.stdin as target, gzip.open(file) as dump:
            shutil.copyfileobj(dump, target, 1 << 20)
    except BrokenPipeError:
        pass  # psql stopped at an error, which it tells below.
    except (OSError, EOFError, zlib.error) as error:
        psql.kill()
        raise StackError(f"{file} is not a complete gzip file: {error}. Nothing was changed") from error
    finally:
        message = psql.stderr.read().decode(errors="replace").strip()
        psql.wait()
    if psql.returncode != 0:
        raise StackError(f"{file} could not be loaded. Nothing was changed. psql reports:\n{message[:2000]}")


def _finish(server: PostgresServer, source: str) -> str:
    schema = blocks_schema(server, FRESH)
    if schema is None:
        raise StackError(f"{source} has no table `blocks`: it is not a Stacks database. Nothing was changed")
    with server.connect(FRESH) as connection, connection.cursor() as cursor:
        path = sql.SQL(", ").join(map(sql.Identifier, dict.fromkeys((schema, "public"))))
        change = sql.SQL("ALTER DATABASE {} SET search_path TO {}")
        cursor.execute(change.format(sql.Identifier(FRESH), path))
        cursor.execute("ANALYZE")
    return schema


def _swap(server: PostgresServer) -> None:
    """Both renames in one transaction: there is a database `stacks` at any time."""
    with server.connect() as connection, connection.cursor() as cursor:
        for _ in range(SWAP_ATTEMPTS):
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = ANY(%s)",
                [["stacks", FRESH]],
            )
            try:
                cursor.execute(
                    f"BEGIN; ALTER DATABASE stacks RENAME TO {OLD};ALTER DATABASE {FRESH} RENAME TO stacks; COMMIT"
                )
                return
            except psycopg2.errors.ObjectInUse:
                cursor.execute("ROLLBACK")
    raise StackError(
        "The Stacks database is in use by a client that reconnects; nothing was changed. Stop that client, then "
        "try again"
    )


def _inspect(uri: str) -> tuple[str, int]:
    parameters = read_only(uri)
    try:
        connection = psycopg2.connect(**parameters)
    except psycopg2.Error as error:
        raise StackError(f"The Stacks database cannot be reached: {str(error).strip()}") from error
    try:
        schema = _find_blocks(connection)
        if schema is None:
            raise StackError("The database has no table `blocks`: it is not a Stacks database")
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("SELECT max(block_height) FROM {} WHERE canonical").format(sql.Identifier(schema, "blocks"))
            )
            return schema, cursor.fetchone()[0]
    except psycopg2.Error as error:
        raise StackError(f"The Stacks database cannot be read: {str(error).strip()}") from error
    finally:
        connection.close()
