"""The public objects. A query names what was known on the evening of `{day}`."""

from stacks_dataverse import paths
from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.runners import publish


def each_day(table: str, column: str) -> str:
    """A query of a column for every day since the first loaded one; null for a day that is not loaded."""
    return f"""
        SELECT calendar.day::date AS day, {table}.{column} AS value
        FROM generate_series((SELECT min(day) FROM loaded_days), {{day}}::date, '1 day') AS calendar (day)
        LEFT JOIN loaded_days AS loaded ON loaded.day = calendar.day
        LEFT JOIN {table} ON {table}.day = loaded.day
        ORDER BY calendar.day
    """


OBJECTS = (
    PublicObject(
        name="daily_txs",
        path=paths.DAILY_TXS,
        shape="series",
        rows=each_day("loaded_days", "tx_count"),
        method="Canonical transactions per day.",
        unit="transactions",
        runner=publish.written,
    ),
    PublicObject(
        name="addx_growth",
        path=paths.ADDX_GROWTH,
        shape="series",
        rows=each_day("daily_addresses", "total_accounts"),
        method="Accounts ever seen, cumulative.",
        unit="accounts",
        runner=publish.written,
    ),
    PublicObject(
        name="addx_dailyactive",
        path=paths.ADDX_DAILYACTIVE,
        shape="series",
        rows=each_day("daily_addresses", "active_accounts"),
        method="Accounts that took part in a canonical transaction of the day.",
        unit="accounts",
        runner=publish.written,
    ),
    PublicObject(
        name="wallet_balances_raw",
        path=paths.WALLET_BALANCES_RAW,
        shape="wallet_balances_raw",
        rows="""
            SELECT whale.balance AS whale_balance, daily.holders
            FROM daily_balances AS daily
            LEFT JOIN whale_historical_stx_balances AS whale
                ON whale.timestamp = extract(epoch FROM {day}::date)::bigint
            WHERE daily.day = {day}
            ORDER BY whale.balance DESC, whale.whale_address
        """,
        method="Balances of 10,000 STX or more, and accounts with a positive balance, at the end of the day.",
        unit="STX; accounts",
        runner=publish.written,
    ),
    PublicObject(
        name="wallet_balances",
        path=paths.WALLET_BALANCES,
        shape="wallet_balances",
        rows="SELECT from_stx, holders FROM daily_balance_histogram WHERE day = {day} ORDER BY from_stx",
        method="Accounts by balance at the end of the day, bins of 500 STX labelled by their lower edge.",
        unit="accounts",
        runner=publish.written,
    ),
    PublicObject(
        name="wallet_balances_nonzero",
        path=paths.WALLET_BALANCES_NONZERO,
        shape="series",
        rows=each_day("daily_balances", "holders"),
        method="Accounts with a positive balance at the end of the day.",
        unit="accounts",
        runner=publish.written,
        dated=False,
    ),
)
