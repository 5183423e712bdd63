"""An opinion on objects of transactions per day, accounts and senders."""

from collections.abc import Sequence
from datetime import date

from tests.second_opinion.chain import Row, group
from tests.second_opinion.objects.days import days_through, of_loaded_days, picked, series
from tests.second_opinion.objects.run import Answer, Judge, Run

NETWORK_ACTIVITY = (
    *("day", "block_count", "tx_count", "token_transfers", "contract_calls", "smart_contracts", "other_txs"),
    *("aborted_by_response", "aborted_by_post_condition", "problematic_skipped", "fee_ustx"),
    *("active_accounts", "active_contracts", "initiators", "contracts_called", "new_accounts", "total_accounts"),
)
ACTIVE_INITIATORS = (
    *("day", "initiators", "initiators_7_days", "initiators_30_days", "stickiness"),
    *("new_initiators", "total_initiators"),
)


def daily_txs(run: Run, day: date | None) -> Answer:
    """Canonical transactions per day."""
    by_day = group(run.tables["daily_transactions"], "day")
    return series(run, day, "tx_count", {each: sum(row["tx_count"] for row in by_day[each]) for each in run.days})


def addx_growth(run: Run, day: date | None) -> Answer:
    """Accounts ever seen, up to each day."""
    rows = of_loaded_days(run, "daily_addresses", day)
    return series(run, day, "total_accounts", {row["day"]: row["total_accounts"] for row in rows})


def addx_dailyactive(run: Run, day: date | None) -> Answer:
    """Accounts that took part in a transaction of each day."""
    rows = of_loaded_days(run, "daily_addresses", day)
    return series(run, day, "active_accounts", {row["day"]: row["active_accounts"] for row in rows})


def initiator_retention(run: Run, day: date | None) -> Answer:
    """How many of the senders of each month's cohort were active in each month since, as of its last loaded day."""
    last_days = {each.replace(day=1): each for each in days_through(run, day)}.values()
    newest = [
        row | {"month": row["day"].replace(day=1)} for row in run.tables["initiator_cohorts"] if row["day"] in last_days
    ]
    sizes = {row["month"]: row["initiators"] for row in newest if row["cohort"] == row["month"]}
    retained = [_retained(row, sizes[row["cohort"]]) for row in newest]
    return Answer(sorted(retained, key=lambda row: (row["cohort"], row["month"])))


def _retained(row: Row, cohort_size: int) -> Row:
    cohort, month = row["cohort"], row["month"]
    return {
        "cohort": cohort,
        "month": month,
        "months_since": 12 * (month.year - cohort.year) + month.month - cohort.month,
        "initiators": row["initiators"],
        "cohort_size": cohort_size,
        "share": row["initiators"] / cohort_size,
        "up_to": row["day"],
    }


def _days_of(table: str, columns: Sequence[str]) -> Judge:
    """Every loaded day as it is in a table."""
    return lambda run, day: Answer(picked(of_loaded_days(run, table, day), columns))


JUDGES = {
    "daily_txs": daily_txs,
    "addx_growth": addx_growth,
    "addx_dailyactive": addx_dailyactive,
    "network_activity": _days_of("daily_network_activity", NETWORK_ACTIVITY),
    "active_initiators": _days_of("daily_initiators", ACTIVE_INITIATORS),
    "initiator_retention": initiator_retention,
}
