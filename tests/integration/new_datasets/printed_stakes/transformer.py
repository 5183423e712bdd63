"""What stakers of PoX-5 stake, as the contract itself prints it."""

import duckdb
import pyarrow as pa

from stacks_dataverse.prints import Prints, prints

STAKE = Prints(
    contract="SP000000000000000000002Q6VF78.pox-5",
    topic="stake",
    columns={"staked_ustx": ("amount", "bigint")},
)


def printed_stakes(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every `stake` that was printed, in µSTX.

    Reads: blocks, contract_logs.
    Columns: block_height, microblock_sequence, tx_index, event_index, tx_id, staked_ustx.
    """
    return prints(day, STAKE)
