"""Swaps of real contracts, run in a simulated network: every hop with what its pool took and gave."""

import json
from pathlib import Path
from typing import Any

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.prints.swaps import BITFLOW_DLMM
from tests.conftest import RealData
from tests.support import contract_runs
from tests.support.raw import canonical_day, rows_of

(SWAPS,) = (table for table in catalog.TABLES if table.name == "swaps")
RUNS = (
    *("dex_velar_univ2_core", "dex_velar_pool_v1_0_0", "dex_alex_amm_v2"),
    *("dex_bitflow_xyk", "dex_bitflow_stableswap", "dex_bitflow_dlmm"),
)

# The run's own deployer of the DLMM, whose address on mainnet was not known then.
STAND_IN = "SP0A97TE0Y9A9QT4SHNCFD2F3G03J10PCRFA7DCB.dlmm-core"

SIX_PLACES = ("STX", "SP3Y2ZSH8P7D50B0VBTSX11S7XSG24M1VB9YFQA4K.token-aeusdc")


@pytest.fixture(scope="module")
def folder(real_data: RealData) -> Path:
    return real_data.folder / "contract_runs"


def run_of(folder: Path, name: str) -> dict[str, Any]:
    return json.loads((folder / f"{name}.json").read_text().replace(STAND_IN, f"{BITFLOW_DLMM}.dlmm-core"))


def swaps_of(run: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of swaps, with the number of the transaction in the run."""
    rows: dict[str, list[dict[str, Any]]] = {"txs": [], "stx_events": [], "ft_events": []}
    for number, tx in enumerate(run["txs"]):
        place = contract_runs.PLACE | {"tx_id": number.to_bytes(4, "big"), "tx_index": number}
        rows["txs"].append(place | {"sender_address": tx["sender"]})
        for index, event in enumerate(tx.get("events") or ()):
            kind = event["event"].partition("_")[0]
            if kind in ("stx", "ft"):
                moved = {name: event.get(name) for name in ("sender", "recipient", "asset_identifier")}
                # A token's amount lands as text: it may have more than 64 bits.
                amount = str(event["amount"]) if kind == "ft" else int(event["amount"])
                rows[f"{kind}_events"].append(place | moved | {"event_index": index, "amount": amount})
    rows |= {"blocks": [contract_runs.BLOCK], "contract_logs": contract_runs.prints_of([run])}
    with canonical_day({name: rows_of(name, each) for name, each in rows.items()}, SWAPS.reads) as day:
        found = SWAPS.transform(day).to_pylist()
    return [row | {"tx": run["txs"][row["tx_index"]]["n"]} for row in found]


def asset(token: str | None) -> str | None:
    """The contract of a token; none of a leg that did not move."""
    return token and token.partition("::")[0]


def expected_of(folder: Path, name: str) -> list[dict[str, Any]]:
    return json.loads((folder / "derived" / "expected.json").read_text())[name]["swaps"]


def units(amount: int, token: str | None, hop: dict[str, Any]) -> int:
    """An amount of a hop in the token's own units: ALEX prints eight places, and two of its tokens have six."""
    return amount // hop["scale"] if asset(token) in SIX_PLACES else amount


@pytest.mark.parametrize("name", RUNS)
def test_every_hop_is_what_its_pool_took_and_gave(folder: Path, name: str) -> None:
    found = swaps_of(run_of(folder, name))
    theirs = [
        (
            *(hop["tx"], hop["contract"].replace(STAND_IN, f"{BITFLOW_DLMM}.dlmm-core")),
            hop["token_in_asset"] if hop["amount_in"] else None,
            units(hop["amount_in"], hop["token_in_asset"], hop),
            hop["token_out_asset"] if hop["amount_out"] else None,
            units(hop["amount_out"], hop["token_out_asset"], hop),
            units(hop["fee_in_pool"] + hop["fee_elsewhere"], hop["token_in_asset"], hop),
        )
        for hop in expected_of(folder, name)
    ]
    ours = [
        (
            *(row["tx"], row["contract"], asset(row["token_in"]), row["amount_in"]),
            *(asset(row["token_out"]), row["amount_out"], row["fee_in"]),
        )
        for row in found
    ]
    assert ours == theirs
    assert all(row["is_as_moved"] for row in found)


def test_there_are_52_hops(folder: Path) -> None:
    assert sum(len(expected_of(folder, name)) for name in RUNS) == 52


@pytest.mark.parametrize("name", RUNS)
def test_a_sender_pays_no_more_than_they_lost(folder: Path, name: str) -> None:
    """What users paid, against the balances of the sender over the whole transaction."""
    run = run_of(folder, name)
    txs = {tx["n"]: tx for tx in run["txs"]}
    paid: dict[tuple[int, str], int] = {}
    for row in swaps_of(run):
        paid[row["tx"], row["token_in"]] = paid.get((row["tx"], row["token_in"]), 0) + row["user_in"]
    lost: dict[tuple[int, str], int] = {}
    for number in {number for number, _ in paid}:
        for event in txs[number]["events"]:
            token = "STX" if event["event"].startswith("stx") else event.get("asset_identifier")
            for role, sign in (("sender", 1), ("recipient", -1)):
                if event.get(role) == txs[number]["sender"] and "amount" in event:
                    lost[number, token] = lost.get((number, token), 0) + sign * int(event["amount"])
    # All that a sender of these runs lost went into pools; what only passed through nobody paid.
    assert paid == {key: max(lost.get(key, 0), 0) for key in paid}
