"""Building the same day after one day of history, thirty, and two thousand with five million accounts.

    python -m tests.benchmarks.building --rounds 3

Makes servers, a sample chain of one day and warehouses with a synthetic past in a temporary folder, builds and
finishes the day in each of them in turn, and prints Markdown tables of the medians, in seconds. Between rounds the day
is built as one without blocks, which takes all that it left out of facts and state.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg2
import pyarrow as pa
from psycopg2.extensions import cursor as Cursor

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog, paths
from stacks_dataverse.catalog import Kind, Schedule
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.end_of_day.states import BALANCES
from stacks_dataverse.network import MAINNET
from stacks_dataverse.raw_tables import RAW_TYPES, merge
from stacks_dataverse.runners import build, check, figures, publish
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse, migrate
from stacks_dataverse.transformers import balances
from stacks_dataverse.window import Window
from tests.benchmarks.servers import servers
from tests.support.history import preload
from tests.support.pipeline import Pipeline

DAY = Window(sample_chain.FIRST_DAY)
ACCOUNTS_A_DAY = 2_500
FACTS = catalog.tables(Kind.FACT)
READS = merge(table.reads for table in FACTS)
PORTS = 25630, 25640
NO_BLOCKS = {"first_block_height": None, "last_block_height": None, "block_count": 0,
             "source_version": "9", "tables": {table: {"rows": 0} for table in RAW_TYPES}}  # fmt: skip
AGAIN = f"UPDATE built_tables SET due = true WHERE day = '{DAY}'"
Seconds = dict[str, list[float]]


@dataclass(frozen=True)
class Bench:
    """A warehouse with a past, the landed day, and the seconds that each part of it took in each round."""

    pipeline: Pipeline
    no_blocks: ObjectStore
    seconds: Seconds

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Note how long something takes."""
        began = time.perf_counter()
        yield
        self.seconds.setdefault(part, []).append(time.perf_counter() - began)

    def round(self, number: int) -> None:
        """Build, finish and undo the day, part by part."""
        with Warehouse.open(self.pipeline.warehouse_dsn) as warehouse:
            self._build(warehouse)
            self._make_figures(warehouse)
            with self.timed("check"):
                check.check_day(self.pipeline.archive, warehouse, DAY, catalog.CHECKS, datetime.now(UTC))
            with self.timed("publish"):
                publish.publish_due_days(warehouse, self.pipeline.public, catalog.objects(Schedule.DAILY), DAY.day)
            rows = facts(self.pipeline.archive)
            binary = {name: _copied_out(self.pipeline.warehouse_dsn, name) for name in rows}
            build.build_day(self.no_blocks, warehouse, DAY, catalog.built_tables(), datetime.now(UTC), MAINNET)
        # What comes second finds the indexes in memory.
        writes = (lambda: self._load(rows), lambda: self._copy(binary))
        for write in writes if number % 2 else reversed(writes):
            write()
        with _cursor(self.pipeline.warehouse_dsn) as cursor:
            cursor.execute("COMMIT")
            cursor.execute("VACUUM (ANALYZE)")

    def _build(self, warehouse: Warehouse) -> None:
        open_raw = build.open_raw

        @contextmanager
        def timed_open_raw(*arguments: Any) -> Iterator[Any]:
            with self.timed("facts"), open_raw(*arguments) as raw:
                yield raw

        with patch.object(build, "open_raw", timed_open_raw), self.timed("build"):
            build.build_day(self.pipeline.archive, warehouse, DAY, catalog.built_tables(), datetime.now(UTC), MAINNET)
        self.seconds.setdefault("load + state", []).append(self.seconds["build"][-1] - self.seconds["facts"][-1])
        with self.timed("build again"):
            build.build_day(self.pipeline.archive, warehouse, DAY, catalog.built_tables(), datetime.now(UTC), MAINNET)

    def _make_figures(self, warehouse: Warehouse) -> None:
        tables, pox = catalog.tables(Kind.FIGURE), MAINNET
        without = [table for table in tables if BALANCES not in table.end_of_day_states]
        with self.timed("figures but balances"):
            figures.make_due_figures(warehouse, without, pox)
        with warehouse.transaction():
            warehouse.execute(AGAIN)
        with self.timed("figures"):
            figures.make_due_figures(warehouse, tables, pox)
        with self.timed("pass over balances"):
            opening = engine.read_opening_state(warehouse.read, [BALANCES], DAY.day)
            with engine.open_state(opening) as state:
                balances.daily_balances(state)

    def _load(self, rows: Mapping[str, pa.Table]) -> None:
        """Write the day's facts as a build does, but no state; not committed, so undone."""
        with Warehouse.open(self.pipeline.warehouse_dsn) as warehouse, self.timed("load of facts"):
            for name, table in rows.items():
                warehouse.replace_day(name, DAY.day, table)

    def _copy(self, rows: Mapping[str, bytes]) -> None:
        """Write them by a plain COPY: what PostgreSQL itself needs; undone too."""
        with _cursor(self.pipeline.warehouse_dsn) as cursor:
            for name in rows:
                cursor.execute(f"DELETE FROM {name} WHERE day = '{DAY}'")
            with self.timed("plain COPY"):
                for name, binary in rows.items():
                    cursor.copy_expert(f"COPY {name} FROM STDIN (FORMAT binary)", BytesIO(binary))


def facts(archive: ObjectStore, opened: Callable[[], None] = lambda: None) -> dict[str, pa.Table]:
    """All facts of the landed day; calls `opened` once its files are here."""
    with build.open_raw(archive, build.read_manifest(archive, DAY), READS) as raw:
        opened()
        return {fact.name: build.make_rows(raw, fact) for fact in FACTS}


def main() -> None:
    """Make servers, chains and warehouses, measure in turn, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--txs", type=int, default=50_000)
    parser.add_argument("--large-txs", type=int, default=150_000)
    parser.add_argument("--days", type=int, nargs="+", default=[1, 30, 2_000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with servers(*PORTS) as (postgres, s3):
        _compare(postgres, s3, options)


def _compare(postgres: PostgresServer, s3: S3Server, options: argparse.Namespace) -> None:
    with postgres.connect() as connection, connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET autovacuum = off")
        cursor.execute("SELECT pg_reload_conf()")
    archive, no_blocks = _landed(postgres, s3, "day", options.txs), _bucket(s3, "no-blocks")
    manifest = build.read_manifest(archive, DAY)
    no_blocks.put_json(paths.RAW_MANIFEST.format(day=DAY), manifest.to_json() | NO_BLOCKS)
    public = _bucket(s3, "public")
    benches = {
        days: Bench(Pipeline("", _warehouse(postgres, days), archive, public), no_blocks, {}) for days in options.days
    }
    for number in range(options.rounds):
        for bench in benches.values():
            bench.round(number)
    _print_parts({days: bench.seconds for days, bench in benches.items()})
    _print_facts(s3, archive, options.txs, options.rounds)
    _print_facts(s3, _landed(postgres, s3, "large", options.large_txs), options.large_txs, options.rounds)


def _landed(postgres: PostgresServer, s3: S3Server, name: str, txs: int) -> ObjectStore:
    """A chain of one day, landed in a bucket of its name."""
    postgres.create_database(name)
    sample_chain.generate(postgres.dsn(name), days=1, txs_per_day=txs)
    archive = _bucket(s3, name)
    Pipeline(postgres.dsn(name), "", archive, archive).land(str(DAY))
    return archive


def _bucket(s3: S3Server, name: str) -> ObjectStore:
    s3.create_bucket(name)
    return ObjectStore(s3.client(), name)


def _warehouse(postgres: PostgresServer, days: int) -> str:
    name = f"warehouse_{days}"
    postgres.create_database(name)
    migrate(postgres.dsn(name))
    preload(postgres.dsn(name), days, days * ACCOUNTS_A_DAY, DAY.day)
    return postgres.dsn(name)


def _copied_out(dsn: str, table: str) -> bytes:
    rows = BytesIO()
    with _cursor(dsn) as cursor:
        cursor.copy_expert(f"COPY (SELECT * FROM {table} WHERE day = '{DAY}') TO STDOUT (FORMAT binary)", rows)
    return rows.getvalue()


@contextmanager
def _cursor(dsn: str) -> Iterator[Cursor]:
    with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
        yield cursor


def _print_parts(measured: Mapping[int, Seconds]) -> None:
    """One line a part: the median of each warehouse, and its ratio to that of the shortest past."""
    days = list(measured)
    columns = [f"days: {day:,}" for day in days] + [f"x {day}" for day in days[1:]]
    print("| seconds | " + " | ".join(columns) + " |")
    print("|---" * (2 * len(days)) + "|")
    for part in measured[days[0]]:
        found = [statistics.median(measured[day][part]) for day in days]
        cells = [f"{value:.3f}" for value in found] + [f"{value / found[0]:.2f}" for value in found[1:]]
        print(f"| {part} | " + " | ".join(cells) + " |")


def _print_facts(s3: S3Server, archive: ObjectStore, txs: int, rounds: int) -> None:
    """All facts of a day in a process of its own, as a worker makes them."""
    code = f"from tests.benchmarks import building; building.measure_facts({str(s3.home)!r}, {archive.bucket!r})"
    results = [subprocess.check_output([sys.executable, "-c", code]) for _ in range(rounds)]
    fetched, made, memory, imports = map(statistics.median, zip(*map(json.loads, results), strict=True))
    raw = sum(table.rows for table in build.read_manifest(archive, DAY).tables.values())
    print(f"\nFacts of {txs:,} transactions, {raw:,} raw rows: {fetched:.2f} s of fetching, {made:.2f} s of DuckDB,")
    print(f"peak {memory:.0f} MB, of which imports {imports:.0f} MB.")


def measure_facts(home: str, bucket: str) -> None:
    """Print the seconds of fetching and of DuckDB, and the peak of memory after and before them, in MB."""
    archive = ObjectStore(S3Server(Path(home), PORTS[1]).client(), bucket)
    imports, times = _peak_megabytes(), [time.perf_counter()]
    facts(archive, lambda: times.append(time.perf_counter()))
    times.append(time.perf_counter())
    print(json.dumps([times[1] - times[0], times[2] - times[1], _peak_megabytes(), imports]))


def _peak_megabytes() -> float:
    """Of this process since it began; getrusage would count the parent's, from before the exec."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
