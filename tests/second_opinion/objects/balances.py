"""Opinions on objects of STX balances."""

from datetime import UTC, date, datetime
from typing import Any

from tests.second_opinion.balances import large_transfers
from tests.second_opinion.chain import Row, Rows, group
from tests.second_opinion.objects.days import midnight, of_loaded_days, seconds, series
from tests.second_opinion.objects.of_days import USTX, of_day, only, past_is_known, protocol_of, seed
from tests.second_opinion.objects.run import Answer, Run
from tests.second_opinion.objects.tip import chain_at_tip

EXPLORER = "https://explorer.hiro.so/txid/{}?chain=mainnet"
BINS = range(10_000, 10_000_001, 500)
PLACE = ("block_height", "microblock_sequence", "tx_index", "event_index")


def wallet_balances_raw(run: Run, day: date | None) -> Answer:
    """Every balance of 10,000 STX or more, the largest first, and the number of all holders."""
    holders = _holders(run, day)
    midnights = {seconds(midnight(day))} if day else set()
    whales = [row for row in run.tables["whale_historical_stx_balances"] if row["timestamp"] in midnights]
    balances = sorted((row["balance"] for row in whales), reverse=True)
    return Answer(
        [{"balance_stx": balance, "holders": holders} for balance in balances or [None]],
        {"whale_balances": None if holders is None else balances, "nonzero_bals": holders},
    )


def _holders(run: Run, day: date | None) -> Any:
    return next((row["holders"] for row in of_day(run, "daily_balances", day)), None)


def wallet_balances(run: Run, day: date | None) -> Answer:
    """Accounts of 10,000 STX or more in bins; the predecessor's file has the empty ones too."""
    bins = {row["from_stx"]: row["holders"] for row in of_day(run, "daily_balance_histogram", day)}
    if _holders(run, day) is None:
        return Answer([{"from_stx": None, "holders": None}], dict.fromkeys(BINS))
    rows = [{"from_stx": edge, "holders": holders} for edge, holders in sorted(bins.items())]
    return Answer(rows, {edge: bins.get(edge, 0) for edge in BINS})


def wallet_balances_nonzero(run: Run, day: date | None) -> Answer:
    """Holders of STX at the end of each day."""
    known = of_loaded_days(run, "daily_balances", day)
    return series(run, day, "holders", {row["day"]: row["holders"] for row in known})


def stx_holdings_by_band(run: Run, day: date | None) -> Answer:
    """Holders by powers of ten of STX."""
    return _by_kind(run, day, "stx_holder_bands", ("from_stx", "holders", "balance_ustx"))


def stx_holdings_by_decile(run: Run, day: date | None) -> Answer:
    """Holders in ten groups of the same number."""
    columns = ("decile", "holders", "from_ustx", "to_ustx", "balance_ustx")
    return _by_kind(run, day, "stx_holder_deciles", columns)


def _by_kind(run: Run, day: date | None, table: str, columns: tuple[str, ...]) -> Answer:
    """Rows by kind and by the first column, each with its share of what all holders of the kind hold."""
    if not past_is_known(run, day):
        return Answer(None)
    rows = sorted(of_day(run, table, day), key=lambda row: (row["holder_kind"], row[columns[0]]))
    held = {kind: _sum(some) for kind, some in group(rows, "holder_kind").items()}
    return Answer(
        [only(row, "holder_kind", *columns) | {"share": _sum([row]) / held[row["holder_kind"]]} for row in rows]
    )


def _sum(rows: Rows) -> int:
    return sum(row["balance_ustx"] for row in rows)


def largest_stx_holders(run: Run, day: date | None) -> Answer:
    """The hundred largest holders, with what is known of who they are."""
    if not past_is_known(run, day):
        return Answer(None)
    (supply,) = (row["supply_ustx"] for row in of_day(run, "daily_balances", day))
    return Answer(
        [
            only(row, "rank", "address", "balance_ustx")
            | {"share": row["balance_ustx"] / supply if supply else None}
            | _label(row["address"])
            for row in sorted(of_day(run, "top_stx_holders", day), key=lambda row: row["rank"])
        ]
    )


def _label(principal: str) -> Row:
    for row in seed("principal_labels"):
        if row["address"] == principal:
            return only(row, "label", "category")
    protocol = protocol_of(principal)
    return {"label": protocol, "category": "protocol" if protocol else None}


def whale_movements(run: Run, day: date | None) -> Answer:
    """The last 500 transfers of 1,000,000 STX or more, the newest first."""
    transfers = large_transfers(chain_at_tip(run))["large_transfers"]
    newest = sorted(transfers, key=lambda row: [row[name] for name in PLACE], reverse=True)[:500]
    rows = [_movement(row) for row in newest]
    unix = [{"burn_block_time": row["burn_block_time"]} for row in newest]
    return Answer(rows, [row | time for row, time in zip(rows, unix, strict=True)])


def _movement(row: Row) -> Row:
    return {
        **only(row, "tx_id", "block_height"),
        "amount": row["amount_ustx"] / USTX,
        **only(row, "sender", "recipient"),
        "burn_block_time": datetime.fromtimestamp(row["burn_block_time"], UTC),
        "tx_type": row["tx_type"],
        "explorer_url": EXPLORER.format(row["tx_id"]),
    }


JUDGES = {
    "wallet_balances_raw": wallet_balances_raw,
    "wallet_balances": wallet_balances,
    "wallet_balances_nonzero": wallet_balances_nonzero,
    "stx_holdings_by_band": stx_holdings_by_band,
    "stx_holdings_by_decile": stx_holdings_by_decile,
    "largest_stx_holders": largest_stx_holders,
    "whale_movements": whale_movements,
}
