"""Land, build and publish many days as `stacks_backfill` does, and estimate all of history.

    python -m tests.benchmarks.backfill --days 60 --txs 5000 --large-days 4 --large-txs 50000

Makes servers and two sample chains in a temporary folder: many days of few transactions, which show what a day costs
whatever is in it, and few days of many, of the size that the goal is stated for. Runs the verbs over each in so many
processes, each with its share of the days, as months are shared out; then once more, when nothing is to do. Prints
Markdown. Airflow's part is reckoned from the seconds that a task costs it (`--airflow-seconds`, as measured in a local
stack): by month, whatever the days hold.

    python -m tests.benchmarks.backfill --against ../before --rounds 5 --like-before

runs the same on the code of another checkout, which `local.sh` has prepared, in turn with this one, and prints the
medians and their ratio. `--like-before` makes just the tables and public objects that the other one has.

`--s3-seconds 0.03` makes every request to S3 take so much longer, as one to AWS does: its own guide speaks of 0.1 to
0.2 seconds for small objects (docs.aws.amazon.com, "Performance guidelines for Amazon S3").
"""

import argparse
import json
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas  # noqa: F401 - pyarrow imports it in the first task; workers have it already, see plugins/local_executor.py
import psutil

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import migrate
from tests.benchmarks.servers import servers
from tests.support.pipeline import Pipeline

PORTS = 25650, 25660
GOAL_DAYS, GOAL_HOURS, GOAL_AIRFLOW_SHARE = 2_000, 2.5, 0.1
DAYS_A_MONTH = 30.4
TASKS_OF_A_RUN = 5
PARALLEL, ONCE = ("land", "build", "check"), ("figures", "publish")
FORK = multiprocessing.get_context("fork")


@dataclass
class Bench:
    """A chain with a pipeline, and the seconds that each verb took over all of its days."""

    pipeline: Pipeline
    days: Sequence[str]
    workers: int
    seconds: dict[str, float] = field(default_factory=dict)
    cpu: Counter[str] = field(default_factory=Counter)

    def run(self, suffix: str = "") -> None:
        """Run every verb in the order of a backfill."""
        self._timed("land" + suffix, lambda: self._shared_out(self.pipeline.land_days))
        self._timed("build" + suffix, lambda: self._shared_out(self.pipeline.build_days))
        self._timed("figures" + suffix, self.pipeline.make_figures)
        self._timed("check" + suffix, lambda: self._shared_out(self.pipeline.check_days))
        self._timed("publish" + suffix, lambda: self.pipeline.publish(self.days[-1]))

    def a_day(self, verb: str) -> float:
        """Seconds of wall time for each day."""
        return self.seconds[verb] / len(self.days)

    def _timed(self, verb: str, work: Callable[[], Any]) -> None:
        began, before = time.perf_counter(), cpu_seconds()
        work()
        self.seconds[verb] = time.perf_counter() - began
        self.cpu += cpu_seconds() - before

    def _shared_out(self, verb: Callable[[str, str], Any]) -> None:
        share = -(-len(self.days) // self.workers)
        shares = [self.days[start : start + share] for start in range(0, len(self.days), share)]
        running = [FORK.Process(target=verb, args=(days[0], days[-1])) for days in shares]
        for process in running:
            process.start()
        for process in running:
            process.join()
            if process.exitcode:
                raise SystemExit(f"{verb.__name__} failed; see above.")


def cpu_seconds() -> Counter[str]:
    """Seconds of CPU so far, by who took them: this process with its workers that ended, or a server with its own."""
    servers = {process.name(): process for process in psutil.Process().children()}
    postgres = servers.pop("postgres")
    [s3] = servers.values()
    return Counter(ours=_cpu(psutil.Process()), postgres=_cpu(postgres), s3=_cpu(s3))


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    """Make servers and chains, run the verbs, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--txs", type=int, default=5_000)
    parser.add_argument("--large-days", type=int, default=4)
    parser.add_argument("--large-txs", type=int, default=50_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--airflow-seconds", type=float, default=1.3, help="what a task costs Airflow")
    parser.add_argument("--against", type=Path, help="another checkout, to compare with")
    parser.add_argument("--rounds", type=int, default=5, help="of a comparison")
    parser.add_argument("--like-before", action="store_true", help="make just what the other checkout has")
    parser.add_argument("--s3-seconds", type=float, default=0.0, help="that every request to S3 takes longer")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--only", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.against:
        _compare(options)
        return
    if options.only:
        _keep(options.only.split())
    with servers(*PORTS) as (postgres, s3):
        small = _bench(postgres, s3, "small", options.days, options.txs, options)
        small.run()
        small.run(" again")
        large = _bench(postgres, s3, "large", options.large_days, options.large_txs, options)
        large.run()
    if options.json:
        print(json.dumps(_by_verb(small, large)))
    else:
        _print(small, large, options)


def _compare(options: argparse.Namespace) -> None:
    from tests.benchmarks import checkouts

    sizes = ("days", "txs", "large_days", "large_txs", "workers", "s3_seconds")
    arguments = [f"--{name.replace('_', '-')}={getattr(options, name)}" for name in sizes]
    only = [f"--only={checkouts.names(options.against)}"] if options.like_before else []
    before, now = [], []
    for _ in range(options.rounds):
        before.append(checkouts.measure(options.against, __file__, [*arguments, "--json"]))
        now.append(checkouts.measure(checkouts.HERE, __file__, [*arguments, *only, "--json"]))
    print(checkouts.compare(before, now))


def _keep(names: Sequence[str]) -> None:
    """Leave nothing in the catalogue but what has one of the names."""
    for kind in ("TABLES", "OBJECTS", "CHECKS", "LANDING_CHECKS"):
        setattr(catalog, kind, tuple(each for each in getattr(catalog, kind) if each.name in names))


def _by_verb(small: Bench, large: Bench) -> dict[str, float]:
    """Seconds of wall time a day, by verb, of both sizes; and of CPU, by who took them."""
    verbs = (*PARALLEL, *ONCE)
    sizes = {f"{len(bench.days)} days": bench for bench in (small, large)}
    seconds = {f"{name}: {verb}": bench.a_day(verb) for name, bench in sizes.items() for verb in verbs}
    seconds |= {f"{name}: all": sum(map(bench.a_day, verbs)) for name, bench in sizes.items()}
    cpu = {
        f"{name}: CPU, {who}": bench.cpu[who] / len(bench.days) for name, bench in sizes.items() for who in bench.cpu
    }
    return seconds | cpu


def _bench(
    postgres: PostgresServer, s3: S3Server, name: str, days: int, txs: int, options: argparse.Namespace
) -> Bench:
    for database in (name, f"{name}_warehouse"):
        postgres.create_database(database)
    sample_chain.generate(postgres.dsn(name), days=days, txs_per_day=txs)
    migrate(postgres.dsn(f"{name}_warehouse"))
    stores = []
    for bucket in (f"{name}-private", f"{name}-public"):
        s3.create_bucket(bucket)
        client = s3.client()
        client.meta.events.register("before-send.s3", lambda **_request: time.sleep(options.s3_seconds))
        stores.append(ObjectStore(client, bucket))
    pipeline = Pipeline(postgres.dsn(name), postgres.dsn(f"{name}_warehouse"), *stores, network=sample_chain.NETWORK)
    return Bench(pipeline, [str(day) for day in sample_chain.days_in(postgres.dsn(name))], options.workers)


def _print(small: Bench, large: Bench, options: argparse.Namespace) -> None:
    sizes = [(small, options.txs), (large, options.large_txs)]
    print(f"{options.workers} processes on {os.cpu_count()} cores, load average {os.getloadavg()[1]:.1f}\n")
    print("| seconds of wall time a day | " + " | ".join(f"{len(b.days)} x {txs:,}" for b, txs in sizes) + " | again |")
    print("|---" * 4 + "|")
    for verb in (*PARALLEL, *ONCE):
        cells = [f"{bench.a_day(verb):.3f}" for bench, _ in sizes]
        print(f"| {verb} | " + " | ".join(cells) + f" | {small.a_day(verb + ' again'):.3f} |")
    totals = [sum(bench.a_day(verb) for verb in (*PARALLEL, *ONCE)) for bench, _ in sizes]
    print(f"| all | {totals[0]:.3f} | {totals[1]:.3f} | |\n")
    tasks = len(PARALLEL) * GOAL_DAYS / DAYS_A_MONTH + TASKS_OF_A_RUN
    work, airflow = GOAL_DAYS * totals[1], tasks * options.airflow_seconds / options.workers
    share = airflow / (work + airflow)
    print(f"{GOAL_DAYS:,} x {options.large_txs:,}: {(work + airflow) / 3600:.1f} h (goal {GOAL_HOURS} h), of which")
    print(f"Airflow {airflow:.0f} s in {tasks:.0f} tasks, {share:.1%} (goal {GOAL_AIRFLOW_SHARE:.0%}).")


if __name__ == "__main__":
    main()
