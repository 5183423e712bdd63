"""Keys are what Athena, Trino and Spark read as Hive partitions, and what dashboards already ask for."""

from string import Formatter

import pytest

from stacks_dataverse import paths

TEMPLATES = {name: value for name, value in vars(paths).items() if name.isupper()}
FIELDS = {
    "RAW_ROOT": set(),
    "RAW_TABLE": {"table", "day"},
    "RAW_PART": {"day", "part"},
    "RAW_MANIFEST": {"day"},
    "RAW_ANSWER": {"vendor", "series", "span", "number"},
    "RAW_ANSWERS_MANIFEST": {"vendor", "series", "span"},
    "TIP_TABLE": {"table", "at"},
    "TIP_MANIFEST": {"at"},
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_names_its_fields(name: str) -> None:
    fields = {field for _, field, _, _ in Formatter().parse(TEMPLATES[name]) if field is not None}
    assert fields == FIELDS.get(name, fields & {"version"})


def test_no_two_templates_are_one() -> None:
    assert len(set(TEMPLATES.values())) == len(TEMPLATES)


def test_a_raw_file_is_in_a_hive_partition() -> None:
    key = paths.RAW_TABLE.format(table="txs", day="2024-10-29")
    assert key == "raw/stacks/txs/day=2024-10-29/part-0000.parquet"


def test_manifests_stand_beside_the_tables_where_readers_of_partitions_skip_them() -> None:
    manifest, part = paths.RAW_MANIFEST.format(day="2024-10-29"), paths.RAW_PART.format(day="2024-10-29", part="txs")
    assert manifest == "raw/stacks/_manifest/day=2024-10-29.json"
    assert all(key.removeprefix(paths.RAW_ROOT).startswith("_") for key in (manifest, part))


# As part B of the contract has them.
PUBLIC_KEYS = {
    "DAILY_TXS": "daily_txs/latest.json.gz",
    "ADDX_GROWTH": "addx_growth/latest.json.gz",
    "ADDX_DAILYACTIVE": "addx_dailyactive/latest.json.gz",
    "MICROBLOCKS": "microblocks/latest.json.gz",
    "WALLET_BALANCES_RAW": "wallet_balances_raw/latest.json.gz",
    "WALLET_BALANCES": "wallet_balances/latest.json.gz",
    "WALLET_BALANCES_NONZERO": "wallet_balances/latest_nonzero.json.gz",
    "STX_STACKED_OVER_TIME": "stx_stacked_over_time/latest.json.gz",
    "STACKING_RISKREWARD": "stacking_data/riskreward.json.gz",
    "STACKING_RISKREWARD_SMALL": "stacking_data/riskreward_small.json.gz",
    "TOP_POOLS": "pools/top_pools.json.gz",
    "NUMBER_OF_POOLS": "pools/number.json.gz",
    "NFT_TRADING_VOLUME": "nft/stx_tradingvol_per_day.json.gz",
    "NFT_FASTEST_GROWING": "nft/fastest_growing.json.gz",
    "NFT_IN_EXISTENCE_NOW": "nft/in_existence_now.json.gz",
    "NFT_IN_EXISTENCE_OVER_TIME": "nft/in_existence_over_time.json.gz",
    "NFT_TOP_BY_HOLDERS": "nft/top_by_holders.json.gz",
    "NFT_CHEAPEST": "nft/top_10_cheapest.json.gz",
    "NFT_MOST_EXPENSIVE": "nft/top_10_most_expensive.json.gz",
    "PRICE_7D": "price_over_time/latest_7d.json.gz",
    "PRICE_30D": "price_over_time/latest_30d.json.gz",
    "PRICE_90D": "price_over_time/latest_90d.json.gz",
    "VOLUMES_180D": "vols/latest_180d.json.gz",
    "CAPS_180D": "caps/latest_180d.json.gz",
    "FINANCIAL_INDICATORS": "financial_indicators/latest.csv.gz",
    "RSI": "financial_indicators/rsi_latest.json.gz",
    "RVI": "financial_indicators/rvi_latest.json.gz",
    "EMA": "financial_indicators/ema_latest.json.gz",
    "NVT": "financial_indicators/nvt_latest.json.gz",
    "LUNAR_SPOT": "lunar/spot.json.gz",
    "LUNAR_HISTORY": "lunar/hist.json.gz",
    "TX_PER_BLOCK": "tx_per_block/latest.json.gz",
    "MEMPOOL": "mempool/latest.json.gz",
    "WHALE_MOVEMENTS": "whales/latest_movements.csv.gz",
    "SPOT_STATS": "spot_stats/latest.json.gz",
    "SPOT_STATS_HISTORICAL": "spot_stats/historical.json.gz",
    "RECENT_REWARDS": "stacking_data/recent_rewards.json.gz",
    "RECENT_REWARDS_SMALL": "stacking_data/recent_rewards_small.json.gz",
    "MINING_OVERVIEW": "mining_data/last100_overview.json.gz",
    "MINING_RISKREWARD": "mining_data/riskreward.json.gz",
    "MINING_MOST_SUCCESSFUL": "mining_data/most_successful.json.gz",
    "NFT_VOLUME_PER_BLOCK": "nft/stx_tradingvol_per_block.json.gz",
    "NFT_TOP_BY_VOLUME": "nft/top_by_tradevol_last100.json.gz",
    "NFT_TOP_BY_MINTS": "nft/top_by_mints_last100.json.gz",
}

# The private bucket's, beside the raw archive.
PRIVATE_KEYS = {"SANITY_CHECK": "sanity_check.json.gz"}


def test_public_keys_are_those_that_dashboards_read() -> None:
    raw = ("RAW", "TIP")
    objects = {name: value.format(version="latest") for name, value in TEMPLATES.items() if not name.startswith(raw)}
    assert objects == PUBLIC_KEYS | PRIVATE_KEYS
