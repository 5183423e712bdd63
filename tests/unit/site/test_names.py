"""Figures have names for people."""

import pytest

from stacks_dataverse.site.names import figure_name, key_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tx_count", "Transactions"),
        ("received_count", "Received"),
        ("fee_p50_ustx", "Fee (median)"),
        ("interval_p95_seconds", "Interval (95th percentile)"),
        ("rsi_7", "RSI (7 days)"),
        ("nvt", "NVT"),
        ("volume_usd", "Volume"),
        ("miner_sats_per_stx", "Miner satoshis per STX"),
        ("fee_per_byte_p90_ustx", "Fee per byte (90th percentile)"),
        ("btc_burns", "BTC burns"),
        ("sats", "sats"),
    ],
)
def test_a_column_has_a_name_for_people(name: str, expected: str) -> None:
    assert figure_name(name).lower() == expected.lower()


def test_a_value_has_the_name_of_what_it_counts() -> None:
    assert figure_name("value", "owners; null if not known") == "Owners"


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("collection's short name, or address.name where several share it", "Collection's short name"),
        ("block height", "Block height"),
        ("contract_id", "Contract id"),
    ],
)
def test_a_key_has_a_name_without_conditions(label: str, expected: str) -> None:
    assert key_name(label) == expected
