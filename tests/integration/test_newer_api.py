"""The API's migrations after 9.0.2: what they add lands, what they drop is not missed, and no figure changes.

Their names are upstream's, 17798000000xx; the statements are written from what they come to.
"""

import io
from collections.abc import Callable
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from stacks_dataverse import paths
from stacks_dataverse.chain import BURN_TABLES, SNAPSHOT_TABLES, UNLANDED_TABLES
from stacks_dataverse.errors import Terminal
from stacks_dataverse.manifest import stored_files
from tests.integration.conftest import CYCLES, SAMPLE
from tests.integration.looks import TAKEN_AT, execute, spot
from tests.support.databases import query
from tests.support.pipeline import Pipeline

DAY = "2024-10-29"
NETWORK = CYCLES[SAMPLE]

# 10, 14, 16 to 19, 21 to 24 and 28. One block pays the same recipient twice, the second time nothing.
LATER = """
    CREATE TABLE principal_stx_event_counts (principal text PRIMARY KEY, count integer NOT NULL DEFAULT 0);
    ALTER TABLE bonds ADD COLUMN event_count integer NOT NULL DEFAULT 0;
    ALTER TABLE chain_tip ADD COLUMN staking_reward_amount numeric NOT NULL DEFAULT 0,
        ADD COLUMN staking_burn_amount numeric NOT NULL DEFAULT 0,
        DROP COLUMN microblock_hash, DROP COLUMN microblock_sequence, DROP COLUMN microblock_count,
        DROP COLUMN tx_count_unanchored;
    CREATE TABLE bond_position_rollovers (
        principal text NOT NULL, old_bond_index integer, new_bond_index integer, tx_id bytea NOT NULL,
        block_height integer NOT NULL, index_block_hash bytea NOT NULL, canonical boolean NOT NULL,
        microblock_canonical boolean NOT NULL);
    INSERT INTO bond_position_rollovers
    SELECT sender_address, NULL, 1, tx_id, block_height, index_block_hash, canonical, microblock_canonical FROM txs;
    ALTER TABLE pox_state ADD COLUMN IF NOT EXISTS pox_first_burnchain_block_height integer,
        ADD COLUMN IF NOT EXISTS pox_reward_cycle_length integer,
        ADD COLUMN IF NOT EXISTS pox_prepare_phase_block_length integer;
    ALTER TABLE bond_reward_distributions ADD COLUMN native_staked_sats numeric, ADD COLUMN sbtc_staked_sats numeric;
    ALTER TABLE stx_locked_balances ADD COLUMN first_reward_cycle integer;
    ALTER TABLE bonds RENAME COLUMN btc_paid_out TO btc_claimed;
    ALTER TABLE bonds ADD COLUMN btc_distributed numeric NOT NULL DEFAULT 0, ADD COLUMN btc_accrued numeric;
    ALTER TABLE principal_bond_positions DROP COLUMN btc_paid_out;
    CREATE TABLE token_assets (asset_identifier text PRIMARY KEY, type smallint NOT NULL);
    ALTER TABLE miner_rewards ADD COLUMN reward_index integer NOT NULL DEFAULT 0;
    INSERT INTO miner_rewards (block_hash, index_block_hash, from_index_block_hash, mature_block_height, canonical,
        recipient, miner_address, coinbase_amount, tx_fees_anchored, tx_fees_streamed_confirmed,
        tx_fees_streamed_produced, reward_index)
    SELECT block_hash, index_block_hash, from_index_block_hash, mature_block_height, canonical, recipient,
           miner_address, 0, 0, 0, 0, 1 FROM miner_rewards;
    CREATE TABLE principal_miner_reward_totals (principal text PRIMARY KEY, total numeric NOT NULL DEFAULT 0)
"""

# Rewritten in place by the API from tables that do land: no row is of a block.
OF_NO_BLOCK = {"principal_stx_event_counts", "token_assets", "principal_miner_reward_totals"}

COLUMNS = """
    SELECT table_name::text, array_agg(column_name::text ORDER BY ordinal_position)
    FROM information_schema.columns WHERE table_schema = 'stacks_blockchain_api' GROUP BY table_name
"""


@pytest.fixture
def newer(chain_copy: str) -> str:
    """The sample chain in the tables of today's API; returns its libpq connection string."""
    execute(chain_copy, LATER)
    return chain_copy


def told(dsn: str, first: int, length: int, prepare: int) -> None:
    """Let the API have read the reward cycles of its node."""
    execute(dsn, f"""
        UPDATE pox_state SET pox_first_burnchain_block_height = {first}, pox_reward_cycle_length = {length},
                             pox_prepare_phase_block_length = {prepare}
    """)  # fmt: skip


def test_every_table_of_blocks_lands_with_every_column(newer: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline, columns = new_pipeline(newer), dict(query(newer, COLUMNS))
    tables = pipeline.land(DAY).tables
    of_blocks = {name for name in columns if "index_block_hash" in columns[name]} - set(UNLANDED_TABLES)
    assert of_blocks | {*BURN_TABLES, *SNAPSHOT_TABLES} & columns.keys() == {
        name for name in tables if name in columns and not tables[name].note
    } - {"mempool_txs"}
    assert not OF_NO_BLOCK & tables.keys()
    landed = stored_files(tables, columns)
    assert {"bond_position_rollovers", "chain_tip", "miner_rewards", "pox_state"} <= landed.keys()
    for name in landed:
        body = pipeline.archive.get(paths.RAW_TABLE.format(table=name, day=DAY))
        assert pq.read_schema(io.BytesIO(body)).names == columns[name], name


def test_no_figure_changes(newer: str, sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    runs = [replace(new_pipeline(dsn), network=NETWORK) for dsn in (newer, sample)]
    for run in runs:
        run.load(DAY)
    today, before = (run.content() for run in runs)
    for table in before:
        assert today[table] == before[table], table


def test_cycles_that_the_node_told_take_the_place_of_the_networks(
    newer: str, new_pipeline: Callable[[str], Pipeline]
) -> None:
    pipeline = replace(new_pipeline(newer), network=replace(NETWORK, cycle_length=7 * NETWORK.cycle_length))
    told(newer, NETWORK.first_burn_height, NETWORK.cycle_length, NETWORK.prepare_length)
    pipeline.look(TAKEN_AT)
    ((height,),) = query(newer, "SELECT max(burn_block_height) FROM blocks WHERE canonical")
    assert spot(pipeline)["current_cycle_no"] == NETWORK.cycle_of(height)
    pipeline.load(DAY)
    built = "SELECT last_burn_block_height, cycle FROM daily_pox_heights JOIN daily_stacking USING (day)"
    ((height, cycle),) = query(pipeline.warehouse_dsn, built)
    assert cycle == NETWORK.cycle_of(height) > 0
    pipeline.look(TAKEN_AT)
    assert spot(pipeline)["cycle_blocks_left"] <= NETWORK.cycle_length


def test_a_network_that_begins_elsewhere_is_refused(newer: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = replace(new_pipeline(newer), network=replace(NETWORK, first_burn_height=5))
    told(newer, NETWORK.first_burn_height, NETWORK.cycle_length, NETWORK.prepare_length)
    pipeline.land(DAY)
    pipeline.build(DAY)
    for run in (pipeline.make_figures, lambda: pipeline.look(TAKEN_AT)):
        with pytest.raises(Terminal, match="set it to the chain's network"):
            run()
