"""The shapes of the public objects of every half hour: rows of a query in, a JSON value or a table out."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

SATS, USTX = 100_000_000, 1_000_000


def by_number(rows: pa.Table) -> dict[str, Any]:
    """`number`, such as a height or unix seconds, in a string, to `value`; ascending by number."""
    return {str(row["number"]): row["value"] for row in _ascending(rows, "number")}


def records_by_number(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """`number`, in a string, to the other columns by name; ascending by number."""
    return {str(row.pop("number")): row for row in _ascending(rows, "number")}


def by_name(rows: pa.Table) -> dict[str, Any]:
    """`name` to `value`, in the order of the rows."""
    return {row["name"]: row["value"] for row in rows.to_pylist()}


def lines(rows: pa.Table) -> pa.Table:
    """The rows as they are, for a CSV."""
    return rows


def mining_overview(rows: pa.Table) -> dict[str, Any]:
    """`burn_block_height`, `miner_address`, commits in satoshis, rewards in µSTX: by height, and in sums.

    BTC and STX come out, divided once: sums are of satoshis and µSTX. An unknown commit is null by height and left
    out of sums and averages; these are null where there is nothing to sum. The winner's commit is known without what
    it burned, so its share is of what all sent without `burn_sats`.
    """
    tenures = _ascending(rows, "burn_block_height")
    heights = [tenure["burn_block_height"] for tenure in tenures]
    burns = [_whole(tenure["total_commit_sats"], SATS) for tenure in tenures]
    rewards = [tenure["coinbase_ustx"] + tenure["fees_ustx"] for tenure in tenures]
    known = [tenure["total_commit_sats"] for tenure in tenures if tenure["total_commit_sats"] is not None]

    def by_height(values: Iterable[Any]) -> dict[str, Any]:
        return {str(height): value for height, value in zip(heights, values, strict=True)}

    return {
        "btc_burns": by_height(burns),
        "stx_rewards": by_height(reward / USTX for reward in rewards),
        "win_probabilities": by_height(map(_win_probability, tenures)),
        "winning_miners": by_height(tenure["miner_address"] for tenure in tenures),
        "winner_burn_fees": by_height(_whole(tenure["miner_commit_sats"], SATS) for tenure in tenures),
        "last_block_reward": rewards[-1] / USTX if rewards else None,
        "total_btc_committed": sum(known) / SATS if known else None,
        "avg_btc_committed": sum(known) / (len(known) * SATS) if known else None,
        "avg_fee_per_block": sum(t["fees_ustx"] for t in tenures) / (len(tenures) * USTX) if tenures else None,
        "total_stx_rewards": sum(rewards) / USTX if rewards else None,
        "block_heights": heights,
    }


def _win_probability(tenure: dict[str, Any]) -> float | None:
    commit, total = tenure["miner_commit_sats"], tenure["total_commit_sats"]
    paid = total - (tenure["burn_sats"] or 0) if total is not None else 0
    return commit / paid if commit is not None and paid else None


def _whole(amount: int | None, units: int) -> float | None:
    return None if amount is None else amount / units


def _ascending(rows: pa.Table, column: str) -> list[dict[str, Any]]:
    return sorted(rows.to_pylist(), key=lambda row: row[column])
