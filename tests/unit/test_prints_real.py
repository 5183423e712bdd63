"""Prints of real contracts, run in a simulated network, against what the runs moved and what must follow of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from stacks_dataverse import clarity
from stacks_dataverse.prints import Prints, misfits, prints
from tests.conftest import RealData
from tests.support import contract_runs

SBTC = "SM3VDXK3WZZSA84XXFKAFAF15NNZX32CTSG82JFQ4.sbtc-registry"
POX_5 = "SP000000000000000000002Q6VF78.pox-5"
STACKING_DAO = "SP4SZE494VC2YC5JYG7AYFQ44F5Q4PYV7DVMDPBG.stacking-dao-core-v6"
BITFLOW = "SM1793C4R5PZ4NS4VQ4WMP7SKKYVH8JZEWSZ9HCCR"

WITHDRAWAL = {"request_id": ("request-id", "bigint")}
DEPOSITS = Prints(SBTC, "completed-deposit", {"amount": ("amount", "bigint"), "txid": ("bitcoin-txid", "buffer")})
CREATED = Prints(
    SBTC, "withdrawal-create", WITHDRAWAL | {"amount": ("amount", "bigint"), "by": ("sender", "principal")}
)
ACCEPTED = Prints(SBTC, "withdrawal-accept", WITHDRAWAL | {"fee": ("fee", "bigint")})
REJECTED = Prints(SBTC, "withdrawal-reject", WITHDRAWAL)

CALCULATED = (
    *("calculation-height", "gross-accrued-rewards", "total-bond-rewards", "reserve-deposit", "reserve-balance"),
    *("total-stx-staker-rewards", "cycle-staked-ustx", "stx-cycle"),
)
CALCULATIONS = Prints(POX_5, "calculate-rewards", {name.replace("-", "_"): (name, "bigint") for name in CALCULATED})
DISTRIBUTIONS = Prints(POX_5, "bond-distribution", {
    "bond_index": ("bond-index", "bigint"), "staked_sats": ("bond-staked-sats", "bigint"),
    "target_yield": ("target-yield", "bigint"), "bond_rewards": ("bond-rewards", "bigint"),
})  # fmt: skip


def hop(contract: str, topic: str, paid: str, got: str, key: str = "action") -> Prints:
    return Prints(contract, topic, {"amount_in": (paid, "bigint"), "amount_out": (got, "bigint")}, key)


def both_ways(contract: str, paid: str, got: str) -> list[Prints]:
    """The two kinds of swap of a contract that names its tokens x and y."""
    mirror = str.maketrans("xy", "yx")
    topics = ("swap-x-for-y", "swap-y-for-x")
    return [
        hop(contract, topics[0], paid, got),
        hop(contract, topics[1], paid.translate(mirror), got.translate(mirror)),
    ]


HOPS = {
    "dex_velar_univ2_core": [
        hop("SP1Y5YSTAHZ88XYK1VPDH24GY0HPX5J4JECTMY4A1.univ2-core", "swap", "amt-in", "amt-out", "op")
    ],
    "dex_velar_pool_v1_0_0": [
        hop("SP20X3DC5R091J8B6YPQT638J8NR1W83KN6TN5BJY.univ2-pool-v1_0_0-0101", "swap", "amt-in", "amt-out", "op")
    ],
    "dex_alex_amm_v2": both_ways("SP102V8P0F7JX67ARQ77WEA3D3CFB5XW39REDT0AM.amm-pool-v2-01", "dx", "dy"),
    "dex_bitflow_xyk": [
        kind
        for version in ("1-1", "1-2")
        for kind in both_ways(f"{BITFLOW}.xyk-core-v-{version}", "data.x-amount", "data.dy")
    ],
    "dex_bitflow_stableswap": [
        kind
        for version in ("1-2", "1-4")
        for kind in both_ways(f"{BITFLOW}.stableswap-core-v-{version}", "data.x-amount", "data.dy")
    ],
    "dex_bitflow_dlmm": [
        hop(
            "SP0A97TE0Y9A9QT4SHNCFD2F3G03J10PCRFA7DCB.dlmm-core-v-1-1",
            topic,
            f"data.updated-{paid}-amount",
            f"data.{got}",
        )
        for topic, paid, got in (("swap-x-for-y", "x", "dy"), ("swap-y-for-x", "y", "dx"))
    ],
}


@pytest.fixture(scope="module")
def folder(real_data: RealData) -> Path:
    return real_data.folder / "contract_runs"


@pytest.fixture(scope="module")
def expected(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "derived" / "expected.json").read_text())


def run_of(folder: Path, name: str) -> dict[str, Any]:
    return json.loads((folder / f"{name}.json").read_text())


def read(run: dict[str, Any], *kinds: Prints) -> list[list[dict[str, Any]]]:
    """The rows of each kind, with the number of the transaction in the run; none may be other than declared."""
    with contract_runs.open_day(contract_runs.prints_of([run])) as day:
        assert misfits(day, kinds).to_pylist() == []
        found = [prints(day, kind).to_pylist() for kind in kinds]
    return [[row | {"tx": run["txs"][row["tx_index"]]["n"]} for row in rows] for rows in found]


def moved(run: dict[str, Any], event: str, asset: str) -> int:
    events = [event for tx in run["txs"] for event in tx.get("events") or ()]
    return sum(int(e["amount"]) for e in events if e["event"] == event and e["asset_identifier"] == asset)


def test_every_print_decodes_to_the_text_that_another_decoder_writes(folder: Path) -> None:
    events = [e for run in contract_runs.runs(folder) for tx in run["txs"] for e in tx.get("events") or ()]
    printed = [event for event in events if event["event"] == "print_event"]
    texts = [clarity.to_text(clarity.decode(bytes.fromhex(event["raw_value"][2:]))) for event in printed]
    # Theirs has no quote before a principal.
    assert [text.replace("'", "") for text in texts] == [event["repr"].replace("'", "") for event in printed]
    assert len(printed) == 545


def test_every_print_of_every_kind_is_a_row(folder: Path) -> None:
    logs = contract_runs.prints_of(contract_runs.runs(folder))
    kinds = contract_runs.kinds(logs)
    with contract_runs.open_day(logs) as day:
        assert misfits(day, kinds).to_pylist() == []
        rows = sum(prints(day, kind).num_rows for kind in kinds)
    values = [clarity.decode(row["value"]) for row in logs]
    assert rows == sum(bool(contract_runs.topic_keys(value)) for value in values) == 471
    assert len(kinds) == 130


@pytest.mark.parametrize("name", ["sbtc", "sbtc_mint_many"])
def test_sbtc_supply_follows_from_the_prints(folder: Path, expected: dict[str, Any], name: str) -> None:
    run, told = run_of(folder, name), expected[name]
    deposits, created, accepted, rejected = read(run, DEPOSITS, CREATED, ACCEPTED, REJECTED)
    amounts = {row["request_id"]: row["amount"] for row in created}
    out = sum(amounts[row["request_id"]] + row["fee"] for row in accepted)
    assert (len(deposits), sum(row["amount"] for row in deposits)) == tuple(told["deposits"].values())
    held = sum(int(amount) for asset in run["final_assets"].values() for amount in asset.values())
    unexplained = told.get("unexplained_mint", {"total": 0})["total"]
    assert sum(row["amount"] for row in deposits) - out + unexplained == held
    if withdrawals := told.get("withdrawals"):
        assert sum(row["fee"] for row in accepted) == withdrawals["accepted_fees"]
        assert out == withdrawals["outflow_amount_plus_fee"]
        settled = {row["request_id"] for row in (*accepted, *rejected)}
        assert sorted(amounts.keys() - settled) == withdrawals["pending"]


def test_distributions_of_pox_5_are_those_of_its_prints(folder: Path, expected: dict[str, Any]) -> None:
    calculated, distributed = read(run_of(folder, "pox5"), CALCULATIONS, DISTRIBUTIONS)
    told = expected["pox5"]
    for rows, theirs in ((calculated, told["calculations"]), (distributed, told["distributions"])):
        assert [{name: row[name] for name in theirs[0]} for row in rows] == theirs
    assert [row["gross_accrued_rewards"] for row in calculated if row["gross_accrued_rewards"]] == told[
        "rewards_paid_in"
    ]


@pytest.mark.parametrize("name", HOPS)
def test_a_swaps_print_has_what_its_pool_took_and_gave(folder: Path, expected: dict[str, Any], name: str) -> None:
    found = sorted(
        (row["tx_index"], row["event_index"], row["tx"], kind.contract, row["amount_in"], row["amount_out"])
        for kind, rows in zip(HOPS[name], read(run_of(folder, name), *HOPS[name]), strict=True)
        for row in rows
    )
    theirs = [(swap["tx"], swap["contract"], swap["amount_in"], swap["amount_out"]) for swap in expected[name]["swaps"]]
    assert [row[2:] for row in found] == theirs


def test_names_of_bns_v2_are_printed_as_often_as_the_run_says(folder: Path, expected: dict[str, Any]) -> None:
    run = run_of(folder, "bns_v2")
    contract = "SP2QEZ06AGJ3RKJPBV14SY1V5BBFNAW33D96YPGZF.BNS-V2"
    keys = {"list-in-ustx": "a", "buy-in-ustx": "a", "unlist-in-ustx": "a"}
    told = expected["bns_v2"]["prints"]
    kinds = [
        Prints(contract, topic.removeprefix("status "), {}, "status" if " " in topic else keys.get(topic, "topic"))
        for topic in told
    ]
    assert [len(rows) for rows in read(run, *kinds)] == list(told.values())


def test_an_id_that_only_some_contracts_wrap_and_an_owner_that_is_empty_text(folder: Path) -> None:
    contract = "SP2QEZ06AGJ3RKJPBV14SY1V5BBFNAW33D96YPGZF.BNS-V2"
    renewed = Prints(contract, "renew-name", {"id": ("id", "optional bigint"), "owner": ("owner", "principal")})
    burned = Prints(contract, "burn-name", {"id": ("id", "bigint"), "owner": ("owner", "string")})
    renewals, burns = read(run_of(folder, "bns_v2"), renewed, burned)
    assert all(row["id"] > 0 and row["owner"].startswith("SP") for row in renewals)
    assert [row["owner"] for row in burns] == [""]


def test_stacking_dao_mints_what_it_prints_of_deposits(folder: Path) -> None:
    run, token = run_of(folder, "stackingdao_v6"), "SP4SZE494VC2YC5JYG7AYFQ44F5Q4PYV7DVMDPBG.ststx-token::ststx"
    columns = {"ststx": ("data.ststx-amount", "bigint"), "referrer": ("data.referrer", "optional principal")}
    deposits, idle = read(
        run,
        Prints(STACKING_DAO, "deposit", columns, "action"),
        Prints(STACKING_DAO, "withdraw-idle", {"ststx": columns["ststx"]}, "action"),
    )
    assert sum(row["ststx"] for row in deposits) == moved(run, "ft_mint_event", token)
    assert len(idle) == 2
    assert {row["referrer"] is None for row in deposits} == {True, False}
