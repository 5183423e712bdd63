"""Non-fungible tokens: their moves and sales of a day, and who holds them at its end."""

import duckdb
import pyarrow as pa

from stacks_dataverse import clarity
from stacks_dataverse.api_spelling import hex0x
from stacks_dataverse.event_order import EARLIEST_FIRST

# `asset_event_type_id` of stacks-blockchain-api (DbAssetEventTypeId).
KINDS = {1: "transfer", 2: "mint", 3: "burn"}

# What the receiver of tokens sent in a call, shared equally by them; the remainder goes to the first. A token for
# which no µSTX is left has no price.
PRICED = """
    SELECT * FROM (
        SELECT *, paid_ustx // count(*) OVER call
                  + CASE WHEN row_number() OVER (call ORDER BY event_index) = 1
                         THEN paid_ustx % count(*) OVER call ELSE 0 END AS price_ustx
        FROM {receipts} WINDOW call AS (PARTITION BY tx_id, buyer)
    ) WHERE price_ustx > 0
"""

# A token that returns to who put it into a contract is not sold; nor is it known to be while that person is not known.
SALES = PRICED.format(receipts="(SELECT * FROM {receipts} WHERE is_decided AND depositor IS DISTINCT FROM buyer)")


def nft_moves(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every mint, transfer and burn of a token, in the order in which they happened.

    `token_value` is the token's id as Clarity serialises it; `sender` is null for a mint, `recipient` for a burn.

    Reads: blocks, nft_events.
    Columns: block_height, microblock_sequence, tx_index, event_index, tx_id, asset_identifier, token_value,
        kind, sender, recipient.
    """
    kinds = " ".join(f"WHEN {code} THEN '{word}'" for code, word in KINDS.items())
    return day.sql(f"""
        SELECT block_height, microblock_sequence, tx_index, event_index, {hex0x("tx_id")} AS tx_id,
               asset_identifier, value AS token_value, CASE asset_event_type_id {kinds} END AS kind,
               sender, recipient
        FROM nft_events
        JOIN blocks USING (index_block_hash)
        ORDER BY {EARLIEST_FIRST}
    """).to_arrow_table()


def nft_receipts(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Tokens that someone finally received by transfers, in a successful contract call in which they sent STX.

    These may be sales. `paid_ustx` is all that the receiver sent, for all tokens of the call. `depositor` put the
    token into the contract that hands it over; `is_decided` is false where that was on an earlier day.

    Reads: blocks, txs, stx_events, nft_events.
    Columns: block_height, tx_id, event_index, asset_identifier, token_value, seller, buyer, paid_ustx, depositor,
        is_decided.
    """
    return day.sql(f"""
        SELECT block_height, tx_id, event_index, asset_identifier, token_value, seller, buyer, paid_ustx,
               depositor, is_decided
        FROM {_receipts(day)} WHERE NOT is_minted
        ORDER BY tx_id, event_index
    """).to_arrow_table()


def nft_sales(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Tokens bought, with their price in µSTX; `token_id` is the id in Clarity's notation.

    Reads: nft_receipts.
    Columns: block_height, tx_id, asset_identifier, token_value, seller, buyer, price_ustx, token_id.
    """
    sales = state.sql(f"""
        SELECT block_height, tx_id, asset_identifier, token_value, seller, buyer, price_ustx
        FROM ({SALES.format(receipts="nft_receipts")}) ORDER BY tx_id, event_index
    """).to_arrow_table()
    ids = [_token_id(value) for value in sales["token_value"].to_pylist()]
    return sales.append_column("token_id", pa.array(ids, pa.string()))


def daily_nft_activity(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Mints, burns, transfers, sales and paid mints of each collection; amounts in µSTX.

    A mint is paid when its receiver sends STX in the same contract call and buys no token by it. Sales are those that
    the day alone decides.

    Reads: blocks, txs, stx_events, nft_events.
    Columns: asset_identifier, mints, burns, transfers, sales, sales_ustx, paid_mints, mint_ustx.
    """
    receipts = _receipts(day)
    sold = _by_collection(SALES, f"(SELECT * FROM {receipts} WHERE NOT is_minted)")
    minted = _by_collection(PRICED, f"(SELECT * FROM {receipts} WHERE is_minted)")
    return day.sql(f"""
        WITH moved AS (
            SELECT asset_identifier,
                   count(*) FILTER (asset_event_type_id = 2) AS mints,
                   count(*) FILTER (asset_event_type_id = 3) AS burns,
                   count(*) FILTER (asset_event_type_id = 1) AS transfers
            FROM nft_events GROUP BY asset_identifier
        )
        SELECT moved.*, COALESCE(sold.tokens, 0) AS sales, COALESCE(sold.ustx, 0) AS sales_ustx,
               COALESCE(minted.tokens, 0) AS paid_mints, COALESCE(minted.ustx, 0) AS mint_ustx
        FROM moved
        LEFT JOIN {sold} AS sold USING (asset_identifier)
        LEFT JOIN {minted} AS minted USING (asset_identifier)
        ORDER BY asset_identifier
    """).to_arrow_table()


def nft_holdings(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """How many tokens of a collection an owner holds, for every owner whose tokens the day changed.

    Reads: nft_tokens_moved.
    Columns: asset_identifier, owner, tokens.
    """
    return state.sql(f"""
        SELECT asset_identifier, owner, tokens FROM {_changed_holdings(state)} ORDER BY asset_identifier, owner
    """).to_arrow_table()


def daily_nfts(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """The day's activity in each collection that moved, with its holders at the end of the day.

    Reads: nft_tokens_moved, nft_activity, nft_receipts.
    Columns: asset_identifier, mints, burns, transfers, sales, sales_ustx, paid_mints, mint_ustx, holders.
    """
    return state.sql(f"""
        SELECT nft_activity.* EXCLUDE (day, holders_before, sales, sales_ustx),
               COALESCE(sold.tokens, 0) AS sales, COALESCE(sold.ustx, 0) AS sales_ustx,
               COALESCE(holders_before, 0) + COALESCE(gained, 0) AS holders
        FROM nft_activity
        LEFT JOIN {_by_collection(SALES, "nft_receipts")} AS sold USING (asset_identifier)
        LEFT JOIN (
            SELECT asset_identifier,
                   (count(*) FILTER (tokens > 0) - count(*) FILTER (tokens_before > 0)) AS gained
            FROM {_changed_holdings(state)} GROUP BY asset_identifier
        ) USING (asset_identifier)
        ORDER BY asset_identifier
    """).to_arrow_table()


def daily_nft_totals(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Tokens that have an owner at the end of the day, and the day's sales, in µSTX.

    Reads: nft_tokens_moved, nft_activity, nft_receipts, nft_tokens_before.
    Columns: tokens, mints, burns, sales, sales_ustx.
    """
    return state.sql(f"""
        WITH sold AS ({SALES.format(receipts="nft_receipts")})
        SELECT (SELECT COALESCE(sum(tokens), 0) FROM nft_tokens_before)::BIGINT
                   + (SELECT count(owner) - count(owner_before) FROM nft_tokens_moved) AS tokens,
               COALESCE(sum(mints), 0)::BIGINT AS mints,
               COALESCE(sum(burns), 0)::BIGINT AS burns,
               (SELECT count(*) FROM sold) AS sales,
               (SELECT COALESCE(sum(price_ustx), 0) FROM sold)::BIGINT AS sales_ustx
        FROM nft_activity
    """).to_arrow_table()


def _by_collection(priced: str, receipts: str) -> str:
    """How many tokens of each collection have a price, and what these come to in µSTX."""
    return f"""(
        SELECT asset_identifier, count(*) AS tokens, sum(price_ustx)::BIGINT AS ustx
        FROM ({priced.format(receipts=receipts)}) GROUP BY asset_identifier
    )"""


def _receipts(day: duckdb.DuckDBPyConnection) -> str:
    """Tokens finally received, in a successful contract call, by someone who sent STX in it.

    Left out is what a contract gives for a token that its receiver burns in the call: wrapped tokens are unwrapped.
    """
    day.execute(f"""
        CREATE TABLE IF NOT EXISTS receipts AS
        WITH moves AS (
            SELECT tx_id, index_block_hash, asset_identifier, value AS token_value,
                   any_value((block_height, microblock_sequence, tx_index)) AS place, max(event_index) AS event_index,
                   arg_min_null(sender, event_index) AS seller, arg_max_null(recipient, event_index) AS buyer,
                   bool_or(asset_event_type_id = 2) AS is_minted
            FROM nft_events JOIN blocks USING (index_block_hash)
            GROUP BY tx_id, index_block_hash, asset_identifier, value
        ), tokens AS (
            SELECT moves.*, COALESCE(contains(seller, '.'), false) AS is_from_contract,
                   lag(seller) OVER token AS put_in_by, lag(true) OVER token AS is_seen
            FROM moves WINDOW token AS (PARTITION BY asset_identifier, token_value ORDER BY place)
        ), calls AS (
            SELECT tx_id FROM txs WHERE type_id = 2 AND status = 1
        ), paid AS (
            SELECT tx_id, sender AS buyer, sum(amount)::BIGINT AS paid_ustx
            FROM stx_events WHERE asset_event_type_id = 1 AND sender <> recipient
            GROUP BY tx_id, sender HAVING sum(amount) > 0
        ), burned AS (
            SELECT tx_id, seller AS buyer FROM tokens WHERE buyer IS NULL AND seller IS NOT NULL
        )
        SELECT place[1] AS block_height, {hex0x("tx_id")} AS tx_id, event_index, asset_identifier,
               token_value, seller, buyer, paid_ustx, is_minted,
               CASE WHEN is_from_contract THEN put_in_by END AS depositor,
               COALESCE(is_seen, false) OR NOT is_from_contract AS is_decided
        FROM tokens SEMI JOIN calls USING (tx_id) JOIN paid USING (tx_id, buyer)
        WHERE seller IS DISTINCT FROM buyer
          AND NOT (is_from_contract AND (tx_id, buyer) IN (SELECT (tx_id, buyer) FROM burned))
        QUALIFY is_minted = bool_and(is_minted) OVER (PARTITION BY tx_id, buyer)
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
