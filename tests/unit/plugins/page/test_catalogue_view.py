"""The catalogue as the page lists it, searches it and filters it; numbers, times and sizes in words."""

from datetime import UTC, datetime, timedelta

import pytest

from plugins.page import catalogue_view, formatting
from stacks_dataverse import catalog
from stacks_dataverse.labels import Group

NOW = datetime(2024, 10, 31, 12, tzinfo=UTC)
LISTED = [
    *(catalogue_view.object_entry(declared, {}, NOW, 1234) for declared in catalog.OBJECTS),
    *(catalogue_view.table_entry(table, {"nft_moves": {"bytes": 5, "rows": 2}}) for table in catalog.TABLES),
]


def names(found: list[catalogue_view.Entry]) -> list[str]:
    """Their names."""
    return [entry.name for entry in found]


def test_every_dataset_says_what_it_is() -> None:
    assert len({entry.name for entry in LISTED}) == len(catalog.OBJECTS) + len(catalog.TABLES)
    assert all(entry.method and entry.fields and entry.first_day for entry in LISTED)
    assert all(entry.keys and entry.limit_hours and entry.schedule for entry in LISTED if entry.is_object)


def test_a_dated_object_has_a_key_for_each_day() -> None:
    (found,) = catalogue_view.filter_entries(LISTED, "daily_txs/")
    assert found.keys == (
        *("daily_txs/latest.json.gz", "daily_txs/<YYYY-MM-DD>.json.gz"),
        *("v1/daily_txs/latest.json.gz", "v1/daily_txs/<YYYY-MM-DD>.json.gz"),
        *("v1/daily_txs/latest.parquet", "v1/daily_txs/<YYYY-MM-DD>.parquet"),
    )


@pytest.mark.parametrize("sought", ["gini WHALE", "  gini  whale ", "Gini whale"])
def test_a_search_finds_what_has_every_word_wherever_it_stands(sought: str) -> None:
    found = names(catalogue_view.filter_entries(LISTED, sought))
    assert "daily_balances" in found
    assert "daily_txs" not in found
    assert len(found) < len(names(catalogue_view.filter_entries(LISTED, "whale"))) < len(LISTED)


def test_a_filter_takes_a_kind_a_freshness_and_a_group() -> None:
    assert len(catalogue_view.filter_entries(LISTED, kind="public object")) == len(catalog.OBJECTS)
    assert names(catalogue_view.filter_entries(LISTED, state="not known")) == ["sanity_check"]
    assert {entry.group for entry in catalogue_view.filter_entries(LISTED, group="Mining")} == {Group.MINING}
    assert catalogue_view.filter_entries(LISTED, "no such word") == []
    assert catalogue_view.filter_entries(LISTED) == LISTED


def test_sizes_are_of_the_stores() -> None:
    by_name = {entry.name: entry for entry in LISTED}
    assert (by_name["nft_moves"].size, by_name["nft_moves"].rows) == (5, 2)
    assert (by_name["tenures"].size, by_name["daily_txs"].size) == (None, 1234)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param(None, "not known", id="null"),
        pytest.param(0, "0", id="zero"),
        pytest.param(1234567, "1,234,567", id="thousands"),
        pytest.param(-1234.5678901, "-1,234.5678901", id="every digit"),
        pytest.param(1320000.0, "1,320,000", id="whole"),
        pytest.param(1e22, "1e+22", id="too large to be whole"),
        pytest.param(True, "True", id="no number"),
        pytest.param("<b>", "<b>", id="text"),
    ],
)
def test_a_figure_is_written_in_full(value: object, written: str) -> None:
    assert formatting.number(value) == written


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (None, "not known"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (2_500_000_000_000_000, "2500.0 TB"),
    ],
)
def test_bytes_are_written_in_the_unit_that_suits_them(count: int | None, written: str) -> None:
    assert formatting.size(count) == written


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(seconds=-5), "0 seconds"),
        (timedelta(seconds=119), "119 seconds"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=47), "47 hours"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_a_length_of_time_is_written_in_the_largest_unit_of_which_there_are_two(
    length: timedelta, written: str
) -> None:
    assert formatting.duration(length) == written
