"""What the source says of stakes, by the API's own table of the contract's events, and what readers must get."""

from collections import Counter
from typing import Any

ROWS = """
    SELECT day, block_height, microblock_sequence, tx_index, event_index, tx_id, staked_ustx FROM printed_stakes
    ORDER BY day, block_height, microblock_sequence, tx_index, event_index
"""
SOURCE = """
    SELECT day, event.block_height, event.microblock_sequence, event.tx_index, event.event_index,
           '0x' || encode(event.tx_id, 'hex'), (data ->> 'amount_ustx')::bigint
    FROM pox5_events AS event JOIN canonical_txs AS tx USING (tx_id, index_block_hash)
    WHERE name = 'stake' AND event.microblock_canonical ORDER BY 1, 2, 3, 4, 5
"""
KEY = "stakes/latest.json.gz"


def values(rows: list[tuple[Any, ...]]) -> dict[Any, int]:
    """The stakes of each day that has any."""
    return Counter(day for day, *_ in rows)
