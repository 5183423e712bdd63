"""The tables in which the API keeps the present state, from the tally; and a few rows of the rarer tables."""

from psycopg2.extensions import cursor as Cursor

from scripts.local.sample_chain.chain import Chain
from scripts.local.sample_chain.mempool import Mempool
from scripts.local.sample_chain.pools import POX_3_UNLOCK_HEIGHT
from scripts.local.sample_chain.rows import Table
from scripts.local.sample_chain.stacking import write_locked
from scripts.local.sample_chain.staking_tables import write_staking
from scripts.local.sample_chain.timeline import CYCLE_LENGTH, FIRST_CYCLE_HEIGHT, POX_5_HEIGHT, PREPARE_LENGTH
from scripts.local.sample_chain.tx import BOOT
from scripts.local.sample_chain.writer import IN_ANCHOR_BLOCK


def write_derived(cursor: Cursor, chain: Chain) -> None:
    """Write ft_balances, nft_custody, stx_locked_balances, chain_tip, pox_state, mempool, and rows of rarer tables."""
    state = chain.writer.state
    balances = Table(cursor, "ft_balances", "address token balance")
    for (address, token), balance in state.balances.items():
        balances.add(address, token, balance)
    place = "tx_id tx_index block_height index_block_hash parent_index_block_hash microblock_hash microblock_sequence"
    custody = Table(cursor, "nft_custody", f"asset_identifier value recipient {place} event_index")
    for (asset, value), (recipient, *where) in state.custody.items():
        custody.add(asset, value, recipient, *where)
    for table in (balances, custody):
        table.flush()
    write_locked(cursor, state)
    mempool = Mempool(cursor, chain)
    mempool.write()
    _write_singletons(cursor, chain, mempool.waiting)
    write_staking(cursor)
    _write_few(cursor, chain)


def _write_singletons(cursor: Cursor, chain: Chain, waiting: int) -> None:
    tip, state = chain.tip, chain.writer.state
    cursor.execute(
        "INSERT INTO chain_tip (block_height, block_count, block_hash, index_block_hash, burn_block_height,"
        " microblock_count, tx_count, tx_count_unanchored, stx_supply, mempool_tx_count, mempool_updated_at)"
        " VALUES (%s, %s, %s, %s, %s, 0, %s, %s, %s, %s, '2026-01-01')",
        (tip.height, tip.height, tip.block_hash, tip.index_hash, tip.burn_height,
         state.tx_count, state.tx_count + 1, state.supply, waiting),
    )  # fmt: skip
    cursor.execute(
        "INSERT INTO pox_state (pox_v1_unlock_height, pox_v2_unlock_height, pox_v3_unlock_height, pox_v4_unlock_height,"
        " pox_first_burnchain_block_height, pox_reward_cycle_length, pox_prepare_phase_block_length)"
        " VALUES (781552, 787652, %s, %s, %s, %s, %s)",
        (POX_3_UNLOCK_HEIGHT, POX_5_HEIGHT, FIRST_CYCLE_HEIGHT, CYCLE_LENGTH, PREPARE_LENGTH),
    )
    cursor.execute("INSERT INTO config_state DEFAULT VALUES")
    cursor.execute("INSERT INTO pgmigrations (name, run_on) VALUES ('sample chain, layout of 9', '2026-01-01')")


def _write_few(cursor: Cursor, chain: Chain) -> None:
    tip = chain.tip
    anchored = (tip.index_hash, tip.parent_index_hash, b"", IN_ANCHOR_BLOCK, True)
    placed = (
        "tx_index, index_block_hash, parent_index_block_hash, microblock_hash, microblock_sequence,"
        " microblock_canonical"
    )
    cursor.execute(
        "INSERT INTO namespaces (namespace_id, address, reveal_block, ready_block, buckets, base, coeff,"
        f" nonalpha_discount, no_vowel_discount, lifetime, {placed})"
        " VALUES ('btc', %s, 1, %s, '6,5,4', 10, 10, 1, 1, 0, 0, %s, %s, %s, %s, %s)",
        (BOOT, tip.height, *anchored),
    )
    cursor.execute(
        f"INSERT INTO names (name, address, registered_at, expire_block, zonefile_hash, namespace_id, {placed})"
        " VALUES ('sample.btc', %s, %s, 0, '', 'btc', 0, %s, %s, %s, %s, %s)",
        (BOOT, tip.height, *anchored),
    )
    cursor.execute(
        "INSERT INTO subdomains (name, namespace_id, fully_qualified_subdomain, owner, zonefile_hash,"
        f" parent_zonefile_hash, parent_zonefile_index, block_height, {placed})"
        " VALUES ('sample', 'btc', 'a.sample.btc', %s, '', '', 0, %s, 0, %s, %s, %s, %s, %s)",
        (BOOT, tip.height, *anchored),
    )
