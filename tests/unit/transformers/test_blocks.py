"""A day's blocks in a few figures."""

import pyarrow as pa

from stacks_dataverse.transformers.blocks import block_summary


def test_a_day_without_blocks_has_the_digest_of_nothing() -> None:
    empty = pa.table({"index_block_hash": pa.array([], pa.binary()), "block_height": [], "canonical": []}).cast(
        pa.schema([("index_block_hash", pa.binary()), ("block_height", pa.int32()), ("canonical", pa.bool_())])
    )
    assert block_summary(empty) == {
        "first_block_height": None,
        "last_block_height": None,
        "block_count": 0,
        "blocks_digest": "d41d8cd98f00b204e9800998ecf8427e",
    }


def test_the_digest_is_over_canonical_hashes_by_height() -> None:
    """md5 of "0102,03": the hashes of heights 1 and 2; the orphan of height 2 is left out."""
    rows = pa.table(
        {
            "index_block_hash": [b"\x03", b"\x01\x02", b"\xff"],
            "block_height": [2, 1, 2],
            "canonical": [True, True, False],
        }
    )
    found = block_summary(rows)
    assert (found["first_block_height"], found["last_block_height"], found["block_count"]) == (1, 2, 2)
    assert found["blocks_digest"] == "5f00d332757c499deb1ea0871ae0cc14"
