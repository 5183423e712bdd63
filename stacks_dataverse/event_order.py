"""The order of events on the chain, by the columns that say where one happened; nothing shorter orders them."""

# A transaction's place, and an event's.
TX_ORDER = ("block_height", "microblock_sequence", "tx_index")
EVENT_ORDER = (*TX_ORDER, "event_index")

# For ORDER BY.
EARLIEST_FIRST = ", ".join(EVENT_ORDER)
LATEST_FIRST = ", ".join(f"{column} DESC" for column in EVENT_ORDER)
