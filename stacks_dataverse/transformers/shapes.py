"""The shapes of the public objects: rows of a query in, a JSON value or, for a CSV, a table out."""

import calendar
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from operator import itemgetter
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
    """The first column, a number or time, to the second, ascending; null is not known."""
    return {key: value for key, (value,) in _by_first(rows)}


def records(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """The first column, a number or time, to the others by name, ascending."""
    names = rows.column_names[1:]
    return {key: dict(zip(names, map(_as_unix, values), strict=True)) for key, values in _by_first(rows)}


def csv_table(rows: pa.Table) -> pa.Table:
    """The rows as they are, for a CSV; moments are unix seconds."""
    moments = [name for name in rows.column_names if pa.types.is_timestamp(rows[name].type)]
    for name in moments:
        seconds = pa.array(map(_as_unix, rows[name].to_pylist()), pa.int64())
        rows = rows.set_column(rows.column_names.index(name), name, seconds)
    return rows


def wallet_balances_raw(rows: pa.Table) -> dict[str, Any]:
    """`balance_stx` of each whale (null for none) and `holders`, as one list and one count.

    Without `holders` nothing is known of either.
    """
    holders = rows["holders"][0].as_py()
    whales = [value for value in rows["balance_stx"].to_pylist() if value is not None]
    return {"whale_balances": None if holders is None else whales, "nonzero_bals": holders}


def wallet_balances(rows: pa.Table) -> dict[str, int | None]:
    """`from_stx`, `holders` as every bin's lower edge, in a string, to its holders; all null for a row of nulls."""
    edges = range(HISTOGRAM_FIRST_STX, HISTOGRAM_LAST_STX + 1, HISTOGRAM_BIN_STX)
    filled = dict(zip(rows["from_stx"].to_pylist(), rows["holders"].to_pylist(), strict=True))
    otherwise = None if None in filled else 0
    return {str(edge): filled.get(edge, otherwise) for edge in edges}


def record(rows: pa.Table) -> dict[str, Any]:
    """The columns of the one row, by name; moments are unix seconds."""
    return {name: _as_unix(value) for name, value in rows.to_pylist()[0].items()}


def result(rows: pa.Table) -> dict[str, Any]:
    """The one value, as `result`."""
    return {"result": rows[0][0].as_py()}


def top_pools(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """`address`, `stacked_stx` by `name`."""
    return {row["name"]: {"value": row["stacked_stx"], "address": row["address"]} for row in rows.to_pylist()}


def nft_ranking(rows: pa.Table) -> dict[str, dict[str, Any]]:
    """`asset_identifier`, a value, `is_shared` by the collection's short name; by `address.name` where shared.

    Where one address has several collections of a name, by the whole identifier.
    """
    ranked = list(zip(*(column.to_pylist() for column in rows.columns), strict=True))
    names = [_collection_name(asset_identifier, is_shared) for asset_identifier, _, is_shared in ranked]
    uses = Counter(names)
    return {
        name if uses[name] == 1 else asset_identifier: {
            "value": value,
            "contract": asset_identifier.partition("::")[0],
        }
        for name, (asset_identifier, value, _) in zip(names, ranked, strict=True)
    }


def by_name(rows: pa.Table) -> dict[str, Any]:
    """The first column to the second, in the order of the rows."""
    return dict(zip(*(column.to_pylist() for column in rows.columns), strict=True))


def mining_overview(rows: pa.Table) -> dict[str, Any]:
    """`burn_block_height`, `miner_address`, commits in satoshis, rewards in µSTX: by height, and in sums.

    BTC and STX come out, divided once: sums are of satoshis and µSTX. An unknown commit is null by height and left
    out of sums and averages; these are null where there is nothing to sum. The winner's commit is known without what
    it burned, so its share is of what all sent without `burn_sats`.
    """
    tenures = sorted(rows.to_pylist(), key=lambda row: row["burn_block_height"])
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


def _collection_name(asset_identifier: str, is_shared: bool) -> str:
    contract, _, name = asset_identifier.partition("::")
    return f"{contract.partition('.')[0]}.{name}" if is_shared else name


def _by_first(rows: pa.Table) -> list[tuple[str, tuple[Any, ...]]]:
    """The first column, as text, and the others, ascending by the first."""
    ordered = sorted(zip(*(column.to_pylist() for column in rows.columns), strict=True), key=itemgetter(0))
    return [(str(_as_unix(key)), tuple(values)) for key, *values in ordered]


def _as_unix(value: Any) -> Any:
    """A time as unix seconds, a day as those of its UTC midnight; what is neither as it is."""
    if isinstance(value, datetime):
        return round(value.timestamp())
    return calendar.timegm(value.timetuple()) if isinstance(value, date) else value
