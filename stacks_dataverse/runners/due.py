"""What must be built again: facts whose code or raw files changed, figures whose code or inputs changed."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from string import Formatter
from typing import Any

from stacks_dataverse import chain
from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.manifest import Manifest, stored_files
from stacks_dataverse.network import Network
from stacks_dataverse.raw_tables import with_keys
from stacks_dataverse.runners import built_tables, lineage, raw_archive
from stacks_dataverse.stores import running_state
from stacks_dataverse.stores.warehouse import STATE_LOCK, Warehouse
from stacks_dataverse.versions import names_in, version_of
from stacks_dataverse.window import Window


def find_due_facts(
    warehouse: Warehouse,
    window: Window,
    manifest: Manifest,
    tables: Sequence[Table],
    network: Network,
    redo_before: datetime | None = None,
) -> set[str]:
    """The facts of a day that failed, or are not of this code and of the raw files that are landed.

    Args:
        redo_before: those too that were built before then.
    """
    good = {row["table_name"]: row for row in warehouse.read(GOOD_SQL, day=window).to_pylist()}
    return {
        table.name
        for table in tables
        if table.kind is Kind.FACT
        and _is_due(good.get(table.name), (fact_version(table, network), raw_digest(table, manifest)), redo_before)
    }


def fact_version(table: Table, network: Network) -> str:
    """Return a checksum over the code, the raw columns and the heights of the network that make a fact."""
    names = names_in(table.transform)
    heights = [macro for macro in network.macros if names & {macro.split("(")[0].split()[-1]}]
    updating = [running_state.update, table.states] if table.states else []
    return version_of(chain.open_day, with_keys(table.reads), table.transform, *updating, *heights)


def raw_digest(table: Table, manifest: Manifest) -> str:
    """Return a checksum over the raw files that a fact of a day is made of."""
    files = stored_files(manifest.tables, sorted(raw_archive.tables_to_open(table.reads)))
    ranges = [list(heights) for heights in manifest.burn_ranges]
    return version_of({name: file.sha256 for name, file in files.items()}, ranges)


def figure_version(figure: Table, network: Network) -> str:
    """Return a checksum over the code, the queries and the heights of the network that make a figure."""
    queries = lineage.queries_of(figure)
    steps = [engine.advance, figure.end_of_day_states] if figure.end_of_day_states else []
    named = {name for sql in queries for _, name, _, _ in Formatter().parse(sql) if name}
    heights = {name: value for name, value in network.values.items() if name in named}
    return version_of(figure.transform, figure.inputs, queries, figure.cumulative, steps, heights)


def mark_stale_figures(warehouse: Warehouse, figures: Sequence[Table], network: Network) -> None:
    """Mark figures as due that are missing or of other code; and the figures that read them, from that day on."""
    versions = [{"table_name": figure.name, "version": figure_version(figure, network)} for figure in figures]
    stale = warehouse.read(STALE_SQL, versions=json.dumps(versions)).to_pylist()
    for name, rows in groupby(stale, key=itemgetter("table_name")):
        days = [row["day"] for row in rows]
        readers = [each.name for each in lineage.readers([name], figures) if lineage.spans(each, figures)]
        built_tables.mark_due(warehouse, readers, min(days))
        for day in days:
            built_tables.mark_due(warehouse, {name}.difference(readers), day, day)
    warehouse.execute("UPDATE built_days SET figures_due = true WHERE NOT figures_due")


def mark_to_redo(
    warehouse: Warehouse,
    day: date,
    tables: Sequence[Table],
    only: Collection[str] | None,
    redo_before: datetime | None,
) -> list[str]:
    """Mark named figures of a day as due that were made before a moment; return which."""
    named = [table.name for table in tables if table.kind is Kind.FIGURE and only is not None and table.name in only]
    old = {
        row["table_name"]
        for row in warehouse.read(BEFORE_SQL, day=day).to_pylist()
        if redo_before and row["built_at"] < redo_before
    }
    due_names = [name for name in named if name in old]
    with warehouse.transaction(STATE_LOCK):
        built_tables.mark_due(warehouse, due_names, day, day)
    return due_names


def _is_due(row: Mapping[str, Any] | None, made_of: tuple[str, str], redo_before: datetime | None) -> bool:
    if row is None or (row["version"], row["raw_digest"]) != made_of:
        return True
    return redo_before is not None and row["built_at"] < redo_before


GOOD_SQL = """
    SELECT table_name, made.version, raw_digest, made.built_at FROM built_tables AS made JOIN built_days USING (day)
    WHERE day = {day} AND failure IS NULL AND facts_version IS NULL
"""

BEFORE_SQL = "SELECT table_name, built_at FROM built_tables WHERE day = {day}"

STALE_SQL = """
    SELECT figure.table_name, day
    FROM jsonb_to_recordset({versions}::jsonb) AS figure (table_name text, version text) CROSS JOIN built_days AS built
    WHERE NOT figures_due OR NOT EXISTS (
        SELECT FROM built_tables AS made
        WHERE made.day = built.day AND made.table_name = figure.table_name AND (due OR made.version = figure.version)
    )
    ORDER BY table_name, day
"""
