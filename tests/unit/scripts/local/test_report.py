"""The closing table of the local stack sums sizes by what an operator would ask for."""

from scripts.local.report import sizes_by_group


def test_sizes_are_summed_by_large_table_and_source_the_largest_first() -> None:
    keys = {
        "raw/stacks/txs/day=2024-10-29/part-0000.parquet": 50,
        "raw/stacks/txs/day=2024-10-30/part-0000.parquet": 60,
        "raw/stacks/blocks/day=2024-10-29/part-0000.parquet": 3,
        "raw/stacks/_manifest/day=2024-10-29.json": 1,
        "raw/stacks_live/txs/at=20241029T120000Z/part-0000.parquet": 70,
        "raw/lunarcrush/snapshot/part-0000.json.gz": 2,
    }
    assert list(sizes_by_group({"Key": key, "Size": size} for key, size in keys.items()).items()) == [
        ("raw/stacks/txs", [50, 60]),
        ("raw/stacks_live", [70]),
        ("small tables of raw/stacks", [3, 1]),
        ("raw/lunarcrush", [2]),
    ]
