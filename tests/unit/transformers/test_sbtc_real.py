"""sBTC's own contracts, run in a simulated network, a day a step: what they hold in the end is what must follow."""

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from stacks_dataverse.catalog import sbtc as catalog
from stacks_dataverse.transformers import sbtc
from tests.conftest import RealData
from tests.support import contract_runs
from tests.support.raw import canonical_day, rows_of

READS = {table: columns for each in catalog.TABLES for table, columns in each.reads.items()}


@pytest.fixture
def sbtc_run(real_data: RealData, request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads((real_data.folder / "contract_runs" / f"{request.param}.json").read_text())


def facts_of(run: dict[str, Any], first: int, last: int) -> Iterator[pa.Table]:
    """Changes of the supply, and events of withdrawals, of some of a run's transactions."""
    part = run | {"txs": run["txs"][first:last]}
    rows = {"contract_logs": contract_runs.prints_of([part]), "ft_events": contract_runs.asset_events_of(part, "ft")}
    raw = {table: rows_of(table, found) for table, found in (rows | {"blocks": [contract_runs.BLOCK]}).items()}
    with canonical_day(raw, READS) as day:
        yield from (sbtc.sbtc_supply_changes(day), sbtc.sbtc_withdrawal_events(day))


def figures_of(run: dict[str, Any], ends: list[int]) -> list[dict[str, Any]]:
    """The figures of days that end after so many transactions; requests are known by their first event."""
    figures: list[dict[str, Any]] = []
    requests: dict[int, dict[str, Any]] = {}
    for first, last in zip([0, *ends], ends, strict=False):
        changes, events = facts_of(run, first, last)
        for event in events.to_pylist():
            requests.setdefault(event["request_id"], event)
        day = [_joined(event, requests[event["request_id"]]) for event in events.to_pylist()]
        figures += _made(changes, day, figures)
    return figures


def _joined(event: dict[str, Any], created: dict[str, Any]) -> dict[str, Any]:
    blocks = event["burn_block_height"] and event["burn_block_height"] - created["burn_block_height"]
    amounts = {name: created[name] for name in ("amount_sats", "max_fee_sats")}
    return {"kind": event["kind"], "fee_sats": event["fee_sats"], "blocks": blocks} | amounts


def _made(changes: pa.Table, events: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = ("amount_sats", "max_fee_sats", "fee_sats", "blocks")
    schema = pa.schema([("kind", pa.string()), *((name, pa.int64()) for name in names)])
    totals = pa.schema([(name, pa.int64()) for name in ("liquid_sats", "locked_sats", "staked_sats")])
    with duckdb.connect() as state:
        state.register("sbtc_changes", changes)
        state.register("sbtc_withdrawals", pa.Table.from_pylist(events, schema))
        last = [{name: figure[name] for name in totals.names} for figure in before[-1:]]
        state.register("sbtc_before", pa.Table.from_pylist(last, totals))
        return sbtc.daily_sbtc(state).to_pylist()


def total(figures: list[dict[str, Any]], name: str) -> int:
    return sum(figure[name] for figure in figures)


@pytest.mark.parametrize("sbtc_run", ["sbtc"], indirect=True)
def test_deposits_and_withdrawals_of_a_run_over_four_days(sbtc_run: dict[str, Any]) -> None:
    """Requests are made on the second and third day, and settled on the third and last."""
    figures = figures_of(sbtc_run, [11, 19, 25, len(sbtc_run["txs"])])
    counts = ("deposits", "created_withdrawals", "accepted_withdrawals", "rejected_withdrawals")
    assert [total(figures, name) for name in counts] == [7, 6, 3, 2]
    assert [total(figures, name) for name in ("deposited_sats", "accepted_sats", "fees_sats", "rejected_sats")] == [
        *(295_580_245, 13_000_000, 10_821, 5_700_000)
    ]
    supply = [figure["liquid_sats"] + figure["locked_sats"] for figure in figures]
    assert supply == [183_234_568, 183_234_568, 173_229_568, 282_569_424]
    assert figures[-1]["locked_sats"] == 602_500
    assert [figure["unexplained_mint_sats"] for figure in figures] == [0, 0, 0, 0]
    assert [(figure["median_blocks"], figure["max_blocks"]) for figure in figures] == [
        *((None, None), (None, None), (3, 3), (5, 5))
    ]
    for figure, change in zip(figures, [supply[0], 0, supply[2] - supply[1], supply[3] - supply[2]], strict=True):
        assert change == figure["deposited_sats"] - figure["accepted_sats"] - figure["fees_sats"]


@pytest.mark.parametrize("sbtc_run", ["sbtc"], indirect=True)
def test_the_supply_of_a_run_is_what_its_holders_have(sbtc_run: dict[str, Any]) -> None:
    (figure,) = figures_of(sbtc_run, [len(sbtc_run["txs"])])
    held = {token: sum(map(int, balances.values())) for token, balances in sbtc_run["final_assets"].items()}
    assert (figure["liquid_sats"], figure["locked_sats"]) == (held[sbtc.LIQUID], held[sbtc.LOCKED])
    assert figure["max_blocks"] == 5


@pytest.mark.parametrize("sbtc_run", ["sbtc_mint_many"], indirect=True)
def test_a_mint_without_a_deposit_is_unexplained(sbtc_run: dict[str, Any]) -> None:
    (figure,) = figures_of(sbtc_run, [len(sbtc_run["txs"])])
    assert (figure["deposits"], figure["deposited_sats"]) == (2, 11_000_000)
    assert (figure["unexplained_mint_sats"], figure["liquid_sats"]) == (333, 11_000_333)


@pytest.mark.parametrize("sbtc_run", ["pox5"], indirect=True)
def test_what_pox_5_holds_is_staked(sbtc_run: dict[str, Any]) -> None:
    (figure,) = figures_of(sbtc_run, [len(sbtc_run["txs"])])
    assert figure["staked_sats"] == int(sbtc_run["final_assets"][sbtc.LIQUID][sbtc.POX_5]) == 704_714_667
