"""Which tables an object reads, of which days it is, and what it inherits."""

from dataclasses import replace

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import sources
from stacks_dataverse.caveats import about, of_rows

OBJECTS = {declared.name: declared for declared in catalog.OBJECTS}
TABLES = {table.name: table for table in catalog.TABLES}


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        pytest.param("addx_growth", ["daily_addresses"], id="without those of loading"),
        pytest.param("top_pools", ["stacking_pools"], id="a seed is no table"),
        pytest.param("nft_top_by_mints", ["nft_collections", "nft_moves"], id="up to the tip"),
        pytest.param("sanity_check", [], id="no query"),
    ],
)
def test_an_object_reads_tables(name: str, tables: list[str]) -> None:
    assert [table.name for table in catalog.tables_of(OBJECTS[name])] == tables


@pytest.mark.parametrize(
    ("name", "is_by_day", "days"),
    [
        pytest.param("daily_txs", True, None, id="all days"),
        pytest.param("fees", True, 90, id="a window before the day"),
        pytest.param("names", True, 30, id="between two days"),
        pytest.param("vols_180d", True, 180, id="a window before the last"),
        pytest.param("price_30d", True, 30, id="hours"),
        pytest.param("largest_stx_holders", True, None, id="a version of each day"),
        pytest.param("mining_riskreward", False, None, id="tenures, at prices of the last 48 hours"),
        pytest.param("number_of_pools", False, None, id="a number"),
    ],
)
def test_an_object_goes_over_days(name: str, is_by_day: bool, days: int | None) -> None:
    assert (sources.is_by_day(OBJECTS[name]), sources.days_back(OBJECTS[name])) == (is_by_day, days)


def test_an_object_has_its_own_warnings_first_and_each_once() -> None:
    table = replace(TABLES["daily_fees"], warnings=("Own.", "All.", about("Fees.", "fee_ustx"), of_rows("Rows.")))
    found = sources.with_warnings(replace(OBJECTS["fees"], warnings=("Own.",)), [table])
    assert found.warnings == ("Own.", "All.", "Fees.")
    assert "warnings.<number>" in found.fields
    other = sources.with_warnings(replace(OBJECTS["fees"], warnings=()), [replace(table, warnings=(of_rows("Rows."),))])
    assert (other.warnings, "warnings.<number>" in other.fields) == ((), False)
