"""The data dictionary: every warehouse table, seed, public object and check, as data."""

import re
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from stacks_dataverse.catalog import checks, market, sources
from stacks_dataverse.data_check import Check
from stacks_dataverse.dataset import Kind, PublicObject, Schedule, Table
from stacks_dataverse.queries import tip as tip_queries
from stacks_dataverse.seeds import SEEDS
from stacks_dataverse.versions import names_in


def _modules() -> list[ModuleType]:
    """Every module of this folder: a dataset that one of them declares is in the dictionary."""
    return [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]


def _with_states(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables; each ledger with the running states that are declared on it."""
    declared = [(table.name, table.running_state) for table in tables if table.running_state]
    return tuple(
        replace(table, states={name: state for name, state in declared if state.ledger == table.name})
        for table in tables
    )


TABLES: tuple[Table, ...] = _with_states([table for module in _modules() for table in getattr(module, "TABLES", ())])
OBJECTS: tuple[PublicObject, ...] = tuple(
    sources.with_warnings(obj, TABLES) for module in _modules() for obj in getattr(module, "OBJECTS", ())
)

# Of a day of the chain, before it is published; of the vendors' series, after each load; of a loaded day, once a week.
CHECKS: tuple[Check, ...] = (
    *checks.checks(TABLES),
    *(check for module in _modules() for check in getattr(module, "CHECKS", ())),
)
MARKET_CHECKS: tuple[Check, ...] = market.MARKET_CHECKS
AUDIT: Check = checks.AUDIT
# With a row of the runbook, and of the page's list.
RUNBOOK_CHECKS: tuple[Check, ...] = (*CHECKS, *MARKET_CHECKS, AUDIT)
LANDING_CHECKS: tuple[Check, ...] = checks.OF_LANDING
TIP_CHECKS: tuple[Check, ...] = checks.OF_TIP_SNAPSHOTS


def tables(kind: Kind) -> list[Table]:
    """The tables of one kind."""
    return [table for table in TABLES if table.kind is kind]


def built_tables() -> list[Table]:
    """The tables that are built for each day: facts, and end-of-day figures."""
    return [*tables(Kind.FACT), *tables(Kind.FIGURE)]


def objects(schedule: Schedule) -> list[PublicObject]:
    """The public objects that are published on one schedule."""
    return [obj for obj in OBJECTS if obj.schedule is schedule and not obj.private]


def objects_of_a_day() -> list[PublicObject]:
    """The daily objects with a version of each day that shows no more than the day and those before it.

    The others also show what becomes known later: prices, and what a token is called.
    """
    later = {table.name for table in TABLES if table.kind in (Kind.SERIES, Kind.SNAPSHOT, Kind.STATE, Kind.VIEW)}
    return [obj for obj in objects(Schedule.DAILY) if obj.is_dated and not later & names_in(obj.rows, obj.known)]


def objects_with_prices() -> list[PublicObject]:
    """The daily objects that show prices, which are stored after their day is published."""
    prices = {table.name for table in tables(Kind.SERIES)}
    return [obj for obj in objects(Schedule.DAILY) if prices & names_in(obj.rows, obj.known)]


def tables_of(obj: PublicObject) -> list[Table]:
    """The tables that a public object shows figures of."""
    return sources.tables_of(obj, TABLES)


def tip_tables() -> list[Table]:
    """The tables that are built from a tip snapshot: snapshots, and the facts that queries name as `tip_<table>`."""
    snapshots = tables(Kind.SNAPSHOT)
    queries = [*tip_queries.OF_THE_SESSION, *(each.rows for each in (*snapshots, *objects(Schedule.HALF_HOURLY)))]
    named = set(re.findall(r"\btip_(\w+)", " ".join(queries)))
    return [table for table in TABLES if table in snapshots or (table.kind is Kind.FACT and table.name in named)]


__all__ = [
    "AUDIT",
    "CHECKS",
    "LANDING_CHECKS",
    "MARKET_CHECKS",
    "OBJECTS",
    "RUNBOOK_CHECKS",
    "SEEDS",
    "TABLES",
    "TIP_CHECKS",
    "Check",
    "Kind",
    "PublicObject",
    "Schedule",
    "Table",
    "built_tables",
    "objects",
    "objects_of_a_day",
    "tables",
    "tables_of",
    "tip_tables",
]
