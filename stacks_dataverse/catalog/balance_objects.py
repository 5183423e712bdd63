"""Public objects of the balances of STX."""

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import PAST, query_each_day, series_of
from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import shapes
from stacks_dataverse.units import STX

OBJECTS = (
    PublicObject(
        name="wallet_balances_raw",
        title="Balances of all accounts with 10,000 STX or more",
        group=Group.BALANCES,
        headline="daily_balances.whales",
        path=paths.WALLET_BALANCES_RAW,
        shape=shapes.wallet_balances_raw,
        rows="""
            SELECT whale.balance AS whale_balance, daily.holders
            FROM daily_balances AS daily
            LEFT JOIN whale_historical_stx_balances AS whale
                ON whale.timestamp = extract(epoch FROM {day}::date)::bigint
            WHERE daily.day = {day}
            ORDER BY whale.balance DESC, whale.whale_address
        """,
        method="Balances of 10,000 STX or more, and the number of accounts with a positive balance, at the end of the "
        "day.",
        fields={"whale_balances.<position>": STX("STX"), "nonzero_bals": "accounts with a positive balance"},
        warnings=("Balances below 10,000 STX are left out; nonzero_bals counts all accounts.", PAST),
    ),
    PublicObject(
        name="wallet_balances",
        title="Accounts with 10,000 STX or more, by balance",
        group=Group.BALANCES,
        headline="daily_balances.whales",
        path=paths.WALLET_BALANCES,
        shape=shapes.wallet_balances,
        rows="""
            SELECT bin.from_stx, bin.holders, daily.holders IS NOT NULL AS is_known
            FROM daily_balances AS daily LEFT JOIN daily_balance_histogram AS bin USING (day)
            WHERE day = {day} ORDER BY bin.from_stx
        """,
        method="Accounts with 10,000 STX or more by balance at the end of the day, in bins of 500 STX labelled by "
        "their lower edge; the bin of 10,000,000 has no upper limit.",
        fields={"<lower edge of the bin, STX>": "accounts"},
        warnings=(
            "Accounts below 10,000 STX are left out, which are most; wallet_balances_nonzero counts all that hold STX. "
            "Above 10,000,000 STX all are in one bin.",
            PAST,
        ),
    ),
    PublicObject(
        name="wallet_balances_nonzero",
        title="Accounts that hold STX, per day",
        group=Group.BALANCES,
        headline="daily_balances.holders",
        path=paths.WALLET_BALANCES_NONZERO,
        shape=shapes.series,
        rows=query_each_day("daily_balances", "holders"),
        method="Accounts with a positive balance at the end of the day.",
        fields=series_of("accounts"),
        warnings=(PAST,),
    ),
)
