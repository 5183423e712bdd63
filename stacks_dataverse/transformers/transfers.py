"""Large transfers of STX, one row each."""

import duckdb
import pyarrow as pa

from stacks_dataverse.api_spelling import TX_TYPES, code_labels, hex0x
from stacks_dataverse.transformers.balances import USTX

# The contract of the dataset: a whale's transfer is one of 1,000,000 STX or more.
LARGE_STX = 1_000_000


def large_transfers(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Canonical transfers of 1,000,000 STX or more, in the order in which they happened.

    Mints and burns are no transfers. `burn_block_time` is that of the block's Bitcoin block, in unix seconds;
    `tx_type` is of the transaction that moved them, a contract call as well as a plain transfer.

    Reads: blocks, txs, stx_events.
    Columns: block_height, microblock_sequence, tx_index, event_index, tx_id, amount_ustx, sender, recipient,
        burn_block_time, tx_type.
    """
    return day.sql(f"""
        SELECT block_height, stx_events.microblock_sequence, stx_events.tx_index, event_index,
               {hex0x("tx_id")} AS tx_id, amount AS amount_ustx, sender, recipient, burn_block_time,
               {code_labels("type_id", TX_TYPES)} AS tx_type
        FROM stx_events
        JOIN txs USING (tx_id, index_block_hash)
        JOIN blocks USING (index_block_hash)
        WHERE asset_event_type_id = 1 AND amount >= {LARGE_STX * USTX}
        ORDER BY ALL
    """).to_arrow_table()
