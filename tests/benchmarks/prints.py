"""How fast prints are read: those of real contracts, run in a simulated network, each many times, on one core.

    python -m tests.benchmarks.prints --times 40 --rounds 5

Prints the median of prints a second: decoded alone, and read as transformers read them, with every key as a column:
the kinds that are printed most, and all of them, each of which searches the day for its contract.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import duckdb

from stacks_dataverse import clarity
from stacks_dataverse.prints import Prints, prints
from tests.support import contract_runs

RUNS = Path(__file__).parents[3] / "shared" / "data" / "contract_runs"


def main() -> None:
    """Measure, and print a line for each way of reading."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=40, help="how often each print is there")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    runs = contract_runs.runs(RUNS)
    kinds = contract_runs.kinds(contract_runs.prints_of(runs))
    logs = contract_runs.prints_of(runs * options.times)
    report("decoded", options.rounds, lambda: len([clarity.decode(row["value"]) for row in logs]))
    with contract_runs.open_day(logs) as day:
        day.execute("SET threads = 1")
        kinds.sort(key=lambda kind: prints(day, kind).num_rows, reverse=True)
        for some in (kinds[:10], kinds):
            report(f"{len(some)} kinds read", options.rounds, partial(read, day, some))


def read(day: duckdb.DuckDBPyConnection, kinds: Iterable[Prints]) -> int:
    """Read the prints of kinds as transformers do, and return how many they are."""
    return sum(prints(day, kind).num_rows for kind in kinds)


def report(name: str, rounds: int, read: Callable[[], int]) -> None:
    """Print the median of prints a second of what reads them and tells how many they were."""
    speeds, found = [], 0
    for _ in range(rounds):
        began = time.process_time()
        found = read()
        speeds.append(found / (time.process_time() - began))
    print(f"{name}: {found:,} prints, {statistics.median(speeds):,.0f} a second")


if __name__ == "__main__":
    main()
