"""A fork of the Bitcoin blocks below a fork of the sample chain, as the API keeps it."""

from collections.abc import Sequence

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.reorg_siblings import Sibling


def restore_flags(cursor: Cursor, siblings: Sequence[Sibling]) -> None:
    """Set the flags of rewards and outputs where the API sets them: of Bitcoin blocks that blocks stand on again."""
    hashes = list({made.burn_hash for made in siblings})
    for table in ("burnchain_rewards", "burn_block_pox_txs"):
        cursor.execute(f"UPDATE {table} SET canonical = true WHERE burn_block_hash = ANY (%s)", (hashes,))


def fork_bitcoin(cursor: Cursor, siblings: Sequence[Sibling], name: str) -> None:
    """Give each Bitcoin block above the common ancestor's a sibling, with the same commits, and rewards twice as high.

    The API marks rewards and outputs by the Bitcoin block of each orphaned Stacks block: of a Bitcoin block without
    one, both sides stay canonical. Slot holders and burn blocks go by height. Commits are other transactions, so
    `miner_txid` follows.
    """
    moved = [made for made in siblings if made.burn_hash != made.like.burn_hash]
    if not moved:
        return
    parent = siblings[0].block.parent
    span = {
        "low": parent.burn_height + 1 if parent else 0, "high": moved[-1].block.burn_height, "name": name,
        "lost": list({made.like.burn_hash for made in moved}),
        "new": [made.block.index_hash for made in moved],
    }  # fmt: skip
    for statement in STATEMENTS:
        cursor.execute(statement, span)


# The sibling's hash is the same that `siblings_of` gives it.
SIBLING_HASH = "sha256(convert_to('burn ' || burn_block_height || ' ' || %(name)s, 'UTF8'))"
COMMIT = "sha256({} || convert_to(%(name)s, 'UTF8'))"
IN_SPAN = "burn_block_height BETWEEN %(low)s AND %(high)s"
OF_LATEST = "JOIN latest USING (burn_block_height, burn_block_hash)"

STATEMENTS = (
    f"""
    CREATE TEMP TABLE latest ON COMMIT DROP AS
    SELECT burn_block_height, burn_block_hash FROM burn_blocks WHERE {IN_SPAN} AND canonical
    """,
    "UPDATE burnchain_rewards SET canonical = false WHERE burn_block_hash = ANY (%(lost)s)",
    "UPDATE burn_block_pox_txs SET canonical = false WHERE burn_block_hash = ANY (%(lost)s)",
    f"UPDATE reward_slot_holders SET canonical = false WHERE {IN_SPAN}",
    f"UPDATE burn_blocks SET canonical = false WHERE {IN_SPAN}",
    f"""
    INSERT INTO burnchain_rewards
        (canonical, burn_block_hash, burn_block_height, burn_amount, reward_recipient, reward_amount, reward_index)
    SELECT true, {SIBLING_HASH}, burn_block_height, 2 * burn_amount, reward_recipient, 2 * reward_amount, reward_index
    FROM burnchain_rewards {OF_LATEST} ORDER BY id
    """,
    f"""
    INSERT INTO burn_blocks (canonical, burn_block_hash, burn_block_height, burn_amount, reward_amount)
    SELECT true, {SIBLING_HASH}, burn_block_height, 2 * burn_amount, 2 * reward_amount
    FROM burn_blocks {OF_LATEST} ORDER BY id
    """,
    f"""
    INSERT INTO reward_slot_holders (canonical, burn_block_hash, burn_block_height, address, slot_index)
    SELECT true, {SIBLING_HASH}, burn_block_height, address, slot_index FROM reward_slot_holders {OF_LATEST} ORDER BY id
    """,
    f"""
    INSERT INTO burn_block_pox_txs (burn_block_height, burn_block_hash, tx_id, recipient, utxo_idx, amount, canonical)
    SELECT burn_block_height, {SIBLING_HASH}, {COMMIT.format("tx_id")}, recipient, utxo_idx, 2 * amount, true
    FROM burn_block_pox_txs {OF_LATEST}
    """,
    f"UPDATE blocks SET miner_txid = {COMMIT.format('miner_txid')} WHERE index_block_hash = ANY (%(new)s)",
)
