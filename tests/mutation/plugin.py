"""The tests of one pytest session, run for each mutant of the statements that they run; fixtures of a session stay."""

import logging
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.doors import Doors, Query
from tests.mutation.operators import Mutant, mutants, round_trip


@dataclass
class Outcome:
    """What became of a mutant: `test` is the one that failed, empty where none did."""

    query: Query
    mutant: str
    test: str

    @property
    def key(self) -> tuple[str, str, str]:
        """How the list of survivors names it."""
        return self.query.module, self.query.name, self.mutant


class Nothing(pytest.Item):
    """Comes after a test, so that what its module set up stays for the next run."""

    def runtest(self) -> None:
        """Do nothing."""


@dataclass
class Mutating:
    """A pytest plugin: `modules` are those to mutate, or packages of them; of each module at most `sample` mutants."""

    doors: Doors
    modules: Sequence[str]
    sample: int | None = None
    seed: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    unwritable: list[Query] = field(default_factory=list)
    no_sql: int = 0
    tests: dict[str, list[pytest.Item]] = field(default_factory=lambda: defaultdict(list))
    queries: dict[str, Query] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn which statements each test runs; then run, for each mutant, the tests of its statement."""
        # Parsers warn of what they read another way, and stores of what a mutant makes fail.
        logging.disable(logging.CRITICAL)
        with self.doors.open():
            failed = [item.nodeid for item in session.items if not self._learn(item)]
            if failed:
                raise pytest.UsageError(f"These tests fail without a mutation: {failed}")
            for query, mutant in self._chosen():
                self._try(query, mutant)
            session.items[-1].session._setupstate.teardown_exact(None)
        return True

    def _learn(self, item: pytest.Item) -> bool:
        self.doors.passed.clear()
        begun = time.monotonic()
        passed = self._passes(item)
        item.stash[SECONDS] = time.monotonic() - begun
        for sql, query in self.doors.passed.items():
            query = self.queries.setdefault(sql, query)
            if any(query.module == module or query.module.startswith(f"{module}.") for module in self.modules):
                self.tests[sql].append(item)
        return passed

    def _chosen(self) -> Iterator[tuple[Query, Mutant]]:
        by_module: dict[str, list[tuple[Query, Mutant]]] = defaultdict(list)
        for sql, items in self.tests.items():
            query = self.queries[sql]
            # Module by module, for each sets up anew what its tests share.
            items.sort(key=lambda item: (item.path, item.stash[SECONDS]))
            if self._killer(query, round_trip(sql, query.dialect)):
                self.unwritable.append(query)
            else:
                by_module[query.module] += [(query, mutant) for mutant in mutants(sql, query.dialect)]
        for module, pairs in sorted(by_module.items()):
            few = self.sample is not None and self.sample < len(pairs)
            yield from random.Random(f"{self.seed} {module}").sample(pairs, self.sample) if few else pairs

    def _try(self, query: Query, mutant: Mutant) -> None:
        test = self._killer(query, mutant.sql)
        if self.doors.is_no_sql:
            self.no_sql += 1
        else:
            self.outcomes.append(Outcome(query, mutant.name, test))
            if not test:
                print(f"survived: {query.module} {query.name}: {mutant.name}", flush=True)

    def _killer(self, query: Query, replacement: str) -> str:
        """The first test that fails with another statement in the place of one; empty where all pass."""
        self.doors.mutated, self.doors.replacement, self.doors.is_no_sql = query.sql, replacement, False
        try:
            return next((item.nodeid for item in self.tests[query.sql] if not self._passes(item)), "")
        finally:
            self.doors.mutated = ""

    def _passes(self, item: pytest.Item) -> bool:
        item.session._setupstate.teardown_exact(item)
        after = Nothing.from_parent(item.parent, name="nothing")
        return not any(report.failed for report in runtestprotocol(item, nextitem=after, log=False))


SECONDS = pytest.StashKey[float]()
