"""States of end-of-day figures after a day: the same as a few lines of Python say by the rule of each."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from scripts.new_golden_case import Empty
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.end_of_day import engine
from stacks_dataverse.state import EndOfDayState, Last, Sum
from tests.golden.test_golden import table_of

Row = Mapping[str, Any]
STATES = engine.states_of(catalog.tables(Kind.FIGURE))


def rows_to_sum(state: EndOfDayState) -> tuple[list[Row], list[Row]]:
    """Opening rows, and two changes of each key: the first key does not change, the last is new."""
    keys = [dict(zip(state.state.key, key, strict=True)) for key in product((1, 2, 3), repeat=len(state.state.key))]
    sums = list(state.state.values)
    opening = [key | {name: 10 * number + 1 for number, name in enumerate(sums)} for key in keys[:-1]]
    changes = [key | dict.fromkeys(sums, change) for key in keys[1:] for change in (100, -30)]
    return opening, changes


def rows_to_keep(state: EndOfDayState) -> tuple[list[Row], list[Row]]:
    """Opening rows, and changes that are later or earlier by one column of the order alone; then a key of one side."""
    (key,), order = state.state.key, state.state.rule.order
    rest = {name: number for number, name in enumerate(state.state.values) if name not in order}
    opening, changes = [], []
    for place in range(len(order)):
        after = len(order) - place - 1
        low, high = ((5,) * place + (at, *later) for at, later in ((5, (9,) * after), (6, (4,) * after)))
        for pair in ((low, high), (high, low)):
            before, then = (rest | dict(zip(order, at, strict=True)) for at in pair)
            opening.append({key: len(opening)} | before)
            changes.append({key: len(changes)} | then)
    return [*opening, opening[0] | {key: 98}], [*changes, changes[0] | {key: 99}, changes[1] | {key: 99}]


def after(state: EndOfDayState, rows: list[Row]) -> Iterator[Row]:
    """What the rule makes of all rows of each key."""
    for key in {key_of(state, row): None for row in rows}:
        same = [row for row in rows if key_of(state, row) == key]
        if isinstance(state.state.rule, Sum):
            yield same[0] | {name: sum(row[name] for row in same) for name in state.state.values}
        else:
            yield max(same, key=lambda row: [row[name] for name in state.state.rule.order])


def key_of(state: EndOfDayState, row: Row) -> tuple[Any, ...]:
    """The key of a row."""
    return tuple(row[name] for name in state.state.key)


ROWS: dict[type, Callable[[EndOfDayState], tuple[list[Row], list[Row]]]] = {Sum: rows_to_sum, Last: rows_to_keep}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_state_after_a_day(state: EndOfDayState, empty: Empty) -> None:
    opening, changes = ROWS[type(state.state.rule)](state)
    of_ledger = [{column: row[name] for name, column in state.state.columns.items()} for row in changes]
    before, schema = empty.opening[state.name].schema, empty.inputs[state.changes].schema
    with engine.open_state({state.name: table_of(before, opening)}) as connection:
        engine.advance(connection, [state], {state.changes: table_of(schema, of_ledger)})
        found = connection.sql(f"FROM {state.name}").to_arrow_table().to_pylist()
    expected = table_of(before, list(after(state, [*opening, *changes]))).to_pylist()
    assert sorted(found, key=repr) == sorted(({name: row[name] for name in found[0]} for row in expected), key=repr)
