"""Bonds against what the real contract of PoX-5 printed and answered in a simulated network."""

import json
from typing import Any

import pytest

from stacks_dataverse.transformers import bonds
from tests.conftest import RealData
from tests.support.pox5_run import Rows, made, pox5_rows


@pytest.fixture(scope="module")
def run(real_data: RealData) -> Rows:
    return pox5_rows(real_data.folder / "contract_runs")


@pytest.fixture(scope="module")
def expected(real_data: RealData) -> dict[str, Any]:
    """What must follow from the run."""
    return json.loads((real_data.folder / "contract_runs" / "derived" / "expected.json").read_text())["pox5"]


@pytest.fixture(scope="module")
def changes(run: Rows) -> dict[int, dict[str, Any]]:
    return {row["bond_index"]: row for row in made(bonds.bond_changes, run)}


def test_sats_of_each_bond_are_those_that_the_contract_answers(
    changes: dict[int, dict[str, Any]], expected: dict[str, Any]
) -> None:
    """The bond that ended keeps its sats, though one of its members rolled over: so does the contract."""
    bound = {bond: row["registered_sats"] - row["withdrawn_sats"] - row["released_sats"]
             for bond, row in changes.items()}  # fmt: skip
    assert {str(bond): sats for bond, sats in bound.items()} == expected["sats_by_bond"]


def test_capacity_registrations_and_exits_are_those_of_the_run(changes: dict[int, dict[str, Any]]) -> None:
    columns = ("allowed", "capacity_sats", "registrations", "registered_sats", "l1_sats", "registered_ustx")
    assert [changes[0][column] for column in columns] == [
        *(3, 900_000_000, 3, 850_000_000, 150_000_000, 11_000_000_000_000)
    ]
    assert [changes[6][column] for column in columns] == [1, 300_000_000, 1, 250_000_000, 0, 4_000_000_000_000]
    exits = ("withdrawn_sats", "released_sats", "early_exits")
    assert [changes[0][column] for column in exits] == [100_000_000, 150_000_000, 1]


def test_distributions_are_those_of_the_run(run: Rows, expected: dict[str, Any]) -> None:
    heights = {each["tx"]: (each["stx_cycle"], each["calculation_height"]) for each in expected["calculations"]}
    names = ("bond_index", "staked_sats", "target_sats", "paid_sats", "cycle", "calculation_height")
    assert [tuple(row[name] for name in names) for row in made(bonds.bond_distributions, run)] == [
        (each["bond_index"], each["staked_sats"], each["target_yield"], each["bond_rewards"], *heights[each["tx"]])
        for each in expected["distributions"]
    ]


def test_yields_add_up_to_what_was_calculated_and_targets_follow_from_the_terms(
    run: Rows, changes: dict[int, dict[str, Any]], expected: dict[str, Any]
) -> None:
    assert sum(row["paid_sats"] for row in changes.values()) == sum(
        each["total_bond_rewards"] for each in expected["calculations"]
    )
    rates = {row["bond_index"]: row["target_rate_bp"] for row in made(bonds.bond_setups, run)}
    for row in made(bonds.bond_distributions, run):
        assert row["target_sats"] == row["staked_sats"] * rates[row["bond_index"]] // 10_000 // 50


def test_claims_of_bonds_are_those_that_name_one(run: Rows, changes: dict[int, dict[str, Any]]) -> None:
    claims = [json.loads(event["data"]) for event in run["pox5_events"]
              if event["name"] == "claim-staker-rewards-for-signer"]  # fmt: skip
    for bond, row in changes.items():
        assert row["claimed_sats"] == sum(
            int(claim["rewards_claimed"]) for claim in claims if claim["bond_index"] == str(bond)
        )
    assert 0 < sum(row["claimed_sats"] for row in changes.values()) < sum(int(c["rewards_claimed"]) for c in claims)
