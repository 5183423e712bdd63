"""Open the state before a day, advance it day by day, and register each day's inputs: in an in-memory DuckDB."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import duckdb
import pyarrow as pa

from stacks_dataverse.dataset import Table
from stacks_dataverse.end_of_day.states import BURN_BLOCK_HEIGHT
from stacks_dataverse.state import EndOfDayState, First, Last, Sum


def states_of(tables: Iterable[Table]) -> list[EndOfDayState]:
    """Return the states that figures read, each once."""
    return list({state.name: state for table in tables for state in table.end_of_day_states}.values())


def daily_queries(tables: Iterable[Table]) -> dict[str, str]:
    """Return the queries of `{day}` that figures need, by the DuckDB table that holds the answer."""
    tables = list(tables)
    changes = {state.changes: state.daily_changes for state in states_of(tables)}
    return changes | {name: sql for table in tables for name, sql in table.inputs.items()}


def read_opening_state(
    read: Callable[..., pa.Table], states: Iterable[EndOfDayState], first: date
) -> dict[str, pa.Table]:
    """Read how states were before a day, by name.

    Args:
        read: answers a query of the warehouse; values of the query go by name.
    """
    heights = read(BURN_BLOCK_HEIGHT, first=first)["last_burn_block_height"].to_pylist()
    values = {"first": first, "burn_block_height": heights[0] if heights else 0}
    return {state.name: read(state.opening_state, **values) for state in states}


@contextmanager
def open_state(opening: Mapping[str, pa.Table]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB with a table of each state, in the columns and types of the rows."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, rows in opening.items():
            connection.register("opening_rows", rows)
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM opening_rows")
            connection.unregister("opening_rows")
        yield connection


def advance(
    connection: duckdb.DuckDBPyConnection, states: Iterable[EndOfDayState], inputs: Mapping[str, pa.Table]
) -> None:
    """Replace the inputs by those of the next day, and apply its changes to the states.

    Args:
        inputs: rows by table: `changes` of each state, and what figures need besides. Empty ones have columns too.
    """
    for name, rows in inputs.items():
        connection.register(name, rows)
    for state in states:
        rule = state.state.rule
        connection.execute(_add_sums(state) if isinstance(rule, Sum) else _keep_rows(state, rule))


def _add_sums(state: EndOfDayState) -> str:
    keys = state.state.key
    sums = ", ".join(f"sum({column}) AS {name}" for name, column in state.state.values.items())
    changes = f"(SELECT {', '.join(keys)}, {sums} FROM {state.changes} GROUP BY {', '.join(keys)})"
    return f"""
        UPDATE {state.name}
        SET {", ".join(f"{name} = {state.name}.{name} + changes.{name}" for name in state.state.values)}
        FROM {changes} AS changes WHERE {" AND ".join(f"changes.{key} = {state.name}.{key}" for key in keys)};

        INSERT INTO {state.name} BY NAME
        SELECT * FROM {changes} ANTI JOIN {state.name} USING ({", ".join(keys)})
    """


def _keep_rows(state: EndOfDayState, rule: First | Last) -> str:
    columns = ", ".join(f"{column} AS {name}" for name, column in state.state.columns.items())
    return f"""
        CREATE OR REPLACE TABLE {state.name} AS
        SELECT * FROM (SELECT * FROM {state.name} UNION ALL BY NAME SELECT {columns} FROM {state.changes})
        QUALIFY row_number() OVER (PARTITION BY {", ".join(state.state.key)} ORDER BY {rule.order_by}) = 1
    """
