"""The shapes of the public objects: rows of a query in, a JSON value or, for a CSV, a table out."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from stacks_dataverse.transformers.balances import (
    HISTOGRAM_BIN_STX,
    HISTOGRAM_FIRST_STX,
    HISTOGRAM_LAST_STX,
    USTX,
)

SATS = 100_000_000


def series(rows: pa.Table) -> dict[str, Any]:
    """`day`, `value` as unix seconds of UTC midnight, in a string, to the value; null is not known."""
    return {_midnight(row["day"]): row["value"] for row in rows.to_pylist()}


def hours(rows: pa.Table) -> dict[str, Any]:
    """`hour_at`, `value` as the hour's unix seconds, in a string, to the value; null is not known."""
    return {str(int(row["hour_at"].timestamp())): row["value"] for row in rows.to_pylist()}


def table(rows: pa.Table) -> pa.Table:
    """The rows as they are, for a CSV or an envelope."""
    return rows


def records(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """By `day`, as unix seconds of UTC midnight in a string, its other columns by name."""
    return {_midnight(row.pop("day")): row for row in rows.to_pylist()}


def wallet_balances_raw(rows: pa.Table) -> dict[str, Any]:
    """`whale_balance` in STX of each whale (null for none) and `holders`, as one list and one count.

    Without `holders` nothing is known of either.
    """
    holders = rows["holders"][0].as_py()
    whales = [value for value in rows["whale_balance"].to_pylist() if value is not None]
    return {"whale_balances": None if holders is None else whales, "nonzero_bals": holders}


def wallet_balances(rows: pa.Table) -> dict[str, int | None]:
    """`from_stx`, `holders` as every bin's lower edge, in a string, to its holders; null unless they are `is_known`."""
    edges = range(HISTOGRAM_FIRST_STX, HISTOGRAM_LAST_STX + 1, HISTOGRAM_BIN_STX)
    filled = dict(zip(rows["from_stx"].to_pylist(), rows["holders"].to_pylist(), strict=True))
    otherwise = 0 if rows["is_known"][0].as_py() else None
    return {str(edge): filled.get(edge, otherwise) for edge in edges}


def record(rows: pa.Table) -> dict[str, Any]:
    """The columns of the one row, by name."""
    return rows.to_pylist()[0]


def risk_reward(rows: pa.Table) -> dict[str, dict[str, float | None]]:
    """`cycle`, `locked_usd`, `rewarded_usd` by the cycle's number, in a string, ascending."""
    return {
        str(row["cycle"]): {"locked_usd": row["locked_usd"], "rewarded_usd": row["rewarded_usd"]}
        for row in sorted(rows.to_pylist(), key=lambda row: row["cycle"])
    }


def top_pools(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """`address`, `stx` by `name`."""
    return {row["name"]: {"value": row["stx"], "address": row["address"]} for row in rows.to_pylist()}


def nft_ranking(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """`asset_identifier`, `value`, `is_shared` by the collection's short name; by `address.name` where shared.

    Where one address has several collections of a name, by the whole identifier.
    """
    named = [(_collection_name(row["asset_identifier"], row["is_shared"]), row) for row in rows.to_pylist()]
    uses = Counter(name for name, _ in named)
    return {
        name if uses[name] == 1 else row["asset_identifier"]: {
            "value": row["value"],
            "contract": row["asset_identifier"].partition("::")[0],
        }
        for name, row in named
    }


def by_number(rows: pa.Table) -> dict[str, Any]:
    """`number`, such as a height or unix seconds, in a string, to `value`; ascending by number."""
    return {str(row["number"]): row["value"] for row in _sort_rows(rows, "number")}


def records_by_number(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """`number`, in a string, to the other columns by name; ascending by number."""
    return {str(row.pop("number")): row for row in _sort_rows(rows, "number")}


def by_name(rows: pa.Table) -> dict[str, Any]:
    """`name` to `value`, in the order of the rows."""
    return {row["name"]: row["value"] for row in rows.to_pylist()}


def mining_overview(rows: pa.Table) -> dict[str, Any]:
    """`burn_block_height`, `miner_address`, commits in satoshis, rewards in µSTX: by height, and in sums.

    BTC and STX come out, divided once: sums are of satoshis and µSTX. An unknown commit is null by height and left
    out of sums and averages; these are null where there is nothing to sum. The winner's commit is known without what
    it burned, so its share is of what all sent without `burn_sats`.
    """
    tenures = _sort_rows(rows, "burn_block_height")
    heights = [tenure["burn_block_height"] for tenure in tenures]
    burns = [_divide(tenure["total_commit_sats"], SATS) for tenure in tenures]
    rewards = [tenure["coinbase_ustx"] + tenure["fees_ustx"] for tenure in tenures]
    known = [tenure["total_commit_sats"] for tenure in tenures if tenure["total_commit_sats"] is not None]

    def by_height(values: Iterable[Any]) -> dict[str, Any]:
        return {str(height): value for height, value in zip(heights, values, strict=True)}

    return {
        "btc_burns": by_height(burns),
        "stx_rewards": by_height(reward / USTX for reward in rewards),
        "win_probabilities": by_height(map(_win_probability, tenures)),
        "winning_miners": by_height(tenure["miner_address"] for tenure in tenures),
        "winner_burn_fees": by_height(_divide(tenure["miner_commit_sats"], SATS) for tenure in tenures),
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


def _divide(amount: int | None, units: int) -> float | None:
    return None if amount is None else amount / units


def _sort_rows(rows: pa.Table, column: str) -> list[dict[str, Any]]:
    return sorted(rows.to_pylist(), key=lambda row: row[column])


def _collection_name(asset_identifier: str, is_shared: bool) -> str:
    contract, _, name = asset_identifier.partition("::")
    return f"{contract.partition('.')[0]}.{name}" if is_shared else name


def _midnight(day: date) -> str:
    return str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))
