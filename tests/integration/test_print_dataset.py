"""A dataset of prints through landing, building, checks and publishing, and what an odd print does to it."""

from collections.abc import Callable

import pytest

from stacks_dataverse import catalog, versions
from stacks_dataverse.catalog import checks
from stacks_dataverse.clarity import Ascii, Tuple, UInt, encode
from tests.integration.looks import execute
from tests.support.databases import query
from tests.support.pipeline import Pipeline
from tests.support.print_dataset import TABLE, printed_stakes

DAY = "2024-10-30"
CHECK = f"SELECT passed, actual FROM quality_checks WHERE name = 'prints_as_declared' AND day = '{DAY}'"
STAKES = """
    SELECT p.block_height, p.microblock_sequence, p.tx_index, p.event_index, '0x' || encode(p.tx_id, 'hex'),
           (p.data ->> 'amount_ustx')::bigint
    FROM pox5_events AS p JOIN blocks AS b USING (index_block_hash)
    WHERE p.name = 'stake' AND b.canonical AND p.microblock_canonical
      AND to_timestamp(COALESCE(NULLIF(b.block_time, 0), b.burn_block_time)) AT TIME ZONE 'UTC' >= '{day}'
      AND to_timestamp(COALESCE(NULLIF(b.block_time, 0), b.burn_block_time)) AT TIME ZONE 'UTC' < date '{day}' + 1
    ORDER BY 1, 2, 3, 4
"""
BUILT = """
    SELECT block_height, microblock_sequence, tx_index, event_index, tx_id, staked_ustx
    FROM printed_stakes WHERE day = '{day}' ORDER BY 1, 2, 3, 4
"""


@pytest.fixture
def new_staking(new_run: Callable[[str, int], Pipeline], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Pipeline]:
    """Make a pipeline over a chain of which nothing is loaded, its catalogue and warehouse with the dataset."""
    tables = (*catalog.TABLES, TABLE)
    monkeypatch.setattr(catalog, "TABLES", tables)
    monkeypatch.setattr(catalog, "CHECKS", checks.checks(tables))
    columns = ", ".join(f"{column.name} {column.type}" for column in TABLE.columns)

    def make(dsn: str) -> Pipeline:
        pipeline = new_run(dsn, 0)
        execute(pipeline.warehouse_dsn, f"CREATE TABLE {TABLE.name} ({columns}, PRIMARY KEY ({', '.join(TABLE.key)}))")
        return pipeline

    return make


def test_prints_become_rows_of_the_warehouse(sample: str, new_staking: Callable[[str], Pipeline]) -> None:
    staking = new_staking(sample)
    staking.load(DAY)
    found = query(staking.warehouse_dsn, BUILT.format(day=DAY))
    assert found == query(staking.stacks_dsn, STAKES.format(day=DAY))
    assert len(found) > 1
    assert query(staking.warehouse_dsn, CHECK) == [(True, "0")]


def test_an_odd_print_is_left_out_and_shown_and_stops_nothing(
    chain_copy: str, new_staking: Callable[[str], Pipeline]
) -> None:
    staking = new_staking(chain_copy)
    (*_, odd), *others = stakes = query(staking.stacks_dsn, STAKES.format(day=DAY))
    value = encode(Tuple((("amount", UInt(2**64 + odd)), ("topic", Ascii("stake")))))
    execute(staking.stacks_dsn, f"""
        UPDATE contract_logs SET value = '\\x{value.hex()}'
        WHERE '0x' || encode(tx_id, 'hex') = '{stakes[0][4]}' AND event_index = {stakes[0][3]}
    """)  # fmt: skip
    staking.load(DAY)
    assert query(staking.warehouse_dsn, BUILT.format(day=DAY)) == others
    ((passed, actual),) = query(staking.warehouse_dsn, CHECK)
    assert not passed
    assert actual.startswith("1 (SP000000000000000000002Q6VF78.pox-5, stake, as in 0x")
    assert actual.endswith("amount does not fit a bigint.)")
    assert query(staking.warehouse_dsn, f"SELECT count(*) FROM loaded_days WHERE day = '{DAY}'") == [(1,)]


def test_what_is_declared_of_a_print_is_part_of_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = versions.version_of(printed_stakes)
    monkeypatch.setitem(TABLE.prints[0].columns, "staked_ustx", ("amount", "uint"))
    versions._closure.cache_clear()
    assert versions.version_of(printed_stakes) != before
    versions._closure.cache_clear()
