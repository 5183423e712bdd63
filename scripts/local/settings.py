"""Where the local stack lives and which ports it has: all of it follows from two variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.local.errors import StackError
from scripts.local.ports import HOST

REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT_PORT_BASE = 18500
PRIVATE_BUCKET = "stacks-dataverse-private"
PUBLIC_BUCKET = "stacks-dataverse-public"
BUCKETS = {"private": PRIVATE_BUCKET, "public": PUBLIC_BUCKET}
DATABASES = ("airflow", "stacks", "warehouse")
# The role, and the connection, with which the Dataverse page reads the warehouse.
WAREHOUSE_READER = "warehouse_reader"


@dataclass(frozen=True)
class Settings:
    """The folder of all state, the first of four consecutive ports, and the env file, if there is one."""

    home: Path
    port_base: int
    env_file: Path | None = None

    @property
    def web_port(self) -> int:
        """The port of Airflow's web UI and API."""
        return self.port_base

    @property
    def postgres_port(self) -> int:
        """The port of PostgreSQL."""
        return self.port_base + 1

    @property
    def s3_port(self) -> int:
        """The port of the S3 server."""
        return self.port_base + 2

    @property
    def vendors_port(self) -> int:
        """The port of the stub vendors."""
        return self.port_base + 3

    @property
    def web_url(self) -> str:
        """The address of the web UI."""
        return f"http://{HOST}:{self.web_port}"


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read DATAVERSE_HOME, DATAVERSE_PORT_BASE and DATAVERSE_ENV_FILE.

    Raises StackError for a port that is none, and a file that is not there.
    """
    home = Path(environment.get("DATAVERSE_HOME") or REPOSITORY / ".local").expanduser().absolute()
    base = environment.get("DATAVERSE_PORT_BASE") or str(DEFAULT_PORT_BASE)
    if not base.isdecimal() or not 1024 <= int(base) <= 65000:
        raise StackError(f"DATAVERSE_PORT_BASE is {base!r}; it must be a number from 1024 to 65000")
    return Settings(home, int(base), _env_file(environment))


def _env_file(environment: Mapping[str, str]) -> Path | None:
    """The file that is named, or env.list of the repository; none where the name is empty."""
    named = environment.get("DATAVERSE_ENV_FILE")
    if named is None:
        own = REPOSITORY / "env.list"
        return own if own.exists() else None
    if named and not Path(named).exists():
        raise StackError(f"DATAVERSE_ENV_FILE is {named}, but this file does not exist")
    return Path(named) if named else None
