"""The list of survivors names queries that there are, and says of each why it may survive."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from stacks_dataverse import catalog, end_of_day, prints, queries, transformers
from tests.mutation.declared import declared_queries
from tests.mutation.survivors import Equivalent, listed

PACKAGES = (transformers, prints, end_of_day, queries, catalog)
MODULES = {
    module.name.removeprefix("stacks_dataverse.")
    for package in PACKAGES
    for module in iter_modules(package.__path__, f"{package.__name__}.")
}
DECLARED = set(declared_queries().values())


def queries_of(module: str) -> set[str]:
    """The functions of a module, and the queries that it declares."""
    return {*vars(import_module(f"stacks_dataverse.{module}")), *(name for of, name in DECLARED if of == module)}


def covers(pattern: str, module: str) -> bool:
    """Whether a pattern of the list covers a module."""
    return Equivalent((pattern,), ("*",), ("*",), "").covers(module, "", "")


@pytest.mark.parametrize("entry", listed(), ids=lambda entry: entry.reason)
def test_a_survivor_is_of_queries_that_there_are(entry: Equivalent) -> None:
    named = {pattern: {name for name in MODULES if covers(pattern, name)} for pattern in entry.modules}
    assert all(named.values()), named
    modules = set().union(*named.values())
    for query in entry.queries:
        assert any(query == "*" or query in queries_of(module) for module in modules), query
    assert len(entry.reason.split()) > 3


def test_a_star_stands_for_any_text() -> None:
    entry = Equivalent(("a.*",), ("*",), ("x [> -> >=] *",), "")
    assert entry.covers("a.b", "q", "x [> -> >=] 0")
    assert not entry.covers("b.a", "q", "x [> -> >=] 0")
    assert not entry.covers("a.b", "q", "xx [> -> >=] 0")
