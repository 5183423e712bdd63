"""Transactions, and who took part in them."""

from stacks_dataverse import paths
from stacks_dataverse.catalog import lookups
from stacks_dataverse.catalog.fields import DAY, PAST, UNKNOWN, each_day, series_of
from stacks_dataverse.dataset import Kind, PublicObject, Table
from stacks_dataverse.runners import build, figures, publish

ACTIVITY_FIELDS = DAY | {
    "active_accounts": "accounts that took part in a canonical transaction of the day",
    "active_contracts": "contracts that took part",
    "initiators": "distinct senders of transactions other than coinbase and tenure change",
}

TABLES = (
    Table(
        name="daily_transactions",
        kind=Kind.FACT,
        subject="activity",
        runner=build.day,
        method="Canonical transactions by type and status, in the words of the Stacks API.",
        fields=DAY
        | {
            "tx_type": "token_transfer, smart_contract, contract_call, poison_microblock, coinbase, tenure_change",
            "tx_status": "success, abort_by_response, abort_by_post_condition, problematic_skipped",
            "tx_count": "transactions",
            "fee_ustx": "fees they paid, µSTX",
        },
        warnings=("Transactions of block 0 count with block 1.", "A code without a word yet shows as unknown_<code>."),
    ),
    Table(
        name="address_days",
        kind=Kind.FACT,
        subject="activity",
        state="addresses",
        runner=build.day,
        method="Principals that took part in a canonical transaction: sender, sponsor, recipient, party of an STX, "
        "fungible or non-fungible event, contract called or deployed.",
        fields=DAY | {"address": "principal; a contract's has a dot"},
        warnings=("Who is named to receive a coinbase or a miner's reward takes part in no transaction by that.",),
    ),
    Table(
        name="addresses",
        kind=Kind.STATE,
        runner=build.day,
        method="Every principal in address_days with the earliest day there.",
        fields={"address": "principal", "first_day": "UTC day it first took part"},
    ),
    Table(
        name="daily_activity",
        kind=Kind.FACT,
        subject="activity",
        runner=build.day,
        method="Principals of address_days counted by kind, and distinct senders.",
        fields=ACTIVITY_FIELDS,
    ),
    Table(
        name="daily_addresses",
        kind=Kind.FIGURE,
        subject="evening",
        runner=figures.due_days,
        inputs={"activity": lookups.ACTIVITY, "accounts": lookups.ACCOUNTS},
        cumulative=("new_accounts", "total_accounts"),
        method="The day's activity beside the accounts first seen on it and up to it.",
        fields=ACTIVITY_FIELDS
        | {
            "new_accounts": f"accounts first seen on the day; {UNKNOWN}",
            "total_accounts": f"accounts ever seen, up to the day; {UNKNOWN}",
        },
    ),
)

OBJECTS = (
    PublicObject(
        name="daily_txs",
        path=paths.DAILY_TXS,
        shape="series",
        rows=each_day("loaded_days", "tx_count"),
        method="Canonical transactions per day.",
        fields=series_of("transactions"),
        runner=publish.written,
    ),
    PublicObject(
        name="addx_growth",
        path=paths.ADDX_GROWTH,
        shape="series",
        rows=each_day("daily_addresses", "total_accounts"),
        method="Accounts ever seen, cumulative.",
        fields=series_of("accounts"),
        runner=publish.written,
        warnings=(PAST,),
    ),
    PublicObject(
        name="addx_dailyactive",
        path=paths.ADDX_DAILYACTIVE,
        shape="series",
        rows=each_day("daily_addresses", "active_accounts"),
        method="Accounts that took part in a canonical transaction of the day.",
        fields=series_of("accounts"),
        runner=publish.written,
    ),
)
