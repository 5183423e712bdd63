"""The network by hour and by day, up to the tip: transactions, fees, and who took part."""

from dataclasses import replace

from stacks_dataverse.catalog.activity import (
    ACTIVITY_COLUMNS,
    BUILT_BEFORE,
    CALLS,
    CONTRACTS_CALLED,
    PRINCIPALS_OF_TXS,
)
from stacks_dataverse.catalog.activity import PARTIES as EVENT_PARTIES
from stacks_dataverse.catalog.fields import DAY, PAST
from stacks_dataverse.catalog.tip import GAP
from stacks_dataverse.catalog.v1 import LAST_90_DAYS, NOT_LOADED, rows_object, series_object
from stacks_dataverse.caveats import of_rows
from stacks_dataverse.dataset import Column, Kind, Schedule, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.labels import Group
from stacks_dataverse.queries.network_activity import HOURS, OTHER_TYPES
from stacks_dataverse.transformers import activity

HOUR = Column("hour_at", "timestamptz", "beginning of the UTC hour")
BLOCK_COUNT = Column("block_count", "bigint", "canonical blocks")
NEW_ACCOUNTS = Column("new_accounts", "bigint", "accounts first seen then", null="if history is missing")
TX_COLUMNS = (
    Column("tx_type", "text", "as named by the Stacks API"),
    Column("tx_status", "text", "success, abort_by_response, abort_by_post_condition, problematic_skipped"),
    Column("tx_count", "bigint", "transactions"),
    Column("fee_ustx", "bigint", "fees they paid", unit="µSTX"),
)
PARTIES_OF_THE_HOUR = (
    Column("active_accounts", "bigint", "accounts that took part in a canonical transaction of the hour"),
    *ACTIVITY_COLUMNS[2:],
    CONTRACTS_CALLED,
)
COUNTS = (
    Column("tx_count", "bigint", "canonical transactions"),
    Column("token_transfers", "bigint", "of them, transfers of STX"),
    Column("contract_calls", "bigint", "of them, contract calls"),
    Column("smart_contracts", "bigint", "of them, deployments"),
    Column("other_txs", "bigint", f"of them, all others: {OTHER_TYPES}"),
    Column("aborted_by_response", "bigint", "of all, those that their contract aborted"),
    Column("aborted_by_post_condition", "bigint", "of all, those that a post-condition aborted"),
    Column("problematic_skipped", "bigint", "of all, those mined as problematic and skipped"),
    Column("fee_ustx", "bigint", "fees paid, by failed transactions too", unit="µSTX"),
)
NOT_ADDITIVE = (
    "Accounts, contracts and initiators of an hour are distinct in it, and do not add up to those of a day; "
    "transactions, fees, blocks and new accounts do."
)
TIME_OF_BLOCKS = "The hour of a transaction is that of its block's time."

TABLES = (
    Table(
        name="hourly_transactions",
        title="Transactions by type and status per hour",
        group=Group.NETWORK,
        kind=Kind.FACT,
        transform=activity.hourly_transactions,
        reads={"blocks": (), "txs": ("type_id", "status", "fee_rate")},
        method="Canonical transactions by hour, type and status, as named by the Stacks API. " + TIME_OF_BLOCKS,
        columns=(DAY, HOUR, *TX_COLUMNS),
        key=("day", "hour_at", "tx_type", "tx_status"),
        warnings=(of_rows("An hour without a transaction of a type and status has no row of them."),),
    ),
    Table(
        name="hourly_activity",
        title="Blocks, accounts and contracts per hour",
        group=Group.NETWORK,
        kind=Kind.FACT,
        transform=activity.hourly_activity,
        reads={"blocks": (), "txs": ("type_id", *PRINCIPALS_OF_TXS), **EVENT_PARTIES},
        method="Blocks of each hour, and who took part in its transactions, as in daily_activity. " + TIME_OF_BLOCKS,
        columns=(DAY, HOUR, BLOCK_COUNT, *PARTIES_OF_THE_HOUR),
        key=("day", "hour_at"),
        warnings=(of_rows("An hour without a block has no row."), NOT_ADDITIVE, CALLS),
    ),
    Table(
        name="hourly_new_accounts",
        title="New accounts by hour",
        group=Group.NETWORK,
        kind=Kind.FIGURE,
        transform=activity.hourly_new_accounts,
        inputs={"hourly_accounts": inputs.HOURLY_ACCOUNTS},
        cumulative=("new_accounts",),
        method="Accounts by the hour in which they first took part in a canonical transaction.",
        columns=(DAY, HOUR, NEW_ACCOUNTS),
        key=("day", "hour_at"),
        warnings=(of_rows("An hour without a block has no row."),),
    ),
    Table(
        name="daily_network_activity",
        title="Transactions, fees and participants per day",
        group=Group.NETWORK,
        headline="tx_count",
        kind=Kind.FIGURE,
        transform=activity.daily_network_activity,
        inputs={"network": inputs.NETWORK, "accounts": inputs.ACCOUNTS},
        cumulative=("new_accounts", "total_accounts"),
        method="Canonical transactions of each UTC day by type and by status, their fees, and who took part.",
        columns=(
            DAY,
            BLOCK_COUNT,
            *COUNTS,
            *ACTIVITY_COLUMNS[1:],
            replace(CONTRACTS_CALLED, null=BUILT_BEFORE),
            NEW_ACCOUNTS,
            Column("total_accounts", "bigint", "accounts ever seen, up to the day", null="if history is missing"),
        ),
        warnings=(CALLS,),
    ),
)

OBJECTS = (
    series_object(TABLES[-1], "network_activity", title="Transactions, fees and accounts per day", warnings=(PAST,)),
    rows_object(
        "transactions_by_type",
        (DAY, *TX_COLUMNS),
        f"""
            SELECT day, tx_type, tx_status, tx_count, fee_ustx FROM daily_transactions
            WHERE {LAST_90_DAYS}
            ORDER BY day, tx_type COLLATE "C", tx_status COLLATE "C"
        """,
        "Canonical transactions of the last 90 days by type and status together, as in daily_transactions.",
        title="Transactions per day, split by type and status",
        group=Group.NETWORK,
        warnings=(NOT_LOADED,),
    ),
    rows_object(
        "network_activity_hours",
        (
            HOUR,
            Column(
                "is_provisional",
                "boolean",
                "whether its day is not loaded, or was not final as it landed",
            ),
            BLOCK_COUNT,
            *COUNTS,
            *PARTIES_OF_THE_HOUR,
            NEW_ACCOUNTS,
        ),
        HOURS,
        "The last 720 hours up to the tip's, with zeros for hours without a block. Hours of days that are not loaded "
        "yet come from the tip snapshot and are provisional, until their day is built and settled; the tip's own hour "
        "is not over. Hours before the first loaded day, and of days that are missing, have no row.",
        title="Transactions, fees and accounts per hour",
        group=Group.NETWORK,
        schedule=Schedule.HALF_HOURLY,
        warnings=(NOT_ADDITIVE, CALLS, GAP),
    ),
)
