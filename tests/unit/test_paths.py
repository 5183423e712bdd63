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
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_names_its_fields(name: str) -> None:
    fields = {field for _, field, _, _ in Formatter().parse(TEMPLATES[name]) if field is not None}
    assert fields == FIELDS.get(name, {"version"})


def test_no_two_templates_are_one() -> None:
    assert len(set(TEMPLATES.values())) == len(TEMPLATES)


def test_a_raw_file_is_in_a_hive_partition() -> None:
    key = paths.RAW_TABLE.format(table="txs", day="2024-10-29")
    assert key == "raw/stacks/txs/day=2024-10-29/part-0000.parquet"


def test_manifests_stand_beside_the_tables_where_readers_of_partitions_skip_them() -> None:
    manifest, part = paths.RAW_MANIFEST.format(day="2024-10-29"), paths.RAW_PART.format(day="2024-10-29", part="txs")
    assert manifest == "raw/stacks/_manifest/day=2024-10-29.json"
    assert all(key.removeprefix(paths.RAW_ROOT).startswith("_") for key in (manifest, part))


@pytest.mark.parametrize(
    ("template", "key"),
    [
        (paths.DAILY_TXS, "daily_txs/latest.json.gz"),
        (paths.ADDX_GROWTH, "addx_growth/latest.json.gz"),
        (paths.ADDX_DAILYACTIVE, "addx_dailyactive/latest.json.gz"),
        (paths.WALLET_BALANCES_RAW, "wallet_balances_raw/latest.json.gz"),
        (paths.WALLET_BALANCES, "wallet_balances/latest.json.gz"),
        (paths.WALLET_BALANCES_NONZERO, "wallet_balances/latest_nonzero.json.gz"),
    ],
    ids=lambda text: text.split("/")[0],
)
def test_a_public_key_is_the_one_that_dashboards_read(template: str, key: str) -> None:
    assert template.format(version="latest") == key
