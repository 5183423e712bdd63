"""What a tenure earns by the schedule of its network."""

import pytest

from stacks_dataverse import chain
from stacks_dataverse.network import MAINNET, TESTNET, Network


def coinbase_stx(network: Network, burn_height: int) -> float:
    with chain.canonical_day({}, {}, network=network) as day:
        return day.sql(f"SELECT coinbase_ustx({burn_height}) / 1e6").fetchall()[0][0]


@pytest.mark.parametrize(
    ("network", "burn_height", "stx"),
    [
        (MAINNET, 666_050, 1_000), (MAINNET, 944_999, 1_000), (MAINNET, 945_000, 500), (MAINNET, 960_229, 500),
        (MAINNET, 960_230, 1_000), (MAINNET, 1_050_000, 1_000), (MAINNET, 1_260_000, 1_000),
        (TESTNET, 0, 1_000), (TESTNET, 77_776, 1_000), (TESTNET, 77_777, 500), (TESTNET, 544_438, 500),
        (TESTNET, 544_439, 250), (TESTNET, 1_088_878, 125), (TESTNET, 1_633_317, 62.5), (TESTNET, 37_999_999, 62.5),
        (TESTNET, 38_000_000, 1_000),
    ],
)  # fmt: skip
def test_each_network_has_its_own_schedule(network: Network, burn_height: int, stx: float) -> None:
    assert coinbase_stx(network, burn_height) == stx
