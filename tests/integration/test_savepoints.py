"""A statement that the server refuses undoes its own savepoint, and nothing else of the transaction."""

from collections.abc import Callable
from functools import partial

import pyarrow as pa
import pytest

from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners.built_tables import attempt
from stacks_dataverse.stores.warehouse import Warehouse

REFUSED = ("SELECT 1 / 0 AS x", "SELECT x FROM no_such_table")
# In mid-stream, where the driver gives no SQLSTATE.
IN_MID_STREAM = "SELECT 1 / (n - 5) AS x FROM generate_series(1, 10) AS numbers (n)"
ROWS = pa.table({"x": [1, 1]})


@pytest.mark.parametrize(
    ("method", "sql"),
    [*((method, sql) for method in ("read", "scalar", "execute") for sql in REFUSED), ("read", IN_MID_STREAM)],
)
def test_a_refused_statement_undoes_its_savepoint_only(
    method: str, sql: str, new_database: Callable[[str], str]
) -> None:
    with Warehouse.open(new_database("warehouse")) as warehouse:
        with warehouse.transaction():
            warehouse.execute("CREATE TABLE kept (x bigint PRIMARY KEY)")
            _, error = attempt(warehouse, partial(getattr(warehouse, method), sql))
            assert isinstance(error, Terminal)
            warehouse.execute("INSERT INTO kept VALUES (1)")
        assert warehouse.scalar("SELECT x FROM kept") == 1


def test_refused_rows_undo_their_savepoint_only(new_database: Callable[[str], str]) -> None:
    with Warehouse.open(new_database("warehouse")) as warehouse:
        with warehouse.transaction():
            warehouse.execute("CREATE TABLE kept (x bigint PRIMARY KEY)")
            _, error = attempt(warehouse, partial(warehouse.append, "kept", ROWS))
            assert isinstance(error, Terminal)
            warehouse.append("kept", ROWS.slice(1))
        assert warehouse.scalar("SELECT count(*) FROM kept") == 1
