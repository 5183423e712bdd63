"""Public objects of the balances of STX."""

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import NOT_KNOWN, PAST, daily_series
from stacks_dataverse.dataset import Column, PublicObject
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
            SELECT whale.balance AS balance_stx, daily.holders
            FROM daily_balances AS daily
            LEFT JOIN whale_historical_stx_balances AS whale
                ON whale.timestamp = extract(epoch FROM {day}::date)::bigint
            WHERE daily.day = {day}
            ORDER BY whale.balance DESC, whale.whale_address COLLATE "C"
        """,
        method="Balances of 10,000 STX or more, the largest first, and the number of accounts with a positive balance, "
        "at the end of the day.",
        columns=(
            Column(
                "balance_stx",
                "double precision",
                "balance of an account with 10,000 STX or more",
                STX,
                "if there is none, or an earlier day is missing",
            ),
            Column(
                "holders",
                "bigint",
                "accounts with a positive balance, the same in each row",
                null="if an earlier day is missing",
            ),
        ),
        fields={
            "whale_balances.<position>": STX("STX, the largest first; all null if an earlier day is missing"),
            "nonzero_bals": "accounts with a positive balance; null if an earlier day is missing",
        },
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
            SELECT bin.from_stx, bin.holders
            FROM (SELECT (SELECT holders FROM daily_balances WHERE day = {day}) IS NULL AS is_unknown) AS daily
            LEFT JOIN daily_balance_histogram AS bin ON bin.day = {day}
            WHERE bin.day IS NOT NULL OR is_unknown
            ORDER BY bin.from_stx
        """,
        method="Accounts with 10,000 STX or more by balance at the end of the day, in bins of 500 STX labelled by "
        "their lower edge; the bin of 10,000,000 has no upper limit.",
        columns=(
            Column(
                "from_stx",
                "bigint",
                "lower edge of the bin; a bin without a row has no accounts",
                "STX",
                "if an earlier day is missing",
            ),
            Column("holders", "bigint", "accounts in the bin", null="if an earlier day is missing"),
        ),
        fields={"<lower edge of the bin, STX>": "accounts, 0 in an empty bin; null if an earlier day is missing"},
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
        method="Accounts with a positive balance at the end of the day.",
        **daily_series(
            "daily_balances",
            "holders",
            "accounts with a positive balance at the end of the day",
            "accounts",
            null=NOT_KNOWN,
        ),
        warnings=(PAST,),
    ),
)
