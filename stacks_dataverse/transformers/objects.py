"""The shapes of the public objects: rows of a query in, a JSON value out."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from stacks_dataverse.pool_names import POOL_NAMES
from stacks_dataverse.transformers.balances import (
    HISTOGRAM_BIN_STX,
    HISTOGRAM_FIRST_STX,
    HISTOGRAM_LAST_STX,
)


def series(rows: pa.Table) -> dict[str, Any]:
    """`day`, `value` as unix seconds of UTC midnight, in a string, to the value; null is not known."""
    return {_midnight(row["day"]): row["value"] for row in rows.to_pylist()}


def hours(rows: pa.Table) -> dict[str, Any]:
    """`hour_at`, `value` as the hour's unix seconds, in a string, to the value; null is not known."""
    return {str(int(row["hour_at"].timestamp())): row["value"] for row in rows.to_pylist()}


def csv(rows: pa.Table) -> pa.Table:
    """The rows as they are, for a CSV."""
    return rows


def records(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """By `day`, as unix seconds of UTC midnight in a string, its other columns by name."""
    return {_midnight(row.pop("day")): row for row in rows.to_pylist()}


def wallet_balances_raw(rows: pa.Table) -> dict[str, Any]:
    """`whale_balance` in STX of each whale (null for none) beside `holders`, as one list and one count.

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
    """`address`, `stx` by the pool's name, or its address where it has none."""
    return {
        POOL_NAMES.get(row["address"], row["address"]): {"value": row["stx"], "address": row["address"]}
        for row in rows.to_pylist()
    }


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


def _collection_name(asset_identifier: str, is_shared: bool) -> str:
    contract, _, name = asset_identifier.partition("::")
    return f"{contract.partition('.')[0]}.{name}" if is_shared else name


def _midnight(day: date) -> str:
    return str(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()))
