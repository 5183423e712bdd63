"""Tokens that somebody received while STX were paid: which of them are sold, and at what price."""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import hex0x


def _share(amount: str, window: str) -> str:
    """SQL for a token's equal share of an amount; the remainder goes to the first in event order."""
    is_first = f"row_number() OVER ({window} ORDER BY event_index) = 1"
    return (
        f"({amount} // count(*) OVER {window} + CASE WHEN {is_first} THEN {amount} % count(*) OVER {window} ELSE 0 END)"
    )


# What the receiver of tokens sent in a call is shared by them; what contracts paid out to those who gave or put in
# tokens, by the tokens that it paid for. A token for which no µSTX is left has no price.
PRICED = f"""
    SELECT * FROM (
        SELECT *, {_share("paid_ustx", "call")}
                  + CASE kind WHEN 'escrow' THEN {_share("escrow_ustx", "escrow")} ELSE 0 END AS price_ustx
        FROM (
            SELECT *, CASE WHEN list_contains(string_split(payees, ' '), COALESCE(depositor, seller))
                           THEN 'escrow' ELSE 'purchase' END AS kind
            FROM {{receipts}}
        )
        WINDOW call AS (PARTITION BY tx_id, buyer), escrow AS (PARTITION BY tx_id, kind)
    ) WHERE price_ustx > 0
"""

# A token that returns to who put it into a contract is not sold; nor is it known to be while that person is not known.
SALES = PRICED.format(receipts="(SELECT * FROM {receipts} WHERE is_decided AND depositor IS DISTINCT FROM buyer)")

RECEIPTS = f"""
    CREATE TABLE IF NOT EXISTS receipts AS
    WITH moves AS (
        SELECT tx_id, index_block_hash, asset_identifier, value AS token_value,
               any_value((block_height, microblock_sequence, tx_index)) AS place, max(event_index) AS event_index,
               arg_min_null(sender, event_index) AS seller, arg_max_null(recipient, event_index) AS buyer,
               bool_or(asset_event_type_id = 2) AS is_minted,
               -- Who has it minted, and hands it on at once, is its owner too.
               COALESCE(seller, NULLIF(arg_min_null(recipient, event_index), buyer)) AS first_owner
        FROM nft_events JOIN blocks USING (index_block_hash)
        GROUP BY tx_id, index_block_hash, asset_identifier, value
    ), tokens AS (
        SELECT moves.*, COALESCE(contains(seller, '.'), false) AS is_from_contract,
               lag(first_owner) OVER token AS put_in_by, lag(true) OVER token AS is_seen
        FROM moves WINDOW token AS (PARTITION BY asset_identifier, token_value ORDER BY place)
    ), calls AS (
        SELECT tx_id FROM txs WHERE type_id = 2 AND status = 1
    ), flows AS (
        SELECT tx_id, sender, recipient, amount FROM stx_events SEMI JOIN tokens USING (tx_id)
        WHERE asset_event_type_id = 1 AND sender <> recipient AND amount > 0
    ), paid AS (
        SELECT tx_id, sender AS buyer, sum(amount)::BIGINT AS paid_ustx, list(recipient) AS paid_to
        FROM flows GROUP BY tx_id, sender
    ), escrows AS (
        SELECT tx_id, principal, sum(amount)::BIGINT AS ustx
        FROM (SELECT tx_id, sender AS principal, amount FROM flows
              UNION ALL SELECT tx_id, recipient, -amount FROM flows)
        WHERE contains(principal, '.') GROUP BY tx_id, principal HAVING sum(amount) > 0
    ), paid_out AS (
        SELECT tx_id, sum(ustx)::BIGINT AS escrow_ustx, list_sort(list_distinct(flatten(list(paid_to)))) AS paid_to
        FROM escrows JOIN paid USING (tx_id) WHERE principal = paid.buyer GROUP BY tx_id
    ), burned AS (
        SELECT tx_id, seller AS buyer FROM tokens WHERE buyer IS NULL AND seller IS NOT NULL
    )
    SELECT place[1] AS block_height, {hex0x("tx_id")} AS tx_id, event_index, asset_identifier,
           token_value, seller, buyer, COALESCE(paid_ustx, 0) AS paid_ustx, is_minted,
           CASE WHEN is_from_contract THEN put_in_by END AS depositor,
           COALESCE(is_seen, false) OR NOT is_from_contract AS is_decided,
           CASE WHEN len(others) > 0 THEN escrow_ustx END AS escrow_ustx,
           NULLIF(array_to_string(others, ' '), '') AS payees
    FROM tokens SEMI JOIN calls USING (tx_id) LEFT JOIN paid USING (tx_id, buyer)
    LEFT JOIN paid_out USING (tx_id) CROSS JOIN LATERAL (
        -- An account that buys with its bid does not pay the seller itself, and what it gets back pays nobody. A mint
        -- is paid by who gets the token alone: nobody had it before, or it was burned.
        SELECT CASE WHEN NOT contains(buyer, '.') AND NOT is_minted THEN list_filter(
            paid_out.paid_to, lambda payee: payee <> buyer AND NOT list_contains(COALESCE(paid.paid_to, []), payee)
        ) END AS others
    ) AS unpaid_by_buyer
    WHERE seller IS DISTINCT FROM buyer AND (paid_ustx > 0 OR len(others) > 0)
      AND NOT (is_from_contract AND (tx_id, buyer) IN (SELECT (tx_id, buyer) FROM burned))
    QUALIFY is_minted = bool_and(is_minted) OVER (PARTITION BY tx_id, buyer)
"""


def nft_receipts(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Tokens that someone finally received by transfers, in a successful contract call that paid STX.

    These may be sales. `paid_ustx` is all that the receiver sent, for all tokens of the call; `escrow_ustx` what
    contracts paid out in it beyond what they took, to `payees`, which the receiver did not pay. `depositor` put the
    token into the contract that hands it over; `is_decided` is false where that was on an earlier day.

    Reads: blocks, txs, stx_events, nft_events.
    Columns: block_height, tx_id, event_index, asset_identifier, token_value, seller, buyer, paid_ustx, depositor,
        is_decided, escrow_ustx, payees.
    """
    return day.sql(f"""
        SELECT block_height, tx_id, event_index, asset_identifier, token_value, seller, buyer, paid_ustx,
               depositor, is_decided, escrow_ustx, payees
        FROM {receipts_of(day)} WHERE NOT is_minted
        ORDER BY tx_id, event_index
    """).to_arrow_table()


def receipts_of(day: duckdb.DuckDBPyConnection) -> str:
    """Tokens finally received, in a successful contract call, by who sent STX in it, or while a contract paid some out.

    Left out is what a contract gives for a token that its receiver burns in the call: wrapped tokens are unwrapped.
    """
    day.execute(RECEIPTS)
    return "receipts"
