"""Statements of the warehouse that the catalogue declares, by their text."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from stacks_dataverse import catalog
from stacks_dataverse.end_of_day import states


def declared_queries() -> dict[str, tuple[str, str]]:
    """The module and name of each statement: rows of public objects, checks, inputs and states of figures."""
    return {sql: (module, name) for module, name, sql in _declared() if sql}


def _declared() -> Iterator[tuple[str, str, str]]:
    yield "end_of_day.states", "burn_block_height", states.BURN_BLOCK_HEIGHT
    checks = (*catalog.CHECKS, *catalog.MARKET_CHECKS, *catalog.LANDING_CHECKS, *catalog.TIP_CHECKS)
    yield from (("catalog.checks", check.name, check.query) for check in checks)
    for module in iter_modules(catalog.__path__):
        yield from _of_module(import_module(f"{catalog.__name__}.{module.name}"), f"catalog.{module.name}")


def _of_module(module: ModuleType, of: str) -> Iterator[tuple[str, str, str]]:
    for obj in getattr(module, "OBJECTS", ()):
        yield of, obj.name, obj.rows
        yield of, f"{obj.name}.known", obj.known
        yield of, f"{obj.name}.as_of", obj.as_of
    for table in getattr(module, "TABLES", ()):
        yield of, table.name, table.rows
        for name, sql in table.inputs.items():
            yield "end_of_day.inputs", name, sql
        for state in table.end_of_day_states:
            yield "end_of_day.states", state.name, state.opening_state
    for check in getattr(module, "CHECKS", ()):
        yield of, check.name, check.query
