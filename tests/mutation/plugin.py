"""The tests of one pytest session, run for each mutant of the statements that they run; fixtures of a session stay."""

import logging
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.doors import POSTGRES, Doors, Query
from tests.mutation.operators import Mutant, mutants, round_trip
from tests.mutation.published import OBJECTS, Published
from tests.support.pipeline import Pipeline


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


# Pytest keeps plugins by what they are, not by what they hold.
@dataclass(eq=False)
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
    published: Published = field(default_factory=Published)
    is_shared_made: bool = False
    last: pytest.Item | None = None
    # The statement of the object that is published last, as a mutant made it.
    mutated_object: str = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Any:
        """Note what tests share, and the runs of a whole session."""
        made = yield
        self.is_shared_made |= fixturedef.scope != "function"
        if fixturedef.scope == "session" and isinstance(made, Pipeline):
            self.published.runs.append(made)
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn which statements each test runs; then run, for each mutant, the tests of its statement."""
        # Parsers warn of what they read another way, and stores of what a mutant makes fail.
        logging.disable(logging.CRITICAL)
        with self.doors.open(), self.published.open():
            failed = [item.nodeid for item in session.items if not self._learn(item)]
            if failed:
                raise pytest.UsageError(f"These tests fail without a mutation: {failed}")
            for query, mutant in self._chosen():
                self._try(query, mutant)
            self.doors.replacements = {}
            session.items[-1].session._setupstate.teardown_exact(None)
        return True

    def _learn(self, item: pytest.Item) -> bool:
        """Run a test; once more if it was the first to use what it shares, for then it is not made again."""
        self.doors.passed.clear()
        self.published.read.clear()
        self.is_shared_made, begun = False, time.monotonic()
        passed = self._passes(item)
        if passed and self.is_shared_made:
            return self._learn(item)
        item.stash[SECONDS] = time.monotonic() - begun
        self.queries |= {sql: query for sql, query in self.doors.passed.items() if sql not in self.queries}
        objects = [sql for sql in self.published.queries_read() if sql in self.doors.declared]
        self.queries |= {sql: Query(*self.doors.declared[sql], POSTGRES, sql) for sql in objects}
        for sql in dict.fromkeys([*self.doors.passed, *objects]):
            module = self.queries[sql].module
            if any(module == each or module.startswith(f"{each}.") for each in self.modules):
                self.tests[sql].append(item)
        return passed

    def _chosen(self) -> Iterator[tuple[Query, Mutant]]:
        self._leave_out_unwritable()
        by_module: dict[str, list[tuple[Query, Mutant]]] = defaultdict(list)
        for sql, items in self.tests.items():
            query = self.queries[sql]
            # Module by module, for each sets up anew what its tests share.
            items.sort(key=lambda item: (item.path, item.stash[SECONDS]))
            by_module[query.module] += [(query, mutant) for mutant in mutants(sql, query.dialect)]
        for module, pairs in sorted(by_module.items()):
            few = self.sample is not None and self.sample < len(pairs)
            yield from random.Random(f"{self.seed} {module}").sample(pairs, self.sample) if few else pairs

    def _leave_out_unwritable(self) -> None:
        """Leave out statements that fail a test when they are parsed and written again without a change."""
        written = {sql: round_trip(sql, self.queries[sql].dialect) for sql in self.tests}
        self._publish(written)
        suspects = [item for item in dict.fromkeys(chain(*self.tests.values())) if not self._passes(item)]
        self._publish({})
        for sql, items in list(self.tests.items()) if suspects else ():
            query, self.tests[sql] = self.queries[sql], [item for item in items if item in suspects]
            if self._killer(query, written[sql]):
                self.unwritable.append(query)
                del self.tests[sql]
            else:
                self.tests[sql] = items

    def _publish(self, replacements: dict[str, str]) -> None:
        """Replace statements, and publish all objects of them again."""
        self.doors.replacements = replacements
        for sql in self.tests.keys() & OBJECTS.keys():
            self.published.is_refused(sql)

    def _try(self, query: Query, mutant: Mutant) -> None:
        test = self._killer(query, mutant.sql)
        if self.doors.is_no_sql:
            self.no_sql += 1
        else:
            self.outcomes.append(Outcome(query, mutant.name, test))

    def _killer(self, query: Query, replacement: str) -> str:
        """The first test that fails with another statement in the place of one; empty where all pass."""
        if self.mutated_object and self.mutated_object != query.sql:
            self.doors.replacements = {}
            self.published.is_refused(self.mutated_object)
        self.mutated_object = query.sql if query.sql in OBJECTS else ""
        self.doors.replacements, self.doors.is_no_sql = {query.sql: replacement}, False
        if self.mutated_object and self.published.is_refused(query.sql):
            return "it cannot be published"
        items = self.tests[query.sql]
        killer = next((item for item in items if not self._passes(item)), None)
        if killer and not self.doors.is_no_sql:
            # What kills one mutant often kills the next.
            items.remove(killer)
            items.insert(0, killer)
        return killer.nodeid if killer else ""

    def _passes(self, item: pytest.Item) -> bool:
        """Whether a test passes; what the tests of its file share is made without a mutation."""
        if self.last and self.last.path != item.path:
            mutated, self.doors.replacements = self.doors.replacements, {}
            self._run(item)
            self.doors.replacements = mutated
        return self._run(item)

    def _run(self, item: pytest.Item) -> bool:
        self.last = item
        item.session._setupstate.teardown_exact(item)
        after = Nothing.from_parent(item.parent, name="nothing")
        return not any(report.failed for report in runtestprotocol(item, nextitem=after, log=False))


SECONDS = pytest.StashKey[float]()
