"""What a new fact table costs on a long chain, against building all of it again.

    python -m tests.benchmarks.new_table --days 60 --txs 300

Makes servers and a sample chain in a temporary folder, and loads it without one table; then the table is declared, and
a backfill builds what is due. Prints Markdown: bytes read from the raw archive, rows written to facts, figures and the
ledger of what is built, and seconds.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import psycopg2

from scripts.local import sample_chain
from stacks_dataverse import catalog
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import migrate
from tests.benchmarks.servers import servers
from tests.support.pipeline import Pipeline, now

PORTS = 25690, 25700
WRITTEN = "SELECT COALESCE(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables WHERE relname = ANY (%s)"


@dataclass(frozen=True)
class Cost:
    """What a step read and wrote."""

    step: str
    raw_bytes: int
    rows: int
    seconds: float

    def __str__(self) -> str:
        return f"| {self.step} | {self.raw_bytes:,} | {self.rows:,} | {self.seconds:.1f} |"


@contextmanager
def counted_bytes() -> Iterator[list[int]]:
    """The sizes of the raw files that are fetched."""
    sizes: list[int] = []
    fetch = ObjectStore._fetch

    def counted(store: ObjectStore, file: Any, *others: Any) -> Any:
        sizes.append(file.bytes)
        return fetch(store, file, *others)

    with patch.object(ObjectStore, "_fetch", counted):
        yield sizes


def written(dsn: str) -> int:
    """Rows that were written so far."""
    names = ["built_days", *(table.name for table in catalog.TABLES)]
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute(WRITTEN, (names,))
        return int(cursor.fetchone()[0])


def cost(step: str, pipeline: Pipeline, days: list[str], *, is_forced: bool = False) -> Cost:
    """Build what is due, or everything, and measure it."""
    before, began = written(pipeline.warehouse_dsn), time.monotonic()
    with counted_bytes() as sizes:
        pipeline.build_days(days[0], days[-1], redo_before=now() + timedelta(days=1) if is_forced else None)
        pipeline.make_figures()
    seconds = time.monotonic() - began
    return Cost(step, sum(sizes), written(pipeline.warehouse_dsn) - before, seconds)


def main() -> None:
    """Make servers and a chain, build, declare, build again, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--txs", type=int, default=300, help="transactions a day")
    parser.add_argument("--table", default="large_transfers", help="the fact that is new")
    options = parser.parse_args()
    declared = catalog.TABLES
    with servers(*PORTS) as (postgres, s3):
        for name in ("chain", "warehouse"):
            postgres.create_database(name)
        sample_chain.generate(postgres.dsn("chain"), days=options.days, txs_per_day=options.txs)
        migrate(postgres.dsn("warehouse"))
        for bucket in ("raw", "public"):
            s3.create_bucket(bucket)
        stores = [ObjectStore(s3.client(), bucket) for bucket in ("raw", "public")]
        pipeline = Pipeline(postgres.dsn("chain"), postgres.dsn("warehouse"), *stores, network=sample_chain.NETWORK)
        days = [str(day) for day in sample_chain.days_in(postgres.dsn("chain"))]
        pipeline.land_days(days[0], days[-1])
        with patch.object(catalog, "TABLES", tuple(each for each in declared if each.name != options.table)):
            costs = [cost("everything, at first", pipeline, days)]
        costs.append(cost("what is due once it is declared", pipeline, days))
        costs.append(cost("nothing is due", pipeline, days))
        costs.append(cost("everything, by force", pipeline, days, is_forced=True))
    print(f"{options.table} on {len(days)} days of {options.txs} transactions:\n")
    print("| build | bytes read from raw | rows written | seconds |\n|---|--:|--:|--:|")
    print("\n".join(map(str, costs)))


if __name__ == "__main__":
    main()
