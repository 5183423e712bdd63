"""Airflow's connections and variables for the local stack."""

import json
from typing import Any

from scripts.local import vendor_keys
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.sample_chain import NETWORK
from scripts.local.secrets import Secrets
from scripts.local.settings import PRIVATE_BUCKET, PUBLIC_BUCKET, WAREHOUSE_READER
from scripts.local.stacks_uri import read_only
from scripts.local.vendors.server import VendorsServer

# After the end of a day, until it is settled.
SETTLE_HOURS = 2


def connections(
    postgres: PostgresServer, s3: S3Server, vendors: VendorsServer, secrets: Secrets
) -> dict[str, dict[str, Any]]:
    """Return Connection fields by id: our servers', or those in `secrets` that replace them."""
    keys, stacks_db_uri = s3.credentials, secrets.get("stacks_db_uri")
    extra = {"region_name": keys.region, "endpoint_url": s3.endpoint}
    return {
        "stacks_db": foreign(stacks_db_uri) if stacks_db_uri else _local(postgres, "stacks"),
        "warehouse_db": _local(postgres, "warehouse"),
        WAREHOUSE_READER: _fields(postgres.parameters("warehouse", WAREHOUSE_READER)),
        "aws_default": {
            "conn_type": "aws",
            "login": keys.access_key,
            "password": keys.secret_key,
            "extra": json.dumps(extra),
        },
        **vendor_keys.connections(vendors, secrets),
    }


def variables(network: str, source: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return Variables that the stack always sets, and those it leaves alone once they are there."""
    always = {
        "private_bucket": PRIVATE_BUCKET,
        "public_bucket": PUBLIC_BUCKET,
        "network": NETWORK.as_json() if network == "sample" else network,
        "stacks_source": source,
    }
    return always, {"settle_hours": str(SETTLE_HOURS), "trailing_days": "3", "price_source": "cryptocompare"}


def foreign(uri: str) -> dict[str, Any]:
    """Return Connection fields of somebody's own Stacks database. Raises StackError as `read_only` does."""
    parts = read_only(uri)
    # Ports of several hosts are no number, which is all that the field can hold; extras are libpq's as they stand.
    places = {name: parts[name] for name in PLACES if name in parts and (name != "port" or parts[name].isdecimal())}
    rest = {name: value for name, value in parts.items() if name not in places}
    return _fields(places) | {"extra": json.dumps(rest)}


def _local(postgres: PostgresServer, name: str) -> dict[str, Any]:
    return _fields(postgres.parameters(name))


PLACES = ("host", "port", "user", "password", "dbname")


def _fields(parts: dict[str, Any]) -> dict[str, Any]:
    return {
        "conn_type": "postgres",
        "host": parts.get("host"),
        "port": int(parts["port"]) if "port" in parts else None,
        "login": parts.get("user"),
        "password": parts.get("password"),
        "schema": parts.get("dbname"),
    }
