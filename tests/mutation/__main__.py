"""Mutation testing: does a test fail when the SQL that makes figures is wrong?

    python -m tests.mutation [MODULE ...] [--sample N --seed S] [--tests PATH ...]

MODULE is as `transformers.bonds` or `catalog`; without any, all that make figures are mutated. A statement is changed
in one small place, and the tests that run it are run again, in one process, until one fails. It prints how many mutants
were killed, by module, and those that survived and are not in `survivors.toml`.

Beside the packages of the tests it needs those of `tests/mutation/requirements.txt`:

    python -m pip install -r tests/mutation/requirements.txt

Golden cases are the quickest tests, and the default. Public objects are published again by each mutant where the tests
share runs, as `--tests tests/integration/test_sample_objects.py`. The Python of transformers is mutated by mutmut,
which reads its settings in pyproject.toml: `mutmut run "stacks_dataverse.transformers.swaps*"`.
"""

import argparse
import sys
from collections import Counter

import pytest

from tests.mutation.declared import declared_queries
from tests.mutation.doors import Doors
from tests.mutation.plugin import Mutating
from tests.mutation.survivors import is_listed, listed

MODULES = ("transformers", "prints", "end_of_day", "queries", "catalog")
TESTS = ("tests/golden", "tests/unit/transformers/test_checks.py", "tests/unit/test_prints.py")
# A failure is only counted: no test is rewritten for its message, and no trace of a failure is written.
OPTIONS = ("-q", "-p", "no:cacheprovider", "--assert=plain", "--tb=line", "--timeout=120", "--timeout-method=signal")


def report(run: Mutating) -> str:
    """Counts by module, then what survived without a reason."""
    entries = listed()
    counts: Counter[tuple[str, str]] = Counter()
    for outcome in run.outcomes:
        of = "killed" if outcome.test else "equivalent" if is_listed(entries, *outcome.key) else "open"
        counts[outcome.query.module, of] += 1
    lines = [f"{'module':30} {'mutants':>8} {'killed':>8} {'equivalent':>10} {'open':>6} {'score':>7}"]
    for module in sorted({module for module, _ in counts}):
        killed, equivalent, left = (counts[module, of] for of in ("killed", "equivalent", "open"))
        score = f"{killed / (killed + left):.1%}" if killed + left else ""
        mutants = killed + equivalent + left
        lines.append(f"{module:30} {mutants:8} {killed:8} {equivalent:10} {left:6} {score:>7}")
    lines += [f"{run.no_sql} more are no SQL, and are not counted."]
    lines += [f"not mutated, for written again it is another: {query.module} {query.name}" for query in run.unwritable]
    survived = [outcome.key for outcome in run.outcomes if not outcome.test]
    lines += [f"open: {' | '.join(key)}" for key in survived if not is_listed(entries, *key)]
    return "\n".join(lines)


def main() -> int:
    """Run it, and print what became of the mutants."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", default=MODULES, metavar="MODULE")
    parser.add_argument("--sample", type=int, help="at most so many mutants of each module")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tests", nargs="+", default=TESTS, help="what is run")
    parser.add_argument("--basetemp", default=None)
    given = parser.parse_args()
    run = Mutating(Doors(declared_queries()), given.modules, given.sample, given.seed)
    options = [*OPTIONS, *([f"--basetemp={given.basetemp}"] if given.basetemp else [])]
    status = pytest.main([*options, *given.tests], plugins=[run])
    print(report(run))
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
