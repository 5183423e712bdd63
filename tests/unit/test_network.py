"""Networks: heights that stacks-core states, and texts that stand for one."""

import json
from dataclasses import fields

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.errors import Terminal
from stacks_dataverse.network import MAINNET, NETWORKS, TESTNET, Network
from stacks_dataverse.runners.due import fact_version, figure_version

OWN = '{"first_burn_height": 5, "cycle_length": 20, "prepare_length": 3, "pox_5_height": 47, "coinbase_ustx": {"0": 7}}'


def test_mainnets_pool_of_rewards_begins_with_cycle_141() -> None:
    assert MAINNET.waterfall_height == 962_150
    assert (MAINNET.cycle_of(962_149), MAINNET.cycle_of(962_150)) == (140, 141)


def test_the_public_testnet_has_heights_of_its_own() -> None:
    assert (TESTNET.waterfall_height, TESTNET.cycle_length) == (3_600, 900)
    assert TESTNET.coinbase_ustx[77_777] == 500_000_000


def test_a_network_goes_by_its_name_or_by_its_heights() -> None:
    assert {name: Network.parse(name) for name in NETWORKS} == NETWORKS
    own = Network.parse(OWN)
    assert own == Network(5, 20, 3, 47, {0: 7})
    assert own.waterfall_height == 65
    assert Network.parse(own.as_json()) == own


def test_queries_may_name_every_height() -> None:
    assert Network.parse(OWN).values == {
        "first_burn_height": 5, "cycle_length": 20, "prepare_length": 3, "pox_5_height": 47, "waterfall_height": 65,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "main", "[]", "{}", "1", "null", '{"first_burn_height": 5}'])
def test_no_network(text: str) -> None:
    with pytest.raises(Terminal, match=r"Variable network is .*set it to mainnet or testnet"):
        Network.parse(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cycle_length", 0), ("cycle_length", 3), ("prepare_length", 0), ("first_burn_height", -1),
        ("pox_5_height", 1.5), ("first_burn_height", True), ("coinbase_ustx", {}), ("coinbase_ustx", {"-1": 5}),
        ("coinbase_ustx", {"x": 5}), ("coinbase_ustx", 5), ("another", 5),
    ],
)  # fmt: skip
def test_heights_that_cannot_be(name: str, value: object) -> None:
    with pytest.raises(Terminal, match="Variable network is"):
        Network.parse(json.dumps(json.loads(OWN) | {name: value}))


def test_cycles_of_a_node_take_the_place_of_the_networks_own() -> None:
    assert Network.parse(OWN).with_cycles(5, 10, 2) == Network(5, 10, 2, 47, {0: 7})
    with pytest.raises(Terminal, match=r"begins at Bitcoin height 0, but the Airflow Variable network .* 666050"):
        MAINNET.with_cycles(0, 900, 100)


def test_the_message_names_every_field() -> None:
    with pytest.raises(Terminal) as error:
        Network.parse("other")
    assert all(field.name in str(error.value) for field in fields(Network))


def test_what_goes_by_the_heights_of_a_network_is_not_up_to_date_on_another() -> None:
    tables = {table.name: table for table in catalog.TABLES}

    def versions(network: Network) -> dict[str, str]:
        facts = {name: fact_version(tables[name], network) for name in ("tenures", "stx_balance_changes", "nft_moves")}
        return facts | {"daily_stacking": figure_version(tables["daily_stacking"], network)}

    here, there = versions(MAINNET), versions(TESTNET)
    assert here == versions(Network())
    assert {name for name in here if here[name] != there[name]} == {"tenures", "daily_stacking"}
