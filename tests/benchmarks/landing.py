"""Landing a large day: this project, against \\copy to /dev/null, Airflow's SqlToS3Operator, and dlt.

    python -m tests.benchmarks.landing --txs 150000 --rounds 3 --dlt dlt-env/bin/python

Makes servers and a sample chain of one day of its own in a temporary folder, then runs the methods in turn, each in
a process of its own, and prints the median of wall and CPU seconds, their ratios, and the peak of resident memory. dlt
runs by the Python of another environment (`landing_by_dlt`), where one is named.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from tests.benchmarks.servers import servers
from tests.benchmarks.usage import cpu_seconds, peak_megabytes

PORTS = 25610, 25620
TABLES = ("blocks", "txs", "stx_events", "ft_events", "nft_events", "contract_logs")
DAY = sample_chain.FIRST_DAY.isoformat()
HEIGHTS = "block_height BETWEEN 1 AND 1000000"


def copy_to_null(target: dict[str, Any]) -> None:
    """The floor: six binary copies, one after another."""
    for table in TABLES:
        command = f"\\copy (SELECT * FROM {table} WHERE {HEIGHTS}) TO '/dev/null' (FORMAT binary)"
        subprocess.run([*target["psql"], "-q", "-c", command], check=True, env=os.environ | target["psql_environment"])


def land(target: dict[str, Any]) -> None:
    """The same six tables by our runners, two at a time, as a worker with two slots does."""
    from stacks_dataverse import chain
    from stacks_dataverse.extractors.stacks_db import StacksDb
    from stacks_dataverse.runners import land as runner
    from stacks_dataverse.window import Window

    window, archive = Window.parse(DAY), _archive(target)
    with StacksDb.open(target["dsn"]) as source:
        runner.land_blocks(source, archive, window, 2)

    def land_table(table: str) -> None:
        with StacksDb.open(target["dsn"]) as source:
            runner.land_tables(source, archive, window, table, [table])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(land_table, chain.LARGE_TABLES))


def nothing(target: dict[str, Any]) -> None:
    """The imports alone: the memory that the others are measured above."""
    _archive(target)
    from stacks_dataverse.extractors import stacks_db  # noqa: F401
    from stacks_dataverse.runners import land as runner  # noqa: F401


def sql_to_s3(target: dict[str, Any]) -> None:
    """The six tables by the operator of the amazon provider, as Parquet; it takes bytea only as text."""
    from airflow.providers.amazon.aws.transfers.sql_to_s3 import SqlToS3Operator

    from stacks_dataverse.extractors.stacks_db import StacksDb

    with StacksDb.open(target["dsn"]) as source:
        layout = source.layout

    for table in TABLES:
        SqlToS3Operator(
            task_id=table,
            query=f"SELECT {_as_text(layout.tables[table].columns)} FROM {table} WHERE {HEIGHTS}",
            s3_bucket="operator",
            s3_key=f"{table}.parquet",
            sql_conn_id="benchmark_db",
            aws_conn_id="benchmark_s3",
            file_format="parquet",
            replace=True,
        ).execute({})


def _as_text(columns: Mapping[str, str]) -> str:
    return ", ".join(
        f'"{name}"::text AS "{name}"' if kind in ("bytea", "_bytea", "varbit", "numeric") else f'"{name}"'
        for name, kind in columns.items()
    )


METHODS: dict[str, Callable[[dict[str, Any]], None]] = {
    "copy_to_null": copy_to_null,
    "land": land,
    "nothing": nothing,
    "sql_to_s3": sql_to_s3,
}


def main() -> None:
    """Make the servers and the chain, run the methods in turn, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--txs", type=int, default=150_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dlt", help="the Python of an environment with dlt and connectorx")
    parser.add_argument("--without", choices=METHODS, nargs="*", default=(), help="methods to leave out")
    parser.add_argument("--method", choices=METHODS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.method:
        _run(options.method, json.loads(sys.stdin.read()))
        return
    with servers(*PORTS) as (postgres, s3):
        methods = [name for name in METHODS if name not in options.without]
        programs = {name: [sys.executable, "-m", "tests.benchmarks.landing", "--method", name] for name in methods}
        if options.dlt:
            programs["dlt"] = [options.dlt, "-m", "tests.benchmarks.landing_by_dlt"]
        _compare(_target(postgres, s3, options.txs), programs, options.rounds)


def _target(postgres: PostgresServer, s3: S3Server, txs: int) -> dict[str, Any]:
    postgres.create_database("stacks")
    sample_chain.generate(postgres.dsn("stacks"), days=1, txs_per_day=txs)
    for bucket in ("private", "operator"):
        s3.create_bucket(bucket)
    environment, psql = postgres.psql_command("stacks")
    keys = {name: value for name, value in environment.items() if name.startswith("PG")}
    credentials = s3.credentials
    return {
        "tables": TABLES,
        "dsn": postgres.dsn("stacks"),
        "psql": psql,
        "psql_environment": keys,
        "database": postgres.parameters("stacks"),
        "s3": {"endpoint_url": s3.endpoint, "region_name": credentials.region}
        | {"aws_access_key_id": credentials.access_key, "aws_secret_access_key": credentials.secret_key},
    }


def _archive(target: dict[str, Any]) -> Any:
    import boto3

    from stacks_dataverse.stores.object_store import ObjectStore

    return ObjectStore(boto3.client("s3", **target["s3"]), "private")


def _compare(target: dict[str, Any], programs: Mapping[str, list[str]], rounds: int) -> None:
    measured: dict[str, list[tuple[float, float, float]]] = {method: [] for method in programs}
    for _ in range(rounds):
        for method, program in programs.items():
            measured[method].append(_measure(program, target))
    columns = "method", "wall s", "CPU s", "peak MB", "x copy"
    print("{:14} {:>9} {:>9} {:>9} {:>9}".format(*columns))
    floor = statistics.median(wall for wall, _, _ in measured["copy_to_null"])
    for method, results in measured.items():
        wall, cpu, memory = (statistics.median(values) for values in zip(*results, strict=True))
        print(f"{method:14} {wall:9.2f} {cpu:9.2f} {memory:9.0f} {wall / floor:9.2f}")


def _measure(command: list[str], target: dict[str, Any]) -> tuple[float, float, float]:
    environment = os.environ | _connections(target)
    done = subprocess.run(
        command, input=json.dumps(target), env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return tuple(json.loads(done.stdout.splitlines()[-1]))


def _run(method: str, target: dict[str, Any]) -> None:
    """Measure one method in this process, its imports done before."""
    nothing(target)
    began, before = time.monotonic(), cpu_seconds()
    METHODS[method](target)
    print(json.dumps([time.monotonic() - began, cpu_seconds() - before, peak_megabytes()]))


def _connections(target: dict[str, Any]) -> dict[str, str]:
    found, s3 = target["database"], target["s3"]
    database = {"conn_type": "postgres", "host": found["host"], "port": found["port"], "schema": found["dbname"]}
    database |= {"login": found["user"], "password": found["password"]}
    extra = {"endpoint_url": s3["endpoint_url"], "region_name": s3["region_name"]}
    storage = {"conn_type": "aws", "login": s3["aws_access_key_id"], "password": s3["aws_secret_access_key"]}
    return {
        "AIRFLOW_CONN_BENCHMARK_DB": json.dumps(database),
        "AIRFLOW_CONN_BENCHMARK_S3": json.dumps(storage | {"extra": extra}),
        "AIRFLOW_HOME": tempfile.gettempdir() + "/benchmark-airflow",
    }


if __name__ == "__main__":
    main()
