"""What a snapshot counts as waiting where the API left mined transactions unpruned, and what it keeps of them."""

from collections.abc import Callable

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from stacks_dataverse.mempool import MEMPOOL_TABLE, MEMPOOL_TYPES, MINED_AT
from stacks_dataverse.runners import raw_archive
from tests.integration.looks import TAKEN_AT, execute, rows, spot
from tests.support.pipeline import Pipeline

# The lowest fee per byte of all: medians fall where such rows are counted.
UNPRUNED = """
    INSERT INTO mempool_txs (pruned, tx_id, type_id, anchor_mode, status, post_conditions, nonce, fee_rate, sponsored,
                             sponsor_address, sponsor_nonce, sender_address, origin_hash_mode, raw_tx, receipt_time,
                             receipt_block_height)
    SELECT false, {tx_id}, 0, 3, 0, '', {nonce}, 1, false, NULL, NULL, sender_address, 0, raw_tx, block_time,
           block_height
    FROM txs WHERE canonical AND microblock_canonical AND type_id = 0 AND index_block_hash <> ''
    ORDER BY block_height {order}, tx_index LIMIT 30
    ON CONFLICT (tx_id) DO UPDATE SET pruned = false, fee_rate = 1
"""
CASES = {
    "mined in the snapshot's blocks": UNPRUNED.format(tx_id="tx_id", nonce=1_000_000, order="DESC"),
    "mined days before the snapshot's first block": UNPRUNED.format(tx_id="tx_id", nonce=1_000_000, order="ASC"),
    "its nonce was spent by another": UNPRUNED.format(tx_id="sha256(tx_id)", nonce="nonce", order="DESC"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_mined_any_more_does_not_wait(
    case: str, chain_copy: str, new_run: Callable[[str, int], Pipeline]
) -> None:
    run = new_run(chain_copy, 3)
    run.look(TAKEN_AT)
    published = spot(run), run.public.get_json("mempool/latest.json.gz")
    before = rows(chain_copy, "SELECT count(*) FROM mempool_txs WHERE NOT pruned")
    execute(chain_copy, CASES[case])
    ((after,),) = rows(chain_copy, "SELECT count(*) FROM mempool_txs WHERE NOT pruned")
    assert after == before[0][0] + 30
    manifest = run.land_look(TAKEN_AT)
    run.publish_look(manifest)
    assert (spot(run), run.public.get_json("mempool/latest.json.gz")) == published
    with raw_archive.open_files(run.archive, manifest.tables, [MEMPOOL_TABLE]) as raw:
        kept = pq.read_table(raw[MEMPOOL_TABLE])
    kept = kept.filter(pc.invert(kept["pruned"]))
    assert (kept.num_rows, set(kept.column_names)) == (after, set(MEMPOOL_TYPES))
    is_mined = case.startswith("mined")
    assert kept[MINED_AT].null_count == (after - 30 if is_mined else after)
