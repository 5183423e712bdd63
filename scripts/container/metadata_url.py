"""The address of Airflow's metadata database, from POSTGRES_* in the environment.

`airflow.cfg` names this program as Airflow's `sql_alchemy_conn_cmd`, so that a shell in the container, too, needs no
more than the env file. Only the standard library: Airflow calls it before it knows anything.
"""

import os
import sys
from collections.abc import Mapping
from urllib.parse import quote, urlencode

DRIVER, ASYNC_DRIVER = "postgresql+psycopg2", "postgresql+asyncpg"
NEEDED = ("POSTGRES_HOST", "POSTGRES_PASSWORD")


class NotSet(Exception):
    """A variable that the address needs is missing."""


def metadata_url(environment: Mapping[str, str]) -> str:
    """Return the SQLAlchemy URL. Raises NotSet when POSTGRES_HOST or POSTGRES_PASSWORD is missing."""
    return _url(environment, DRIVER, "sslmode")


def async_metadata_url(environment: Mapping[str, str]) -> str:
    """Return the same for asyncpg, which has another word for `sslmode`."""
    return _url(environment, ASYNC_DRIVER, "ssl")


def _url(environment: Mapping[str, str], driver: str, ssl: str) -> str:
    if missing := [name for name in NEEDED if not environment.get(name)]:
        raise NotSet(
            f"{' and '.join(missing)} must be set in the env file, or AIRFLOW__DATABASE__SQL_ALCHEMY_CONN in their "
            "place: Airflow needs a PostgreSQL database of its own."
        )
    user, password, host = (
        quote(environment.get(name) or default, safe="")
        for name, default in (("POSTGRES_USER", "airflow"), ("POSTGRES_PASSWORD", ""), ("POSTGRES_HOST", ""))
    )
    port, database = environment.get("POSTGRES_PORT") or "5432", environment.get("POSTGRES_DB") or "airflow"
    mode = environment.get("POSTGRES_SSLMODE")
    query = f"?{urlencode({ssl: mode})}" if mode else ""
    return f"{driver}://{user}:{password}@{host}:{port}/{quote(database, safe='')}{query}"


if __name__ == "__main__":
    try:
        # Airflow would take an end of line for part of the name.
        print(metadata_url(os.environ), end="")
    except NotSet as problem:
        sys.exit(str(problem))
