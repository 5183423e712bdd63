"""The warehouse tables. Amounts are µSTX unless a name says otherwise; days are UTC."""

from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.runners import build, check, figures

DAY = {"day": "UTC day"}

LOADING_FIELDS = DAY | {
    "first_block_height": "lowest canonical height of the day; null without blocks",
    "last_block_height": "highest canonical height of the day; null without blocks",
    "block_count": "canonical blocks",
    "tx_count": "canonical transactions",
    "blocks_digest": "md5 of the canonical index block hashes, as lower-case hex, by height, joined with commas",
    "settled": "whether the tip had left the day behind by the margin when it was landed",
    "landed_at": "when the manifest was written",
    "built_at": "when the facts were written",
}

ACTIVITY_FIELDS = DAY | {
    "active_accounts": "accounts that took part in a canonical transaction of the day",
    "active_contracts": "contracts that took part",
    "initiators": "distinct senders of transactions other than coinbase and tenure change",
}

TABLES = (
    Table(
        name="built_days",
        kind=Kind.LOADING,
        runner=build.day,
        method="One row per built day; the work that a changed day leaves to figures and publishing.",
        fields=LOADING_FIELDS
        | {
            "facts_digest": "checksum over the rows of every fact and ledger of the day",
            "figures_due": "whether the end-of-day figures must be made again",
            "revision": "grows whenever the day's content changes",
            "published_revision": "the revision that was last published",
        },
    ),
    Table(
        name="loaded_days",
        kind=Kind.LOADING,
        runner=check.day,
        method="One row per day whose present content passed its checks; written last.",
        fields=LOADING_FIELDS,
    ),
    Table(
        name="quality_checks",
        kind=Kind.LOADING,
        runner=check.day,
        method="Every check ever run.",
        fields={"checked_at": "when"}
        | DAY
        | {
            "name": "what was compared",
            "passed": "whether expected and actual are equal",
            "expected": "what the figure must be",
            "actual": "what it is",
        },
    ),
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
        method="The day's activity beside the accounts first seen on it and up to it.",
        fields=ACTIVITY_FIELDS
        | {"new_accounts": "accounts first seen on the day", "total_accounts": "accounts ever seen, up to the day"},
    ),
    Table(
        name="matured_rewards",
        kind=Kind.FACT,
        subject="balances",
        runner=build.day,
        method="Miner rewards on the day of the block that made them spendable.",
        fields=DAY
        | {
            "mature_block_height": "height of the block that made it spendable",
            "from_index_block_hash": "the block that earned it, hex with 0x",
            "recipient": "who was paid",
            "miner_address": "who mined; the recipient where the API does not say",
            "coinbase_ustx": "new STX, µSTX",
            "tx_fees_anchored_ustx": "µSTX",
            "tx_fees_streamed_confirmed_ustx": "µSTX",
            "tx_fees_streamed_produced_ustx": "µSTX",
        },
    ),
    Table(
        name="stx_balance_changes",
        kind=Kind.FACT,
        subject="balances",
        state="stx_balances",
        runner=build.day,
        method="Events in − out − fees paid (by the sponsor if sponsored) + the four parts of matured rewards.",
        fields=DAY | {"address": "principal", "change_ustx": "µSTX; zero where movements cancel out"},
    ),
    Table(
        name="stx_balances",
        kind=Kind.STATE,
        runner=build.day,
        method="Sum of stx_balance_changes over all built days.",
        fields={"address": "principal", "balance_ustx": "µSTX"},
        warnings=("Negative in a warehouse that does not reach back to the first block.",),
    ),
    Table(
        name="stx_supply_changes",
        kind=Kind.FACT,
        subject="balances",
        runner=build.day,
        method="STX minted and burned by events, and the coinbase of matured rewards.",
        fields=DAY | {"minted_ustx": "µSTX", "burned_ustx": "µSTX", "coinbase_ustx": "µSTX"},
    ),
    Table(
        name="daily_balances",
        kind=Kind.FIGURE,
        subject="balances",
        runner=figures.due_days,
        method="Over accounts with a positive balance at the end of the day; a whale holds 10,000 STX or more; "
        "supply = mints − burns + matured coinbase up to the day.",
        fields=DAY
        | {
            "holders": "accounts",
            "whales": "accounts with 10,000 STX or more",
            "whale_balance_ustx": "what whales hold, µSTX",
            "median_balance_ustx": "µSTX; null without holders",
            "gini": "0 = all equal; null without holders",
            "supply_ustx": "µSTX",
        },
    ),
    Table(
        name="daily_balance_histogram",
        kind=Kind.FIGURE,
        subject="balances",
        runner=figures.due_days,
        method="Accounts by balance at the end of the day, in bins of 500 STX from 10,000; that of 10,000,000 is open.",
        fields=DAY | {"from_stx": "lower edge of the bin, STX", "holders": "accounts in it"},
        warnings=("A bin without accounts has no row.",),
    ),
    Table(
        name="whale_historical_stx_balances",
        kind=Kind.FIGURE,
        subject="balances",
        day_key="timestamp",
        runner=figures.due_days,
        method="Accounts with 10,000 STX or more at the end of the day.",
        fields={
            "timestamp": "unix seconds of the day's UTC midnight",
            "whale_address": "account",
            "balance": "STX",
        },
    ),
)
