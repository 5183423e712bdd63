"""Brings the metadata database to what the environment says: `python -m scripts.container.prepare [--only-wait]`.

Safe in two containers at once: the second one waits for the first, and finds nothing left to do.
"""

import logging
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg2
from airflow import settings as airflow_settings
from sqlalchemy.engine import make_url

from scripts.container import settings
from scripts.container.errors import ContainerError

ONLY_WAIT = "--only-wait"
CONNECT_SECONDS = 5
# Any number that is not one of Airflow's own locks.
LOCK = 7_462_181


def main(arguments: Sequence[str]) -> int:
    """Wait for the database and set it up, or with --only-wait until another container has; returns the exit status."""
    try:
        limit = settings.wait_seconds(os.environ)
        dsn = _dsn(airflow_settings.SQL_ALCHEMY_CONN)
        wait_for_database(dsn, limit)
        if ONLY_WAIT in arguments:
            _wait_for_schema(limit)
        else:
            _set_up(dsn)
    except ContainerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def wait_for_database(dsn: str, seconds: float) -> None:
    """Return once a PostgreSQL database accepts connections. Raises ContainerError after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg2.connect(dsn, connect_timeout=CONNECT_SECONDS).close()
            return
        except psycopg2.OperationalError as error:
            if time.monotonic() >= deadline:
                raise ContainerError(
                    f"The metadata database did not answer within {seconds:g} s (DATABASE_WAIT_SECONDS): "
                    f"{str(error).strip()} Check POSTGRES_HOST and the other POSTGRES_ variables, that the database "
                    "exists, and that its firewall lets this machine in."
                ) from None
        time.sleep(1)


def _dsn(url: str) -> str:
    """libpq's form of SQLAlchemy's."""
    parts = make_url(url)
    if not parts.drivername.startswith("postgresql"):
        raise ContainerError(f"The metadata database must be PostgreSQL, not {parts.drivername}.")
    return parts.set(drivername="postgresql").render_as_string(hide_password=False)


def _set_up(dsn: str) -> None:
    from scripts.container.provision import apply

    request: dict[str, Any] = {"migrate": True, "connections": {}, "variables": {}, "defaults": {}}
    request |= {"pools": settings.pools(os.environ), "admin": settings.admin(os.environ)}
    if request["admin"] is None:
        print(f"{settings.ADMIN_PASSWORD} is not set: users stay as they are.", file=sys.stderr)
    # Of each of some three hundred permissions it says that it is there.
    logging.getLogger("airflow.providers.fab").setLevel(logging.WARNING)
    with _alone(dsn):
        apply(request)
    print("The metadata database is set up.", file=sys.stderr)


def _wait_for_schema(seconds: int) -> None:
    from airflow.utils.db import check_migrations

    try:
        check_migrations(seconds)
    except TimeoutError:
        raise ContainerError(
            f"The metadata database was not set up within {seconds} s (DATABASE_WAIT_SECONDS). The component "
            "api-server does that when it starts, or a container with `migrate`."
        ) from None


@contextmanager
def _alone(dsn: str) -> Iterator[None]:
    """Hold a lock that ends with this process, however it ends."""
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
