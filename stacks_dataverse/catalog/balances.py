"""STX: who holds them, and how many there are. Amounts are µSTX unless a name says otherwise."""

from stacks_dataverse.catalog.fields import DAY, PAST_ROWS
from stacks_dataverse.caveats import of_rows
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day import inputs, states
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import balances

TABLES = (
    Table(
        name="matured_rewards",
        title="Block rewards that matured",
        group=Group.MINING,
        kind=Kind.FACT,
        transform=balances.matured_rewards,
        reads={
            "miner_rewards": (
                "from_index_block_hash",
                "mature_block_height",
                "recipient",
                "miner_address",
                "coinbase_amount",
                "tx_fees_anchored",
                "tx_fees_streamed_confirmed",
                "tx_fees_streamed_produced",
            ),
        },
        method="Miner rewards on the day of the block in which they matured.",
        columns=(
            DAY,
            Column("mature_block_height", "integer", "height of the block in which it matured"),
            Column("from_index_block_hash", "text", "the block that earned it, hex with 0x"),
            Column("recipient", "text", "who was paid"),
            Column("miner_address", "text", "the miner; the recipient if the API does not name one"),
            Column("coinbase_ustx", "bigint", "new STX", unit="µSTX"),
            Column("tx_fees_anchored_ustx", "bigint", "fees of anchored transactions", unit="µSTX"),
            Column(
                "tx_fees_streamed_confirmed_ustx", "bigint", "fees of microblocks that the block confirmed", unit="µSTX"
            ),
            Column(
                "tx_fees_streamed_produced_ustx",
                "bigint",
                "fees of microblocks that the miner produced; since Nakamoto those of the parent tenure",
                unit="µSTX",
            ),
        ),
        key=("day", "mature_block_height", "from_index_block_hash", "recipient", "miner_address"),
    ),
    Table(
        name="stx_balance_changes",
        title="Change of each account's STX balance per day",
        group=Group.BALANCES,
        kind=Kind.FACT,
        transform=balances.stx_balance_changes,
        reads={
            "txs": ("fee_rate", "sender_address", "sponsored", "sponsor_address"),
            "stx_events": ("amount", "sender", "recipient"),
            "miner_rewards": (
                "recipient",
                "coinbase_amount",
                "tx_fees_anchored",
                "tx_fees_streamed_confirmed",
                "tx_fees_streamed_produced",
            ),
        },
        method="Events in − out − fees paid (by the sponsor if sponsored) + the four parts of matured rewards.",
        columns=(
            DAY,
            Column("address", "text", "principal"),
            Column("change_ustx", "bigint", "µSTX; zero if movements cancel out"),
        ),
        key=("day", "address"),
    ),
    Table(
        name="stx_balances",
        title="Current STX balance of every account",
        group=Group.BALANCES,
        kind=Kind.STATE,
        running_state=states.STX_BALANCES,
        method="Sum of stx_balance_changes over all built days.",
        columns=(
            Column("address", "text", "principal"),
            Column("balance_ustx", "bigint", "sum of all changes", unit="µSTX"),
        ),
        key=("address",),
        warnings=("Negative in a warehouse that does not start at the first block.",),
    ),
    Table(
        name="stx_supply_changes",
        title="STX minted and burned per day",
        group=Group.BALANCES,
        headline="coinbase_ustx",
        kind=Kind.FACT,
        transform=balances.stx_supply_changes,
        reads={
            "stx_events": ("asset_event_type_id", "amount"),
            "miner_rewards": ("coinbase_amount",),
        },
        method="STX minted and burned by events, and the coinbase of matured rewards.",
        columns=(
            DAY,
            Column("minted_ustx", "bigint", "minted by events", unit="µSTX"),
            Column("burned_ustx", "bigint", "burned by events", unit="µSTX"),
            Column("coinbase_ustx", "bigint", "coinbase of matured rewards", unit="µSTX"),
        ),
    ),
    Table(
        name="daily_balances",
        title="STX holders, whales, Gini index and supply per day",
        group=Group.BALANCES,
        headline="holders",
        kind=Kind.FIGURE,
        transform=balances.daily_balances,
        end_of_day_states=(states.BALANCES,),
        inputs={"supply": inputs.SUPPLY},
        cumulative=("holders", "whales", "whale_balance_ustx", "median_balance_ustx", "gini", "supply_ustx"),
        method="Over accounts with a positive balance at the end of the day. A whale has 10,000 STX or more. "
        "Supply = mints − burns + matured coinbase up to the day.",
        columns=(
            DAY,
            Column("holders", "bigint", "accounts", null="if history is missing"),
            Column("whales", "bigint", "accounts with 10,000 STX or more", null="if history is missing"),
            Column("whale_balance_ustx", "bigint", "what whales hold", unit="µSTX", null="if history is missing"),
            Column(
                "median_balance_ustx",
                "double precision",
                "median balance of the holders",
                unit="µSTX",
                null="without holders, and null if history is missing",
            ),
            Column("gini", "double precision", "0 = all equal", null="without holders, and null if history is missing"),
            Column("supply_ustx", "bigint", "supply", unit="µSTX", null="if history is missing"),
        ),
    ),
    Table(
        name="daily_balance_totals",
        title="Sum of all STX balances and fees per day",
        group=Group.BALANCES,
        headline="balances_ustx",
        kind=Kind.FIGURE,
        transform=balances.daily_balance_totals,
        end_of_day_states=(states.BALANCES,),
        inputs={"fees": inputs.FEES},
        cumulative=("balances_ustx", "fees_paid_ustx", "matured_fees_ustx"),
        method="Sum of all balances at the end of the day, of accounts and contracts, and the fees up to it.",
        columns=(
            DAY,
            Column(
                "balances_ustx",
                "bigint",
                "sum of all balances, including negative ones",
                unit="µSTX",
                null="if history is missing",
            ),
            Column(
                "fees_paid_ustx",
                "bigint",
                "fees of all transactions up to the day",
                unit="µSTX",
                null="if history is missing",
            ),
            Column(
                "matured_fees_ustx",
                "bigint",
                "fees in all rewards that matured up to the day",
                unit="µSTX",
                null="if history is missing",
            ),
        ),
    ),
    Table(
        name="daily_balance_histogram",
        title="Number of large STX accounts by balance and day",
        group=Group.BALANCES,
        kind=Kind.FIGURE,
        transform=balances.daily_balance_histogram,
        end_of_day_states=(states.BALANCES,),
        method="Accounts with 10,000 STX or more by balance at the end of the day, in bins of 500 STX; the bin of "
        "10,000,000 has no upper limit. Accounts below 10,000 STX are not included.",
        cumulative=EVERY_ROW,
        columns=(
            DAY,
            Column("from_stx", "integer", "lower edge of the bin", unit="STX"),
            Column("holders", "bigint", "accounts in it"),
        ),
        key=("day", "from_stx"),
        warnings=(of_rows("A bin without accounts has no row."), PAST_ROWS),
    ),
    Table(
        name="whale_historical_stx_balances",
        title="Accounts with 10,000 STX or more, per day",
        group=Group.BALANCES,
        kind=Kind.FIGURE,
        transform=balances.whale_historical_stx_balances,
        end_of_day_states=(states.BALANCES,),
        day_key="timestamp",
        cumulative=EVERY_ROW,
        method="Accounts with 10,000 STX or more at the end of the day.",
        columns=(
            Column("timestamp", "bigint", "unix seconds of the day's UTC midnight"),
            Column("whale_address", "text", "account"),
            Column("balance", "double precision", "balance", unit="STX"),
        ),
        key=("timestamp", "whale_address"),
        warnings=(PAST_ROWS,),
    ),
)
