"""Stores and sources, from Airflow's Connections and Variables."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook
from airflow.sdk import Connection, Variable
from airflow.sdk.exceptions import AirflowNotFoundException
from botocore.client import BaseClient
from botocore.config import Config
from psycopg2.extensions import make_dsn

from stacks_dataverse import vendors
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.network import Network
from stacks_dataverse.source import SOURCES, Source
from stacks_dataverse.stores.cdn import Cdn
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.vendor import Vendor

DEFAULT_SETTLE_HOURS = "2"
DEFAULT_PRICE_SOURCE = "cryptocompare"
DEFAULT_TRAILING_DAYS = "3"
DEFAULT_LICENCE = "CC-BY-4.0"
REPLACED_BY_NETWORK = ("pox_first_burn_height", "pox_cycle_length", "pox_prepare_length")
# Larger values are typing errors: `stacks_weekly` compares every day.
MAX_SETTLE_HOURS, MAX_TRAILING_DAYS = 720, 3660

# Timeouts in seconds for the page: a user waits for the answer.
INTERACTIVE = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2, "mode": "standard"})


def settle_hours() -> float:
    """Hours by which the chain's tip must be past the end of a day before it is final; Variable `settle_hours`."""
    what = f"a number of hours, such as 2, and at most {MAX_SETTLE_HOURS}"
    return _number("settle_hours", DEFAULT_SETTLE_HOURS, what, MAX_SETTLE_HOURS)


def trailing_days() -> int:
    """How many days up to its own a daily run compares with the chain; Variable `trailing_days`."""
    what = f"a whole number of days from 1 to {MAX_TRAILING_DAYS}, such as 3"
    days = _number("trailing_days", DEFAULT_TRAILING_DAYS, what, MAX_TRAILING_DAYS)
    if days < 1 or days % 1:
        raise Terminal(f"The Airflow Variable trailing_days is {days:g}; set it to {what}.")
    return int(days)


def network() -> Network:
    """The network's heights; Variable `network`: its name, or a JSON object of its heights; by default mainnet.

    Raises:
        Terminal: it is neither; or in its place Variables are set that only versions before this one read.
    """
    text = Variable.get("network", default=None)
    replaced = [] if text else [name for name in REPLACED_BY_NETWORK if Variable.get(name, default=None)]
    if replaced:
        raise Terminal(
            f"These Airflow Variables are no longer read: {', '.join(replaced)}. Set the Variable network instead; "
            "see docs/configuration.md."
        )
    return Network.parse(text or "mainnet")


@contextmanager
def stacks_db() -> Iterator[StacksDb]:
    """The Stacks database of connection `stacks_db`."""
    with StacksDb.open(dsn("stacks_db")) as source:
        yield source


@contextmanager
def warehouse() -> Iterator[Warehouse]:
    """The warehouse of connection `warehouse_db`."""
    with Warehouse.open(dsn("warehouse_db")) as store:
        yield store


@contextmanager
def warehouse_reader() -> Iterator[Warehouse]:
    """The warehouse for reading only, of connection `warehouse_reader`."""
    with Warehouse.open_read_only(dsn("warehouse_reader")) as store:
        yield store


def archive_reader() -> ObjectStore:
    """The private bucket, with the short timeouts of the page."""
    return _bucket("private_bucket", config=INTERACTIVE)


def public_reader() -> ObjectStore:
    """The public bucket, with the short timeouts of the page."""
    return _bucket("public_bucket", config=INTERACTIVE)


def archive() -> ObjectStore:
    """The private bucket, of Variable `private_bucket`."""
    return _bucket("private_bucket")


def public() -> ObjectStore:
    """The public bucket, of Variable `public_bucket`; Variable `public_acl` is a canned ACL for its objects."""
    return _bucket("public_bucket", Variable.get("public_acl", default=None) or None)


def public_url() -> str:
    """Where readers find the public objects; Variable `public_url`, else the bucket's own address."""
    return (Variable.get("public_url", default=None) or public_reader().url).rstrip("/")


def known_public_url() -> str:
    """Where readers find the public objects, as they are told: Variable `public_url`; empty where it is not set."""
    return (Variable.get("public_url", default=None) or "").rstrip("/")


def data_licence() -> str:
    """The licence of the public data, as SPDX names it; Variable `stacks_data_licence`."""
    return Variable.get("stacks_data_licence", default=None) or DEFAULT_LICENCE


def cdn() -> Cdn | None:
    """The CloudFront distribution of Variable `cdn_distribution_id`; None where that is not set."""
    distribution_id = Variable.get("cdn_distribution_id", default=None)
    if not distribution_id:
        return None
    return Cdn(_aws_client("cloudfront"), distribution_id)


def stacks_source() -> Source:
    """What `stacks_db` is; Variable `stacks_source`: `live`, or `sample` or `dump` for one that stands still."""
    name = Variable.get("stacks_source", default=None) or Source.LIVE.word
    if name not in SOURCES:
        raise Terminal(f"The Airflow Variable stacks_source is {name!r}; set it to {', '.join(SOURCES)}.")
    return SOURCES[name]


def price_source() -> str:
    """The name of the vendor that daily prices come from; Variable `price_source`."""
    name, choices = Variable.get("price_source", default=None) or DEFAULT_PRICE_SOURCE, vendors.of_feed("prices")
    if name not in choices:
        raise Terminal(f"The Airflow Variable price_source is {name!r}; set it to {' or '.join(choices)}.")
    return name


def vendor_client(vendor: Vendor) -> Any | None:
    """A vendor's client by the connection of its name; None where that has no key.

    The connection's host is a base URL or empty, its password the key, its extra the vendor's options.
    """
    try:
        connection = Connection.get(vendor.name)
    except AirflowNotFoundException:
        return None
    if not connection.password:
        return None
    return vendor.client(connection.host or "", connection.password, **vendor.choose_options(connection.extra_dejson))


def dsn(connection_id: str) -> str:
    """Return a PostgreSQL connection as a libpq connection string; extras are libpq's parameters."""
    try:
        connection = Connection.get(connection_id)
    except AirflowNotFoundException as error:
        raise Terminal(
            f"The Airflow Connection {connection_id} is not defined; add it with the type Postgres."
        ) from error
    parts = {
        "host": connection.host,
        "port": connection.port,
        "user": connection.login,
        "password": connection.password,
        "dbname": connection.schema,
        "application_name": "stacks-dataverse",
    }
    extra = {name: value for name, value in connection.extra_dejson.items() if isinstance(value, str | int)}
    return make_dsn(**{name: value for name, value in (parts | extra).items() if value not in (None, "")})


def _bucket(variable: str, acl: str | None = None, config: Config | None = None) -> ObjectStore:
    name = Variable.get(variable, default=None)
    if not name:
        raise Terminal(f"The Airflow Variable {variable} is not set; set it to the name of a bucket.")
    return ObjectStore(_aws_client("s3", config), name, acl)


def _aws_client(service: str, config: Config | None = None) -> BaseClient:
    """A client of connection `aws_default`; `config` overrides the connection's own.

    The hook supplies the session; its own clients name the calling operator in every request, for which it reads the
    source of each function on the stack: a quarter of a second of CPU in every task.
    """
    hook = AwsBaseHook("aws_default", client_type=service)
    if config:
        hook = AwsBaseHook("aws_default", client_type=service, config=hook.config.merge(config))
    endpoint_url = hook.conn_config.get_service_endpoint_url(service)
    session = hook.get_session(hook.region_name)
    return session.client(service, endpoint_url=endpoint_url, config=hook.config, verify=hook.verify)


def _number(variable: str, default: str, what: str, most: float) -> float:
    text = Variable.get(variable, default=default)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        raise Terminal(f"The Airflow Variable {variable} is {text!r}; set it to {what}.")
    return number
