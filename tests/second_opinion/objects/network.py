"""An opinion on objects of blocks, fees and kinds of transactions."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from tests.second_opinion.activity import activity, transactions
from tests.second_opinion.chain import Row, Rows, group
from tests.second_opinion.objects.days import SHOWN_DAYS, of_loaded_days, picked
from tests.second_opinion.objects.run import Answer, Run
from tests.second_opinion.objects.tip import HOUR, chain_at_tip, hour_of, moment

COSTS = ("runtime", "read_count", "read_length", "write_count", "write_length")
EXTENDED = ("all", "runtime", "read_count", "read_length", "write_count", "write_length")
BLOCKS = (
    *("day", "blocks", "interval_p50_seconds", "interval_p95_seconds"),
    *("tenures", "tenure_blocks_p50", "tenure_blocks_max", "tx_count", "tenure_txs_p50", "tenure_txs_max"),
    *("tx_bytes", "tenure_extends", *(f"extended_{dimension}" for dimension in EXTENDED)),
    *(name for cost in COSTS for name in (cost, f"{cost}_max")),
)
FEES = (
    *("day", "tx_type", "tx_count", "fee_ustx", "size_bytes"),
    *(f"fee_p{percent}_ustx" for percent in (10, 25, 50, 75, 90, 99)),
    *(f"fee_per_byte_p{percent}_ustx" for percent in (10, 50, 90)),
)
TRANSACTIONS = ("day", "tx_type", "tx_status", "tx_count", "fee_ustx")
SHOWN_BLOCKS, SHOWN_HOURS, SECONDS_OF_A_DAY = 100, 720, 24 * 3600
ABORTED = {
    "aborted_by_response": "abort_by_response",
    "aborted_by_post_condition": "abort_by_post_condition",
    "problematic_skipped": "problematic_skipped",
}
PARTICIPANTS = ("active_accounts", "active_contracts", "initiators", "contracts_called")


def blocks(run: Run, day: date | None) -> Answer:
    """Blocks of each loaded day."""
    return Answer(picked(of_loaded_days(run, "daily_blocks", day), BLOCKS))


def fees(run: Run, day: date | None) -> Answer:
    """Fees of the last days by type."""
    return Answer(_sorted(picked(of_loaded_days(run, "daily_fees", day, last=SHOWN_DAYS), FEES), "day", "tx_type"))


def transactions_by_type(run: Run, day: date | None) -> Answer:
    """Transactions of the last days by type and status."""
    return Answer(_sorted(picked(_transactions(run, day), TRANSACTIONS), "day", "tx_type", "tx_status"))


def failed_transactions(run: Run, day: date | None) -> Answer:
    """Those of them that failed, with their share of the day's transactions of the type."""
    rows = _transactions(run, day)
    of_types = {key: sum(row["tx_count"] for row in some) for key, some in group(rows, "day", "tx_type").items()}
    failed = [
        row | {"tx_share": row["tx_count"] / of_types[row["day"], row["tx_type"]]}
        for row in picked(rows, TRANSACTIONS)
        if row["tx_status"] != "success"
    ]
    return Answer(_sorted(failed, "day", "tx_type", "tx_status"))


def _transactions(run: Run, day: date | None) -> Rows:
    return of_loaded_days(run, "daily_transactions", day, last=SHOWN_DAYS)


def _sorted(rows: Rows, *columns: str) -> Rows:
    return sorted(rows, key=lambda row: tuple(row[column] for column in columns))


def tx_per_block(run: Run, day: date | None) -> Answer:
    """Transactions of the last blocks, of a day at most; the newest first, in the predecessor's file last."""
    chain = chain_at_tip(run)
    since = chain.blocks[-1]["time"] - SECONDS_OF_A_DAY
    heights = [block["block_height"] for block in chain.blocks if block["time"] >= since][-SHOWN_BLOCKS:]
    counts = Counter(tx["block"]["block_height"] for tx in chain.rows("txs"))
    rows = [{"block_height": height, "tx_count": counts[height]} for height in reversed(heights)]
    return Answer(rows, {height: counts[height] for height in heights})


def network_activity_hours(run: Run, day: date | None) -> Answer:
    """Every hour of the last 720 up to the tip's, since the first day that is there."""
    chain = chain_at_tip(run)
    final = {row["day"] for row in run.tables["loaded_days"] if row["settled"]}
    who = activity(chain)
    active, new = _by_hour(who["hourly_activity"]), _by_hour(who["hourly_new_accounts"])
    txs = group(transactions(chain)["hourly_transactions"], "hour_at")
    last = hour_of(moment(chain.blocks[-1]["time"]))
    hours = [last - number * HOUR for number in reversed(range(SHOWN_HOURS))]
    return Answer(
        [
            {"hour_at": hour, "is_provisional": hour.date() not in final, **_block_count(active.get(hour))}
            | _of_txs(txs[hour])
            | {name: active[hour][name] if hour in active else 0 for name in PARTICIPANTS}
            | {"new_accounts": new[hour]["new_accounts"] if hour in new else 0}
            for hour in hours
            if hour.date() in chain.days
        ]
    )


def _by_hour(rows: Rows) -> dict[datetime, Row]:
    return {row["hour_at"]: row for row in rows}


def _block_count(active: Row | None) -> Row:
    return {"block_count": active["block_count"] if active else 0}


def _of_txs(rows: Rows) -> dict[str, Any]:
    types, states = (_counted(rows, column) for column in ("tx_type", "tx_status"))
    total = types.total()
    known = {f"{name}s": types[name] for name in ("token_transfer", "contract_call", "smart_contract")}
    return {
        "tx_count": total,
        **known,
        "other_txs": total - sum(known.values()),
        **{name: states[state] for name, state in ABORTED.items()},
        "fee_ustx": sum(row["fee_ustx"] for row in rows),
    }


def _counted(rows: Rows, column: str) -> Counter[str]:
    counts = Counter[str]()
    for row in rows:
        counts[row[column]] += row["tx_count"]
    return counts


JUDGES = {
    "blocks": blocks,
    "fees": fees,
    "failed_transactions": failed_transactions,
    "transactions_by_type": transactions_by_type,
    "tx_per_block": tx_per_block,
    "network_activity_hours": network_activity_hours,
}
