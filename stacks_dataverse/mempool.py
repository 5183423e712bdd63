"""The mempool as a tip snapshot lands it, and which of its transactions still wait to be mined."""

MEMPOOL_TABLE = "mempool_txs"

# At which height a canonical block holds the transaction, however long ago; null while none does. No column of the
# source: the extractor adds it to each row that it reads.
MINED_AT = "mined_at_height"

# Besides what waits, a snapshot has all that was received in the last 24 hours, to know what became of it.
RECEIVED_SECONDS = 24 * 3600

# The API's `status` of a transaction that one with a higher fee and the same nonce replaced (DbTxStatus).
REPLACED_BY_FEE = -10

# The large columns are left out: the bytes of the transaction, and its payload.
MEMPOOL_TYPES = {
    "tx_id": "BLOB",
    "pruned": "BOOLEAN",
    "status": "SMALLINT",
    "type_id": "SMALLINT",
    "nonce": "BIGINT",
    "fee_rate": "BIGINT",
    "tx_size": "INTEGER",
    "sender_address": "VARCHAR",
    "sponsored": "BOOLEAN",
    "sponsor_address": "VARCHAR",
    "sponsor_nonce": "BIGINT",
    "receipt_time": "BIGINT",
    "receipt_block_height": "INTEGER",
    "token_transfer_recipient_address": "VARCHAR",
    "token_transfer_amount": "BIGINT",
    "contract_call_contract_id": "VARCHAR",
    "contract_call_function_name": "VARCHAR",
    "smart_contract_contract_id": "VARCHAR",
    MINED_AT: "INTEGER",
}

# The columns by which WAITING decides.
_SPENDS = ("tx_id", "nonce", "sender_address", "sponsored", "sponsor_address", "sponsor_nonce")
WAITING_READS = {MEMPOOL_TABLE: (*_SPENDS, "pruned", MINED_AT), "txs": _SPENDS}

# Rows of `all_mempool_txs` that can still be mined, by the snapshot's canonical transactions. The API leaves rows
# unpruned after a fork. An account spends its nonces in order, be it as a sender or as a sponsor, in failed
# transactions too: once it has spent one, no transaction with that or a lower one can be mined.
WAITING = """
    WITH mined AS (
        SELECT * FROM all_txs
        SEMI JOIN (SELECT index_block_hash FROM all_blocks WHERE canonical) USING (index_block_hash)
        WHERE microblock_canonical
    ), spent AS (
        SELECT account, max(nonce) AS nonce FROM (
            SELECT sender_address AS account, nonce FROM mined
            UNION ALL
            SELECT sponsor_address, sponsor_nonce FROM mined WHERE sponsored
        ) GROUP BY account
    )
    SELECT waiting.* FROM all_mempool_txs AS waiting
    ANTI JOIN mined USING (tx_id)
    LEFT JOIN spent AS sender ON sender.account = waiting.sender_address
    LEFT JOIN spent AS sponsor ON waiting.sponsored AND sponsor.account = waiting.sponsor_address
    WHERE waiting.pruned IS NOT TRUE AND mined_at_height IS NULL
      AND COALESCE(waiting.nonce > sender.nonce, true)
      AND COALESCE(waiting.sponsor_nonce > sponsor.nonce, true)
"""
