"""Rows that belong to a Bitcoin block: which of the blocks that the API stored for a height counts, and its rows.

The API keeps both sides of a Bitcoin fork, and stores rows again when a block is delivered again. Its flag `canonical`
of these rows cannot tell the sides apart: up to version 9.0.2 a Stacks fork, or an old block that is delivered again,
clears the flag of rows on the canonical chain (stacks-blockchain-api PR 2662). Only `burn_blocks`, which came with the
repair, keeps one canonical hash to a height.
"""

from collections.abc import Mapping

BURN_TABLES = ("burnchain_rewards", "reward_slot_holders", "burn_block_pox_txs", "burn_blocks")

BURN_KEY = {"burn_block_height": "INTEGER", "burn_block_hash": "BLOB"}
BURN_TYPES: dict[str, dict[str, str]] = {
    "burnchain_rewards": BURN_KEY
    | {
        "id": "BIGINT",
        "burn_amount": "BIGINT",
        "reward_recipient": "VARCHAR",
        "reward_amount": "BIGINT",
        "reward_index": "INTEGER",
    },
    "burn_block_pox_txs": BURN_KEY | {"tx_id": "BLOB", "utxo_idx": "INTEGER", "amount": "BIGINT"},
    "burn_blocks": BURN_KEY
    | {"id": "BIGINT", "canonical": "BOOLEAN", "burn_amount": "BIGINT", "reward_amount": "BIGINT"},
}

# Which block each table says counts: how reliable that is, and which of several hashes it prefers.
EVIDENCE = {
    "blocks": "3 AS strength, true AS is_preferred, 0 AS id FROM blocks",
    "burn_blocks": "2, canonical, id FROM all_burn_blocks",
    "burnchain_rewards": "1, true, id FROM all_burnchain_rewards",
    "burn_block_pox_txs": "0, true, 0 FROM all_burn_block_pox_txs",
}

# A row's place in its block. It is stored once for each delivery, and the last delivery is the block as it is: the
# node lists recipients in no order, so the same places may hold them in another one.
PLACES = {"burnchain_rewards": "reward_index", "burn_block_pox_txs": "tx_id, utxo_idx", "burn_blocks": "true"}


def burn_rows(table: str, columns: Mapping[str, str]) -> str:
    """SQL for a table's rows of the Bitcoin block that counts for each height, each row once.

    That is the block that a canonical Stacks block names; where none does, the one that is canonical in `burn_blocks`,
    or the one that was stored last; where nothing decides, the largest hash, so that the choice is always the same.

    Of each table of `EVIDENCE`, `all_<table>` must hold every row; `blocks` holds the canonical Stacks blocks.

    Args:
        columns: the open columns of the table.
    """
    evidence = " UNION ALL ".join(
        f"SELECT burn_block_height, burn_block_hash, {source}" for source in EVIDENCE.values()
    )
    kept = ", ".join(column for column in columns if column not in ("id", "canonical"))
    latest_first = "id DESC" if "id" in columns else "1"
    return f"""
        WITH chosen AS (
            SELECT burn_block_height,
                   arg_max(burn_block_hash, (strength, is_preferred, id, burn_block_hash)) AS burn_block_hash
            FROM ({evidence}) GROUP BY burn_block_height
        )
        SELECT {kept} FROM all_{table} SEMI JOIN chosen USING (burn_block_height, burn_block_hash)
        QUALIFY row_number() OVER (PARTITION BY burn_block_height, {PLACES[table]} ORDER BY {latest_first}) = 1
    """
