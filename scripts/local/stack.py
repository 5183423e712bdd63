"""The whole local stack: its servers, their Airflow Connections, and the source of the chain."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from scripts.local import env_file, vendor_keys
from scripts.local.airflow_stack import PARALLEL_TASKS, AirflowStack
from scripts.local.connections import connections, variables
from scripts.local.errors import StackError
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.secrets import Secrets
from scripts.local.settings import BUCKETS, DATABASES, PUBLIC_BUCKET, REPOSITORY, WAREHOUSE_READER, Settings
from scripts.local.vendors.server import VendorsServer

# At most one call to a vendor at a time: what they count, they count across all tasks.
POOLS = {"stacks-pool": PARALLEL_TASKS, "vendors-pool": 1}
ADMIN = "admin"


class Stack:
    """PostgreSQL, S3, the stub vendors and Airflow under one folder. Raises StackError."""

    def __init__(self, where: Settings) -> None:
        self.settings = where
        self.secrets = Secrets(where.home / "secrets.json")
        self.choices = Secrets(where.home / "choices.json")
        self.postgres = PostgresServer(where.home, where.postgres_port)
        self.s3 = S3Server(where.home, where.s3_port)
        self.vendors = VendorsServer(where.home, where.vendors_port)
        self.airflow = AirflowStack(where, self.postgres, self.secrets)

    @property
    def admin_password(self) -> str:
        """The password of the web UI's user `admin`."""
        return self.secrets.get_or_create("airflow_admin_password")

    def start_postgres(self) -> None:
        """Start PostgreSQL with its three databases."""
        self.postgres.start()
        self.make_databases()

    def make_databases(self) -> None:
        """Make the databases that are missing, and let the page's role read the warehouse."""
        for name in DATABASES:
            self.postgres.create_database(name)
        self.postgres.create_reader(WAREHOUSE_READER, "warehouse")

    def start_s3(self) -> None:
        """Start the S3 server with its two buckets."""
        self.s3.start()
        for bucket in BUCKETS.values():
            self.s3.create_bucket(bucket)
        self.s3.open_to_readers(PUBLIC_BUCKET)

    def start(self, say: Callable[[str], None]) -> None:
        """Start everything that does not run, and bring Airflow's metadata up to date."""
        self.airflow.require_port()
        vendor_keys.remember(self.secrets, os.environ)
        say("Starting PostgreSQL, the S3 server and the stub vendors")
        self.start_postgres()
        self.start_s3()
        self.vendors.start()
        say("Starting Airflow")
        self.provision()
        self.airflow.start()

    def stop(self) -> None:
        """Stop everything; all data stay."""
        self.airflow.stop()
        self.vendors.stop()
        self.s3.stop()
        self.postgres.stop()

    def provision(self) -> None:
        """Write connections, variables, pools, and at first schema and user; only what is new."""
        wanted = self._wanted()
        stamp = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
        if self.choices.get("provisioned") == stamp and self._has_schema():
            return
        release = _release()
        first = self.choices.get("migrated") != release or not self._has_schema()
        request = wanted | {"migrate": first}
        request["admin"] = {"user": ADMIN, "password": self.admin_password} if first else None
        self._apply(request)
        self.choices.put("migrated", release)
        self.choices.put("provisioned", stamp)

    def provision_if_set_up(self) -> None:
        """Tell Airflow of a change, if it has been set up at all; `up` tells it otherwise."""
        if self.choices.get("migrated") is not None and self._has_schema():
            self.provision()

    def _wanted(self) -> dict[str, Any]:
        uri = self.secrets.get("stacks_db_uri")
        network = self.choices.get("stacks_db_network" if uri else "network") or "mainnet"
        source = "live" if uri else "dump" if self.choices.get("chain") == "dump" else "sample"
        always, defaults = variables(network, source)
        always |= env_file.variables(env_file.read(self.settings.env_file), own_chain=uri is not None)
        return {
            "connections": connections(self.postgres, self.s3, self.vendors, self.secrets),
            "variables": always,
            "defaults": defaults,
            "pools": POOLS,
        }

    def _has_schema(self) -> bool:
        with self.postgres.connect("airflow") as connection, connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('alembic_version'), to_regclass('ab_user')")
            return None not in cursor.fetchone()

    def _apply(self, request: dict[str, Any]) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "scripts.container.provision"],
            check=False,
            input=json.dumps(request),
            env=self.airflow.environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            end = "\n".join((done.stderr or done.stdout).splitlines()[-15:])
            raise StackError(f"Airflow could not be set up:\n{end}")


def _release() -> str:
    """What Airflow's schema depends on: the lock."""
    return hashlib.sha256((REPOSITORY / "requirements.txt").read_bytes()).hexdigest()
