"""Non-fungible tokens: their moves and sales of a day, and who holds them at its end."""

import duckdb
import pyarrow as pa

from stacks_dataverse import clarity

KINDS = {1: "transfer", 2: "mint", 3: "burn"}


def nft_moves(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every mint, transfer and burn of a token, in the order in which they happened.

    `token_value` is the token's id as Clarity serialises it; `sender` is null for a mint, `recipient` for a burn.
    """
    kinds = " ".join(f"WHEN {code} THEN '{word}'" for code, word in KINDS.items())
    return day.sql(f"""
        SELECT block_height, microblock_sequence, tx_index, event_index, '0x' || lower(hex(tx_id)) AS tx_id,
               asset_identifier, value AS token_value, CASE asset_event_type_id {kinds} END AS kind,
               sender, recipient
        FROM nft_events
        JOIN blocks USING (index_block_hash)
        ORDER BY block_height, microblock_sequence, tx_index, event_index
    """).to_arrow_table()


def nft_sales(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Tokens bought, with their price in µSTX; `token_id` is the id in Clarity's notation.

    A sale is a successful contract call in which someone finally receives a token by transfers and sends STX.
    The buyer's STX are shared equally by the tokens bought so, what is left over goes to the first. The seller
    is who sent the token first in that transaction.
    """
    sales = day.sql(f"""
        SELECT block_height, tx_id, asset_identifier, token_value, seller, buyer, price_ustx
        FROM {_receipts(day)} WHERE NOT is_minted
        ORDER BY tx_id, received_at
    """).to_arrow_table()
    ids = [_token_id(value) for value in sales["token_value"].to_pylist()]
    return sales.append_column("token_id", pa.array(ids, pa.string()))


def daily_nft_activity(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Mints, burns, transfers, sales and paid mints of each collection; amounts in µSTX.

    A mint is paid when its receiver sends STX in the same contract call and buys no token by it.
    """
    return day.sql(f"""
        WITH moved AS (
            SELECT asset_identifier,
                   count(*) FILTER (asset_event_type_id = 2) AS mints,
                   count(*) FILTER (asset_event_type_id = 3) AS burns,
                   count(*) FILTER (asset_event_type_id = 1) AS transfers
            FROM nft_events GROUP BY asset_identifier
        ), priced AS (
            SELECT asset_identifier,
                   count(*) FILTER (NOT is_minted) AS sales,
                   sum(price_ustx) FILTER (NOT is_minted) AS sales_ustx,
                   count(*) FILTER (is_minted) AS paid_mints,
                   sum(price_ustx) FILTER (is_minted) AS mint_ustx
            FROM {_receipts(day)} GROUP BY asset_identifier
        )
        SELECT moved.*, COALESCE(sales, 0) AS sales, COALESCE(sales_ustx, 0)::BIGINT AS sales_ustx,
               COALESCE(paid_mints, 0) AS paid_mints, COALESCE(mint_ustx, 0)::BIGINT AS mint_ustx
        FROM moved LEFT JOIN priced USING (asset_identifier)
        ORDER BY asset_identifier
    """).to_arrow_table()


def nft_holdings(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """How many tokens of a collection an owner holds, for every owner whose tokens the day changed."""
    return state.sql(f"""
        SELECT asset_identifier, owner, tokens FROM {_changed_holdings(state)} ORDER BY asset_identifier, owner
    """).to_arrow_table()


def daily_nfts(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """The day's activity in each collection that moved, with its holders at the end of the day."""
    return state.sql(f"""
        SELECT nft_activity.* EXCLUDE (holders_before),
               COALESCE(holders_before, 0) + COALESCE(gained, 0) AS holders
        FROM nft_activity
        LEFT JOIN (
            SELECT asset_identifier,
                   (count(*) FILTER (tokens > 0) - count(*) FILTER (tokens_before > 0)) AS gained
            FROM {_changed_holdings(state)} GROUP BY asset_identifier
        ) USING (asset_identifier)
        ORDER BY asset_identifier
    """).to_arrow_table()


def daily_nft_totals(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Tokens that have an owner at the end of the day, and the day's sales, in µSTX."""
    return state.sql("""
        SELECT (SELECT COALESCE(sum(tokens), 0) FROM nft_tokens_before)::BIGINT
                   + (SELECT count(owner) - count(owner_before) FROM nft_tokens_moved) AS tokens,
               COALESCE(sum(mints), 0)::BIGINT AS mints,
               COALESCE(sum(burns), 0)::BIGINT AS burns,
               COALESCE(sum(sales), 0)::BIGINT AS sales,
               COALESCE(sum(sales_ustx), 0)::BIGINT AS sales_ustx
        FROM nft_activity
    """).to_arrow_table()


def _receipts(day: duckdb.DuckDBPyConnection) -> str:
    """Tokens finally received, in a successful contract call, by someone who sent STX in it; with their prices."""
    day.execute("""
        CREATE TEMP TABLE IF NOT EXISTS receipts AS
        WITH tokens AS (
            SELECT tx_id, any_value(block_height) AS block_height, asset_identifier, value AS token_value,
                   arg_min_null(nft_events.sender, event_index) AS seller,
                   arg_max_null(nft_events.recipient, event_index) AS buyer,
                   bool_or(asset_event_type_id = 2) AS is_minted, max(event_index) AS received_at
            FROM nft_events JOIN txs USING (tx_id, index_block_hash) JOIN blocks USING (index_block_hash)
            WHERE txs.type_id = 2 AND txs.status = 1
            GROUP BY tx_id, asset_identifier, value
        ), paid AS (
            SELECT tx_id, sender AS buyer, sum(amount)::BIGINT AS paid_ustx
            FROM stx_events WHERE asset_event_type_id = 1 AND sender <> recipient
            GROUP BY tx_id, sender
        ), received AS (
            SELECT * FROM tokens JOIN paid USING (tx_id, buyer)
            WHERE paid_ustx > 0 AND seller IS DISTINCT FROM buyer
            QUALIFY is_minted = bool_and(is_minted) OVER (PARTITION BY tx_id, buyer)
        )
        SELECT block_height, '0x' || lower(hex(tx_id)) AS tx_id, asset_identifier, token_value, seller, buyer,
               is_minted, received_at,
               paid_ustx // count(*) OVER receipt
                   + CASE WHEN row_number() OVER (receipt ORDER BY received_at) = 1
                          THEN paid_ustx % count(*) OVER receipt ELSE 0 END AS price_ustx
        FROM received
        WINDOW receipt AS (PARTITION BY tx_id, buyer)
    """)
    return "receipts"


def _changed_holdings(state: duckdb.DuckDBPyConnection) -> str:
    """Owners whose tokens of a collection changed on the day, before it and at its end."""
    state.execute("""
        CREATE OR REPLACE TEMP VIEW changed_holdings AS
        SELECT asset_identifier, owner, any_value(held) AS tokens_before,
               any_value(held) + sum(change)::BIGINT AS tokens
        FROM (
            SELECT asset_identifier, owner_before AS owner, COALESCE(owner_before_held, 0) AS held, -1 AS change
            FROM nft_tokens_moved WHERE owner_before IS NOT NULL
            UNION ALL
            SELECT asset_identifier, owner, COALESCE(owner_held, 0), 1
            FROM nft_tokens_moved WHERE owner IS NOT NULL
        )
        GROUP BY asset_identifier, owner
        HAVING sum(change) <> 0
    """)
    return "changed_holdings"


def _token_id(value: bytes) -> str | None:
    try:
        return clarity.to_text(clarity.decode(value))
    except clarity.ClarityError:
        return None
