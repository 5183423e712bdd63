"""Time and weight of the Dataverse page's views over a warehouse with a long past.

    python -m tests.benchmarks.page --days 2000 --accounts 1000000

Makes servers in a temporary folder, with the past and two days of the sample chain after it. Asks for each view several
times and prints, as Markdown, seconds and bytes: `first` of an answer for which all had to be read, `then` the median
of the later ones. The web UI around the page and its log-in are not in it.
"""

from tests.integration import page as shared  # isort: skip

import argparse
import os
import statistics
import time

from plugins.page import run_details, runs, task_runs
from plugins.page.page_stores import CACHE_SECONDS
from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import migrate
from tests.benchmarks.servers import servers
from tests.support.history import preload
from tests.support.pipeline import Pipeline

PORTS = 25670, 25680
DAY = str(sample_chain.FIRST_DAY)
VIEWS = (
    *("/", "/?year=2022", "/catalogue", "/catalogue?sort=title"),
    *("/dataset/daily_txs", "/dataset/daily_txs/chart.json", f"/day/{DAY}"),
)


def main() -> None:
    """Make servers and a past, ask for the views, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=2_000)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with servers(*PORTS) as (postgres, s3):
        _print(_pipeline(postgres, s3, options.days, options.accounts), options.rounds)


def _pipeline(postgres: PostgresServer, s3: S3Server, days: int, accounts: int) -> Pipeline:
    for name in ("stacks", "warehouse"):
        postgres.create_database(name)
    sample_chain.generate(postgres.dsn("stacks"), days=2, txs_per_day=2_000)
    migrate(postgres.dsn("warehouse"))
    preload(postgres.dsn("warehouse"), days, accounts, sample_chain.FIRST_DAY)
    for bucket in ("private", "public"):
        s3.create_bucket(bucket)
    stores = [ObjectStore(s3.client(), bucket) for bucket in ("private", "public")]
    pipeline = Pipeline(postgres.dsn("stacks"), postgres.dsn("warehouse"), *stores, network=sample_chain.NETWORK)
    pipeline.run(DAY)
    return pipeline


def _print(pipeline: Pipeline, rounds: int) -> None:
    """A line for each view, and for the slowest table's."""
    runs.read_newest = runs.read_of_day = lambda *_: []
    runs.is_paused = lambda _: False
    task_runs.read_last = run_details.read_failed = lambda *_: []
    run_details.with_tasks = lambda _, these: list(these)
    tables = tuple(f"/dataset/{table.name}" for table in catalog.TABLES)
    measured = {path: _measured(pipeline, path, rounds) for path in (*VIEWS, *tables)}
    slowest = max(tables, key=lambda path: measured[path][0])
    print(f"load average {os.getloadavg()[0]:.1f}\n\n| view | first | then | bytes |\n|---|---|---|---|")
    for path in (*VIEWS, slowest):
        first, then, size = measured[path]
        print(f"| `{path}` | {first:.3f} | {then:.3f} | {size:,} |")


def _measured(pipeline: Pipeline, path: str, rounds: int) -> tuple[float, float, int]:
    """Seconds of the first answer, the median of the later ones, and bytes."""
    seconds = []
    with shared.logged_in(shared.served(shared.stores(pipeline), CACHE_SECONDS)) as client:
        for _ in range(rounds + 1):
            began = time.perf_counter()
            answer = client.get(path)
            seconds.append(time.perf_counter() - began)
            assert answer.status_code == 200 or path.startswith("/dataset"), answer.text
    return seconds[0], statistics.median(seconds[1:]), len(answer.content)


if __name__ == "__main__":
    main()
