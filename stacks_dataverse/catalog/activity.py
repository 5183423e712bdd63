"""Transactions, and who took part in them."""

from dataclasses import replace

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import DAY, NOT_KNOWN, PAST, daily_series
from stacks_dataverse.caveats import about
from stacks_dataverse.dataset import Column, Kind, PublicObject, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.labels import Group
from stacks_dataverse.state import First, State
from stacks_dataverse.transformers import activity

ACTIVITY_COLUMNS = (
    DAY,
    Column("active_accounts", "bigint", "accounts that took part in a canonical transaction of the day"),
    Column("active_contracts", "bigint", "contracts that took part in one"),
    Column("initiators", "bigint", "distinct senders of transactions other than coinbase and tenure change"),
)
CONTRACTS_CALLED = Column("contracts_called", "bigint", "distinct contracts called directly, with or without success")

# Columns that came later.
BUILT_BEFORE = "on a day that an earlier release built"

CALLS = "Calls that a contract makes of another are in no table; a call is that of a transaction."

# Where principals that take part are named: in a transaction, and in its asset events.
PRINCIPALS_OF_TXS = (
    "sender_address",
    "sponsor_address",
    "token_transfer_recipient_address",
    "contract_call_contract_id",
    "smart_contract_contract_id",
)
PARTIES = dict.fromkeys(("stx_events", "ft_events", "nft_events"), ("sender", "recipient"))

TABLES = (
    Table(
        name="daily_transactions",
        title="Transactions by type and status per day",
        group=Group.NETWORK,
        kind=Kind.FACT,
        transform=activity.daily_transactions,
        reads={
            "txs": ("type_id", "status", "fee_rate"),
        },
        method="Canonical transactions by type and status, as named by the Stacks API.",
        columns=(
            DAY,
            Column(
                "tx_type",
                "text",
                "token_transfer, smart_contract, contract_call, poison_microblock, coinbase, tenure_change",
            ),
            Column("tx_status", "text", "success, abort_by_response, abort_by_post_condition, problematic_skipped"),
            Column("tx_count", "bigint", "transactions"),
            Column("fee_ustx", "bigint", "fees they paid", unit="µSTX"),
        ),
        key=("day", "tx_type", "tx_status"),
        warnings=(
            "Transactions of block 0 count with block 1.",
            about("An unknown code is shown as unknown_<code>.", "tx_type", "tx_status"),
        ),
    ),
    Table(
        name="address_days",
        title="Accounts and contracts active on each day",
        group=Group.NETWORK,
        kind=Kind.FACT,
        transform=activity.address_days,
        reads={"blocks": (), "txs": PRINCIPALS_OF_TXS, **PARTIES},
        method="Principals that took part in a canonical transaction: sender, sponsor, recipient, party of an STX, "
        "fungible or non-fungible event, contract called or deployed.",
        columns=(
            DAY,
            Column("address", "text", "principal; a contract's has a dot"),
            Column(
                "first_hour_at", "timestamptz", "UTC hour of the day in which it first took part", null=BUILT_BEFORE
            ),
        ),
        key=("day", "address"),
        warnings=("Recipients of a coinbase or of a miner's reward do not take part through it.",),
    ),
    Table(
        name="addresses",
        title="First active day of every account and contract",
        group=Group.NETWORK,
        kind=Kind.STATE,
        running_state=State("address_days", ("address",), First(("day",)), {"first_day": "day"}),
        method="Every principal in address_days with the earliest day there.",
        columns=(
            Column("address", "text", "principal"),
            Column("first_day", "date", "UTC day on which it first took part"),
        ),
        key=("address",),
    ),
    Table(
        name="daily_activity",
        title="Active accounts and contracts per day",
        group=Group.NETWORK,
        headline="active_accounts",
        kind=Kind.FACT,
        transform=activity.daily_activity,
        reads={"blocks": (), "txs": ("type_id", *PRINCIPALS_OF_TXS), **PARTIES},
        method="Principals of address_days by kind, distinct senders, and distinct contracts called directly.",
        columns=(*ACTIVITY_COLUMNS, replace(CONTRACTS_CALLED, null=BUILT_BEFORE)),
        warnings=(CALLS,),
    ),
    Table(
        name="daily_addresses",
        title="Active, new and total accounts per day",
        group=Group.NETWORK,
        headline="active_accounts",
        kind=Kind.FIGURE,
        transform=activity.daily_addresses,
        inputs={"activity": inputs.ACTIVITY, "accounts": inputs.ACCOUNTS},
        cumulative=("new_accounts", "total_accounts"),
        method="The day's active accounts, the accounts first seen on it, and all accounts seen so far.",
        columns=(
            *ACTIVITY_COLUMNS,
            Column("new_accounts", "bigint", "accounts first seen on the day", null="if history is missing"),
            Column("total_accounts", "bigint", "accounts ever seen, up to the day", null="if history is missing"),
        ),
    ),
)

OBJECTS = (
    PublicObject(
        name="daily_txs",
        title="Transactions per day",
        group=Group.NETWORK,
        headline="loaded_days.tx_count",
        path=paths.DAILY_TXS,
        method="Canonical transactions per day.",
        **daily_series("loaded_days", "tx_count", "canonical transactions of the day", "transactions"),
    ),
    PublicObject(
        name="addx_growth",
        title="Accounts ever seen",
        group=Group.NETWORK,
        headline="daily_addresses.total_accounts",
        path=paths.ADDX_GROWTH,
        method="Accounts ever seen, cumulative.",
        **daily_series(
            "daily_addresses", "total_accounts", "accounts ever seen, up to the day", "accounts", null=NOT_KNOWN
        ),
        warnings=(PAST,),
    ),
    PublicObject(
        name="addx_dailyactive",
        title="Active accounts per day",
        group=Group.NETWORK,
        headline="daily_addresses.active_accounts",
        path=paths.ADDX_DAILYACTIVE,
        method="Accounts that took part in a canonical transaction of the day.",
        **daily_series(
            "daily_addresses", "active_accounts", "accounts that took part in a transaction of the day", "accounts"
        ),
    ),
)
