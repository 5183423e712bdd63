"""STX: who holds them, and how many there are. Amounts are µSTX unless a name says otherwise."""

from stacks_dataverse import paths
from stacks_dataverse.catalog import lookups
from stacks_dataverse.catalog.fields import DAY, PAST, PAST_ROWS, UNKNOWN, each_day, series_of
from stacks_dataverse.dataset import EVERY_ROW, Kind, PublicObject, Table
from stacks_dataverse.runners import build, figures, publish
from stacks_dataverse.units import STX

TABLES = (
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
        inputs={"supply": lookups.SUPPLY},
        cumulative=("holders", "whales", "whale_balance_ustx", "median_balance_ustx", "gini", "supply_ustx"),
        method="Over accounts with a positive balance at the end of the day; a whale holds 10,000 STX or more; "
        "supply = mints − burns + matured coinbase up to the day.",
        fields=DAY
        | {
            "holders": f"accounts; {UNKNOWN}",
            "whales": f"accounts with 10,000 STX or more; {UNKNOWN}",
            "whale_balance_ustx": f"what whales hold, µSTX; {UNKNOWN}",
            "median_balance_ustx": f"µSTX; null without holders, and {UNKNOWN}",
            "gini": f"0 = all equal; null without holders, and {UNKNOWN}",
            "supply_ustx": f"µSTX; {UNKNOWN}",
        },
    ),
    Table(
        name="daily_balance_totals",
        kind=Kind.FIGURE,
        subject="balances",
        runner=figures.due_days,
        inputs={"fees": lookups.FEES},
        cumulative=("balances_ustx", "fees_paid_ustx", "matured_fees_ustx"),
        method="What all balances come to at the end of the day, of accounts and contracts, and the fees up to it.",
        fields=DAY
        | {
            "balances_ustx": f"sum of every balance, negative ones too, µSTX; {UNKNOWN}",
            "fees_paid_ustx": f"fees of all transactions up to the day, µSTX; {UNKNOWN}",
            "matured_fees_ustx": f"fees in all rewards that matured up to the day, µSTX; {UNKNOWN}",
        },
    ),
    Table(
        name="daily_balance_histogram",
        kind=Kind.FIGURE,
        subject="balances",
        runner=figures.due_days,
        method="Accounts by balance at the end of the day, in bins of 500 STX from 10,000; that of 10,000,000 is open.",
        cumulative=EVERY_ROW,
        fields=DAY | {"from_stx": "lower edge of the bin, STX", "holders": "accounts in it"},
        warnings=("A bin without accounts has no row.", PAST_ROWS),
    ),
    Table(
        name="whale_historical_stx_balances",
        kind=Kind.FIGURE,
        subject="balances",
        day_key="timestamp",
        runner=figures.due_days,
        cumulative=EVERY_ROW,
        method="Accounts with 10,000 STX or more at the end of the day.",
        fields={
            "timestamp": "unix seconds of the day's UTC midnight",
            "whale_address": "account",
            "balance": "STX",
        },
        warnings=(PAST_ROWS,),
    ),
)

OBJECTS = (
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
        fields={"whale_balances.<position>": STX("STX"), "nonzero_bals": "accounts with a positive balance"},
        runner=publish.written,
        warnings=(PAST,),
    ),
    PublicObject(
        name="wallet_balances",
        path=paths.WALLET_BALANCES,
        shape="wallet_balances",
        rows="""
            SELECT bin.from_stx, bin.holders, daily.holders IS NOT NULL AS is_known
            FROM daily_balances AS daily LEFT JOIN daily_balance_histogram AS bin USING (day)
            WHERE day = {day} ORDER BY bin.from_stx
        """,
        method="Accounts by balance at the end of the day, bins of 500 STX labelled by their lower edge.",
        fields={"<lower edge of the bin, STX>": "accounts"},
        runner=publish.written,
        warnings=(PAST,),
    ),
    PublicObject(
        name="wallet_balances_nonzero",
        path=paths.WALLET_BALANCES_NONZERO,
        shape="series",
        rows=each_day("daily_balances", "holders"),
        method="Accounts with a positive balance at the end of the day.",
        fields=series_of("accounts"),
        runner=publish.written,
        warnings=(PAST,),
        dated=False,
    ),
)
