"""STX in and out of every principal, and the balances at the end of a day."""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import hex0x

# uSTX in an STX, and the lower bound of a whale's balance.
USTX = 1_000_000
WHALE_STX = 10_000

# What accounts hold: a contract's principal has a dot.
HOLDINGS = "SELECT * FROM balances WHERE balance_ustx > 0 AND NOT contains(address, '.')"

# The bins of `wallet_balances`, as its public key has them.
HISTOGRAM_BIN_STX = 500
HISTOGRAM_FIRST_STX = 10_000
HISTOGRAM_LAST_STX = 10_000_000


def stx_balance_changes(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """What the day added to each principal's balance, in µSTX.

    Events in − events out − fees paid (by the sponsor, if sponsored) + the four parts of miner rewards that
    matured on the day. A principal whose movements cancel out has a row of zero.

    Reads: txs, stx_events, miner_rewards.
    Columns: address, change_ustx.
    """
    return day.sql("""
        SELECT address, sum(change)::BIGINT AS change_ustx FROM (
            SELECT recipient AS address, amount AS change FROM stx_events
            UNION ALL
            SELECT sender, -amount FROM stx_events
            UNION ALL
            SELECT CASE WHEN sponsored THEN sponsor_address ELSE sender_address END, -fee_rate FROM txs
            UNION ALL
            SELECT recipient, coinbase_amount + tx_fees_anchored + tx_fees_streamed_confirmed
                              + tx_fees_streamed_produced
            FROM miner_rewards
        )
        WHERE address IS NOT NULL
        GROUP BY address
        ORDER BY address
    """).to_arrow_table()


def stx_supply_changes(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """What the day added to the supply, in µSTX: minted, burned, and coinbase that matured.

    Reads: stx_events, miner_rewards.
    Columns: minted_ustx, burned_ustx, coinbase_ustx.
    """
    return day.sql("""
        SELECT COALESCE(sum(amount) FILTER (asset_event_type_id = 2), 0)::BIGINT AS minted_ustx,
               COALESCE(sum(amount) FILTER (asset_event_type_id = 3), 0)::BIGINT AS burned_ustx,
               (SELECT COALESCE(sum(coinbase_amount), 0) FROM miner_rewards)::BIGINT AS coinbase_ustx
        FROM stx_events
    """).to_arrow_table()


def matured_rewards(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Miner rewards that became spendable on the day, in µSTX, by the block that earned them.

    Reads: miner_rewards.
    Columns: mature_block_height, from_index_block_hash, recipient, miner_address, coinbase_ustx,
        tx_fees_anchored_ustx, tx_fees_streamed_confirmed_ustx, tx_fees_streamed_produced_ustx.
    """
    return day.sql(f"""
        SELECT mature_block_height,
               {hex0x("from_index_block_hash")} AS from_index_block_hash,
               recipient,
               COALESCE(miner_address, recipient) AS miner_address,
               sum(coinbase_amount)::BIGINT AS coinbase_ustx,
               sum(tx_fees_anchored)::BIGINT AS tx_fees_anchored_ustx,
               sum(tx_fees_streamed_confirmed)::BIGINT AS tx_fees_streamed_confirmed_ustx,
               sum(tx_fees_streamed_produced)::BIGINT AS tx_fees_streamed_produced_ustx
        FROM miner_rewards
        GROUP BY ALL
        ORDER BY ALL
    """).to_arrow_table()


def daily_balances(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Holders, whales, median and Gini coefficient over accounts with a positive balance, and the supply.

    Gini: 2·Σ(rank·balance) / (n·Σ balance) − (n + 1) / n, ranks from 1 by ascending balance (the usual
    discrete form; 0 = all equal). Median and Gini are null while no account holds STX.

    Reads: balances, supply.
    Columns: holders, whales, whale_balance_ustx, median_balance_ustx, gini, supply_ustx.
    """
    return state.sql(f"""
        WITH ranked AS (
            SELECT balance_ustx, row_number() OVER (ORDER BY balance_ustx) AS rank FROM ({HOLDINGS})
        )
        SELECT count(*) AS holders,
               count(*) FILTER (balance_ustx >= {WHALE_STX * USTX}) AS whales,
               COALESCE(sum(balance_ustx) FILTER (balance_ustx >= {WHALE_STX * USTX}), 0)::BIGINT
                   AS whale_balance_ustx,
               median(balance_ustx)::DOUBLE AS median_balance_ustx,
               2.0 * sum(rank::HUGEINT * balance_ustx) / (count(*) * sum(balance_ustx)::DOUBLE)
                   - (count(*) + 1.0) / count(*) AS gini,
               (SELECT supply_ustx FROM supply) AS supply_ustx
        FROM ranked
    """).to_arrow_table()


def daily_balance_totals(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """What all balances come to, and the fees paid and paid out up to the day, in µSTX.

    Reads: balances, fees.
    Columns: balances_ustx, fees_paid_ustx, matured_fees_ustx.
    """
    return state.sql("""
        SELECT (SELECT COALESCE(sum(balance_ustx), 0) FROM balances)::BIGINT AS balances_ustx, * FROM fees
    """).to_arrow_table()


def daily_balance_histogram(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Accounts by balance, in bins of 500 STX from 10,000 STX; the bin of 10,000,000 STX has no upper end.

    Reads: balances.
    Columns: from_stx, holders.
    """
    return state.sql(f"""
        SELECT least(balance_ustx // {HISTOGRAM_BIN_STX * USTX} * {HISTOGRAM_BIN_STX},
                     {HISTOGRAM_LAST_STX})::INTEGER AS from_stx,
               count(*) AS holders
        FROM ({HOLDINGS})
        WHERE balance_ustx >= {HISTOGRAM_FIRST_STX * USTX}
        GROUP BY ALL
        ORDER BY from_stx
    """).to_arrow_table()


def whale_historical_stx_balances(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Accounts with 10,000 STX or more, and their balance in STX.

    Reads: balances.
    Columns: whale_address, balance.
    """
    return state.sql(f"""
        SELECT address AS whale_address, balance_ustx / {USTX} AS balance
        FROM ({HOLDINGS})
        WHERE balance_ustx >= {WHALE_STX * USTX}
        ORDER BY balance DESC, address
    """).to_arrow_table()
