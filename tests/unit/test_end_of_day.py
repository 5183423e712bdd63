"""How the state before a day is read and opened, and which queries figures need: once each, whoever shares them."""

from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.end_of_day.states import BALANCES, BURN_BLOCK_HEIGHT, LOCKS, latest_before
from stacks_dataverse.labels import Group
from stacks_dataverse.state import EndOfDayState, Last, State

DAY = date(2024, 10, 29)


def figure(name: str, **reads: Any) -> Table:
    """A figure of a day that reads some states and inputs."""
    columns = (Column("day", "date", "UTC day"),)
    return Table(name, Kind.FIGURE, "Figures.", columns, title=name, group=Group.NETWORK, **reads)


STAKED = figure("staked", end_of_day_states=(BALANCES, LOCKS), inputs={"pox": "SELECT 1"})
LOCKED = figure("locked", end_of_day_states=(LOCKS,), inputs={"pox": "SELECT 1", "fees": "SELECT 2"})


def test_what_figures_share_is_read_once() -> None:
    assert engine.states_of([STAKED, LOCKED]) == [BALANCES, LOCKS]
    assert engine.daily_queries(iter([STAKED, LOCKED])) == {
        BALANCES.changes: BALANCES.daily_changes,
        LOCKS.changes: LOCKS.daily_changes,
        "pox": "SELECT 1",
        "fees": "SELECT 2",
    }


@pytest.mark.parametrize(
    ("heights", "reached"),
    [pytest.param([867_000], 867_000, id="known"), pytest.param([], 0, id="nothing is before the day")],
)
def test_states_are_read_as_of_the_day_and_the_bitcoin_height_before_it(heights: list[int], reached: int) -> None:
    def read(sql: str, **values: Any) -> pa.Table:
        if sql == BURN_BLOCK_HEIGHT:
            assert values == {"first": DAY}
            return pa.table({"last_burn_block_height": pa.array(heights, pa.int64())})
        return pa.table({"sql": [sql]} | {name: [value] for name, value in values.items()})

    found = engine.read_opening_state(read, [BALANCES, LOCKS], DAY)
    assert {name: rows.to_pylist() for name, rows in found.items()} == {
        state.name: [{"sql": state.opening_state, "first": DAY, "burn_block_height": reached}]
        for state in (BALANCES, LOCKS)
    }


def test_an_open_state_has_the_rows_as_they_are_and_no_other_table() -> None:
    rows = pa.table(
        {
            "address": ["SPA"],
            "balance_ustx": pa.array([5], pa.int64()),
            "seen_at": pa.array([datetime(2024, 10, 29, tzinfo=UTC)], pa.timestamp("us", "UTC")),
        }
    )
    with engine.open_state({"balances": rows, "locks": rows.slice(0, 0)}) as state:
        assert state.sql("FROM balances").to_arrow_table() == rows
        assert state.sql("FROM locks").to_arrow_table() == rows.slice(0, 0)
        assert sorted(state.sql("SHOW TABLES").fetchall()) == [("balances",), ("locks",)]


HELD = State("ledger", ("asset", "owner"), Last(("block_height", "event_index")), {"tokens": "tokens_after"})


def test_the_last_row_of_a_key_of_two_columns_is_kept() -> None:
    state = EndOfDayState("held", HELD, "SELECT 1")
    before = {"asset": ["A", "A", "B"], "owner": ["X", "Y", "X"], "tokens": [1, 2, 3]}
    then = {"asset": ["A", "B", "B", "B"], "owner": ["Y", "X", "X", "Y"], "tokens_after": [20, 30, 31, 40]}
    opening = pa.table(before | {"block_height": [5, 5, 5], "event_index": [0, 1, 2]})
    changes = pa.table(then | {"block_height": [6, 6, 6, 6], "event_index": [0, 2, 1, 3]})
    with engine.open_state({"held": opening}) as connection:
        engine.advance(connection, [state], {state.changes: changes})
        found = connection.sql("SELECT asset, owner, tokens FROM held ORDER BY ALL").fetchall()
    assert found == [("A", "X", 1), ("A", "Y", 20), ("B", "X", 30), ("B", "Y", 40)]


def test_the_latest_row_before_a_day_is_that_of_each_key_with_a_row_that_may_matter() -> None:
    columns = ("day", "asset", "owner", "block_height", "event_index", "tokens_after")
    rows = [
        *[(date(2024, 10, 27), "A", "X", 5, 0, 1), (date(2024, 10, 28), "A", "X", 6, 0, 0)],
        *[(date(2024, 10, 28), "A", "Y", 6, 1, 2), (date(2024, 10, 28), "B", "X", 6, 2, 0)],
        *[(date(2024, 10, 28), "B", "Y", 6, 3, 7), (DAY, "B", "Y", 7, 0, 9)],
    ]
    ledger = pa.table(dict(zip(columns, zip(*rows, strict=True), strict=True)))
    with duckdb.connect() as database:
        database.register("ledger", ledger)
        before = database.sql(latest_before(HELD, "tokens_after > 0").format(first=f"DATE '{DAY}'"))
        assert set(before.columns) == set(HELD.columns)
        found = database.sql("SELECT asset, owner, tokens FROM before ORDER BY ALL").fetchall()
    assert found == [("A", "X", 0), ("A", "Y", 2), ("B", "Y", 7)]
