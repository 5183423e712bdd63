"""Who took part in transactions, by day and hour; senders and when they began."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.second_opinion.chain import Chain, Opinion, Row, Rows, group, is_account

PARTIES = {
    "txs": (
        *("sender_address", "sponsor_address", "token_transfer_recipient_address"),
        *("contract_call_contract_id", "smart_contract_contract_id"),
    ),
    **dict.fromkeys(("stx_events", "ft_events", "nft_events"), ("sender", "recipient")),
}
INITIATING = ("token_transfer", "smart_contract", "contract_call")


def hour_of(row: Row) -> datetime:
    """The UTC hour of a row's block."""
    return datetime.fromtimestamp(row["block"]["time"] // 3600 * 3600, UTC)


def participations(chain: Chain) -> list[tuple[date, datetime, str]]:
    """Every day, hour and principal that took part in a transaction."""
    return [
        (row["day"], hour_of(row), row[column])
        for table, columns in PARTIES.items()
        for row in chain.rows(table)
        for column in columns
        if row[column] is not None
    ]


def of_txs(txs: Rows) -> Row:
    """Initiators of some transactions, and the contracts that they called."""
    return {
        "initiators": len({tx["sender_address"] for tx in txs if tx["type"] not in ("coinbase", "tenure_change")}),
        "contracts_called": len({tx["contract_call_contract_id"] for tx in txs} - {None}),
    }


def actives(principals: set[str]) -> Row:
    """Principals by kind."""
    accounts = sum(map(is_account, principals))
    return {"active_accounts": accounts, "active_contracts": len(principals) - accounts}


def transactions(chain: Chain) -> Opinion:
    """Transactions and fees by type and status, of days and of hours."""
    txs = [tx | {"hour_at": hour_of(tx)} for tx in chain.txs()]
    return {
        table: _summed(txs, *key) for table, key in (("daily_transactions", ()), ("hourly_transactions", ("hour_at",)))
    }


def _summed(txs: Rows, *key: str) -> Rows:
    groups = group(txs, "day", *key, "type", "state")
    names = ("day", *key, "tx_type", "tx_status")
    return [
        dict(zip(names, values, strict=True)) | {"tx_count": len(some), "fee_ustx": sum(tx["fee_rate"] for tx in some)}
        for values, some in groups.items()
    ]


def activity(chain: Chain) -> Opinion:
    """Principals of days and hours, and when each was first."""
    first_hours: dict[tuple[date, str], datetime] = {}
    in_hours: dict[datetime, set[str]] = {hour_of({"block": block}): set() for block in chain.blocks}
    for day, hour, principal in participations(chain):
        first_hours[day, principal] = min(hour, first_hours.get((day, principal), hour))
        in_hours[hour].add(principal)
    firsts: dict[str, date] = {}
    for day, principal in sorted(first_hours):
        firsts.setdefault(principal, day)
    txs, txs_of_hours = group(chain.txs(), "day"), group((tx | {"hour": hour_of(tx)} for tx in chain.txs()), "hour")
    blocks = group(({"hour": hour_of({"block": block})} for block in chain.blocks), "hour")
    new_at = [first_hours[day, principal] for principal, day in firsts.items() if is_account(principal)]
    daily = [
        {"day": day, **actives({who for when, who in first_hours if when == day}), **of_txs(txs[day])}
        for day in chain.days
    ]
    return {
        "address_days": [{"day": d, "address": a, "first_hour_at": hour} for (d, a), hour in first_hours.items()],
        "addresses": [{"address": principal, "first_day": day} for principal, day in firsts.items()],
        "daily_activity": daily,
        "daily_addresses": [_without_calls(row) | _new(row["day"], firsts) for row in daily],
        "hourly_activity": [
            {"day": hour.date(), "hour_at": hour, "block_count": len(blocks[hour])}
            | actives(in_hours[hour])
            | of_txs(txs_of_hours[hour])
            for hour in blocks
        ],
        "hourly_new_accounts": [
            {"day": hour.date(), "hour_at": hour, "new_accounts": new_at.count(hour)} for hour in in_hours
        ],
        "daily_network_activity": [
            row | _new(row["day"], firsts) | _of_day(chain, row["day"], txs[row["day"]]) for row in daily
        ],
    }


def _without_calls(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "contracts_called"}


def _new(day: date, firsts: dict[str, date]) -> Row:
    accounts = [first for principal, first in firsts.items() if is_account(principal)]
    return {"new_accounts": accounts.count(day), "total_accounts": sum(first <= day for first in accounts)}


def _of_day(chain: Chain, day: date, txs: Rows) -> Row:
    types, states = ([tx[column] for tx in txs] for column in ("type", "state"))
    known = {f"{name}s": types.count(name) for name in INITIATING}
    return {
        **known,
        "block_count": sum(block["day"] == day for block in chain.blocks),
        "tx_count": len(txs),
        "other_txs": len(txs) - sum(known.values()),
        "aborted_by_response": states.count("abort_by_response"),
        "aborted_by_post_condition": states.count("abort_by_post_condition"),
        "problematic_skipped": states.count("problematic_skipped"),
        "fee_ustx": sum(tx["fee_rate"] for tx in txs),
    }


def initiators(chain: Chain) -> Opinion:
    """Senders of transactions, by window and by the month in which they began."""
    days = {(tx["day"], tx["sender_address"]) for tx in chain.txs() if tx["type"] in INITIATING}
    firsts: dict[str, date] = {}
    for day, address in sorted(days):
        firsts.setdefault(address, day)
    return {
        "initiator_days": [{"day": day, "address": address} for day, address in days],
        "initiators": [{"address": address, "first_day": day} for address, day in firsts.items()],
        "daily_initiators": [_window(day, days, firsts) for day in chain.days],
        "initiator_cohorts": [row for day in chain.days for row in _cohorts(day, days, firsts)],
    }


def _window(day: date, days: set[tuple[date, str]], firsts: dict[str, date]) -> Row:
    one, seven, thirty = (
        len({address for other, address in days if day - timedelta(days=length) < other <= day})
        for length in (1, 7, 30)
    )
    return {
        "day": day,
        "initiators": one,
        "initiators_7_days": seven,
        "initiators_30_days": thirty,
        "stickiness": one / thirty if thirty else None,
        "new_initiators": list(firsts.values()).count(day),
        "total_initiators": sum(first <= day for first in firsts.values()),
    }


def _cohorts(day: date, days: set[tuple[date, str]], firsts: dict[str, date]) -> list[dict[str, Any]]:
    active = {address for other, address in days if day.replace(day=1) <= other <= day}
    months = [firsts[address].replace(day=1) for address in active]
    return [{"day": day, "cohort": month, "initiators": months.count(month)} for month in set(months)]
