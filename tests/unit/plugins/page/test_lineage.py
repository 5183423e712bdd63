"""Where datasets come from, and which task makes them."""

import pytest

from plugins.page import lineage, producers
from plugins.page.producers import Task
from stacks_dataverse import catalog
from stacks_dataverse.dataset import Kind

# What the warehouse notes of itself, and the tip's height in the private bucket, come from no table.
OF_NOTHING = {*(table.name for table in catalog.tables(Kind.LOADING)), "sanity_check"}


def names(datasets: tuple[lineage.Dataset, ...]) -> list[str]:
    """The names of datasets."""
    return [dataset.name for dataset in datasets]


def test_a_fact_reads_raw_tables_and_is_read_by_figures_and_objects() -> None:
    swaps = lineage.lineage_of("swaps")
    assert set(swaps.sources) >= {"contract_logs", "ft_events"}
    assert swaps.reads == ()
    assert names(swaps.read_by) == ["daily_exchange_volume", "exchange_pools", "exchange_pairs"]
    assert names(swaps.in_turn) == ["exchange_volume"]
    assert "swaps_as_moved" in [check.name for check in swaps.checks]
    assert "prints_as_declared" in [check.name for check in swaps.checks]


def test_an_object_knows_its_tables_and_what_they_are_made_of() -> None:
    indicators = lineage.lineage_of("financial_indicators")
    assert names(indicators.reads) == ["daily_indicators"]
    assert set(indicators.first_sources) >= {"CryptoCompare: prices", "stx_events"}
    assert names(lineage.lineage_of("price_daily").in_turn)[:2] == ["vols_180d", "caps_180d"]


def test_a_column_that_bears_a_tables_name_is_no_table() -> None:
    assert names(lineage.lineage_of("network_activity").reads) == ["daily_network_activity", "loaded_days"]


def test_a_state_reads_its_ledger_and_a_figure_its_states() -> None:
    assert names(lineage.lineage_of("stx_balances").reads) == ["stx_balance_changes"]
    assert set(names(lineage.lineage_of("daily_balances").reads)) >= {"stx_balances", "stx_balance_changes"}


def test_what_is_read_of_the_tip_alone_is_a_source() -> None:
    assert lineage.lineage_of("tx_per_block").sources == ("blocks",)


def test_every_dataset_comes_from_somewhere_and_both_directions_agree() -> None:
    for name in lineage.DATASETS.keys() - OF_NOTHING:
        line = lineage.lineage_of(name)
        assert line.sources or line.reads, name
        assert all(name in names(lineage.lineage_of(each.name).read_by) for each in line.reads)
        assert all(lineage.title_of_source(source) or ": " in source for source in line.sources), line.sources


def test_every_table_of_the_chain_is_touched_by_a_check() -> None:
    facts = [table.name for table in catalog.tables(Kind.FACT)]
    assert [name for name in facts if not lineage.lineage_of(name).checks] == []


def test_neighbours_are_of_the_same_group_and_not_in_the_lineage() -> None:
    line = lineage.lineage_of("daily_fees")
    shown = {*names(line.reads), *names(line.read_by), *names(line.in_turn)}
    assert line.neighbours
    assert not shown & set(names(line.neighbours))
    assert {each.group for each in line.neighbours} == {lineage.DATASETS["daily_fees"].group}


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("swaps", Task("stacks_daily", "build")),
        ("daily_balances", Task("stacks_daily", "end_of_day_figures")),
        ("mining_tenures", Task("stacks_daily", "build")),
        ("price_hourly", Task("market_daily", "build_prices")),
        ("stx_historical_prices", Task("market_daily", "build_prices")),
        ("daily_social", Task("market_daily", "build_social")),
        ("daily_indicators", Task("market_daily", "make_indicators")),
        ("quality_checks", Task("stacks_daily", "check")),
        ("daily_txs", Task("stacks_daily", "publish")),
        ("exchange_volume", Task("market_daily", "publish_market")),
        ("mempool", Task("stacks_half_hourly", "publish_tip")),
        ("sanity_check", Task("stacks_half_hourly", "sanity_check")),
    ],
)
def test_a_dataset_is_made_by_a_task(name: str, task: Task) -> None:
    assert producers.tasks_of(lineage.DATASETS[name])[0] == task
