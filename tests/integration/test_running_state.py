"""Any declared state equals one made of its whole ledger, whichever days were replaced, and in whatever order."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import product

import pyarrow as pa
import pytest

from stacks_dataverse.end_of_day.states import sums_before
from stacks_dataverse.state import First, Last, State, Sum
from stacks_dataverse.stores.running_state import state_updater
from stacks_dataverse.stores.warehouse import Warehouse

KEY = ("owner", "token")
HASHED = {"token": "token_hash"}

# A ledger in tokens of one owner each, with two amounts.
TABLES = """
    CREATE TABLE moves (
        day date, place integer, owner text, token bytea, change bigint, fee bigint,
        token_hash bytea GENERATED ALWAYS AS (sha256(token)) STORED
    );
    CREATE INDEX ON moves (owner, token_hash, day);
"""
STATE = """
    CREATE TABLE {name} (
        owner text, token bytea, {columns}, token_hash bytea GENERATED ALWAYS AS (sha256(token)) STORED,
        PRIMARY KEY (owner, token_hash)
    )
"""
DECLARED = {
    "totals": State("moves", KEY, Sum(), {"balance": "change", "fees": "fee"}, HASHED),
    "firsts": State("moves", KEY, First(("day", "place")), {"first_day": "day", "first_fee": "fee"}, HASHED),
    "lasts": State("moves", KEY, Last(("day", "place")), {"last_day": "day", "last_change": "change"}, HASHED),
}
COLUMNS = {
    "totals": "balance bigint, fees bigint",
    "firsts": "first_day date, first_fee bigint",
    "lasts": "last_day date, last_change bigint",
}
FROM_SCRATCH = {
    "totals": """
        SELECT owner, token, sum(change)::bigint AS balance, sum(fee)::bigint AS fees FROM moves WHERE day < 'infinity'
        GROUP BY owner, token ORDER BY owner, token
    """,
    "firsts": "SELECT DISTINCT ON (owner, token) owner, token, day, fee FROM moves ORDER BY owner, token, day, place",
    "lasts": """
        SELECT DISTINCT ON (owner, token) owner, token, day, change FROM moves
        ORDER BY owner, token, day DESC, place DESC
    """,
}
# Versions of a day: none; two owners; one of them alone, with another amount; an amount that cancels out.
VERSIONS = (
    [],
    [(1, "ann", b"x", 5, 2), (2, "bob", b"x", -5, 0), (3, "ann", b"y" * 9000, 1, 2)],
    [(1, "bob", b"x", 7, 1)],
    [(1, "ann", b"x", 3, 0), (2, "ann", b"x", -3, 0)],
)
DAYS = (date(2024, 10, 29), date(2024, 10, 28))


@pytest.fixture
def warehouse(new_database: Callable[[str], str]) -> Iterator[Warehouse]:
    with Warehouse.open(new_database("states")) as warehouse:
        with warehouse.transaction():
            for statement in TABLES.split(";")[:-1]:
                warehouse.execute(statement)
            for name, columns in COLUMNS.items():
                warehouse.execute(STATE.format(name=name, columns=columns))
        yield warehouse


def replace_day(warehouse: Warehouse, day: date, version: list[tuple]) -> None:
    columns = list(zip(*version, strict=True)) or [()] * 5
    types = {"place": pa.int32(), "owner": pa.string(), "token": pa.binary(), "change": pa.int64(), "fee": pa.int64()}
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types.values(), strict=True)]
    with warehouse.transaction():
        warehouse.replace_ledger_day("moves", day, pa.table(arrays, list(types)), state_updater(DECLARED))


def test_a_declared_state_equals_one_from_scratch(warehouse: Warehouse) -> None:
    for later, earlier in product(VERSIONS, repeat=2):
        for day, version in zip(DAYS, (later, earlier), strict=True):
            replace_day(warehouse, day, version)
            for name, state in DECLARED.items():
                kept = f"SELECT {', '.join((*KEY, *state.values))} FROM {name} ORDER BY owner, token"
                rows, expected = (warehouse.read(sql).to_pydict().values() for sql in (kept, FROM_SCRATCH[name]))
                assert list(rows) == list(expected), (name, later, earlier)


def test_sums_before_a_day_are_those_of_the_days_before(warehouse: Warehouse) -> None:
    opening = f"SELECT * FROM ({sums_before('totals', DECLARED['totals'])}) AS opened ORDER BY owner, token"
    for later, earlier in product(VERSIONS, repeat=2):
        for day, version in zip(DAYS, (later, earlier), strict=True):
            replace_day(warehouse, day, version)
        for first in DAYS:
            expected = warehouse.read(FROM_SCRATCH["totals"].replace("infinity", str(first)))
            assert warehouse.read(opening, first=first).to_pylist() == expected.to_pylist(), (first, later, earlier)
