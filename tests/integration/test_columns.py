"""Some columns of a raw file are read without its other bytes, and are what the whole file says."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.manifest import StoredFile
from stacks_dataverse.stores.object_store import ObjectStore
from tests.faults.disks import small_disk as small_disk

KEY = "raw/stacks/txs/day=2024-10-29/part-0000.parquet"
ROWS = 3_000
RANDOM = np.random.default_rng(29)

# `raw_tx` is more bytes than it is worth to read over, in each of its row groups.
TABLE = pa.table(
    {
        "tx_id": pa.array([RANDOM.bytes(32) for _ in range(ROWS)], pa.binary()),
        "raw_tx": pa.array([RANDOM.bytes(2_500) for _ in range(ROWS)], pa.binary()),
        "nonce": pa.array(range(ROWS), pa.int64()),
        "signatures": pa.array([[b"a", b"b"]] * ROWS, pa.list_(pa.binary())),
        "fee_rate": pa.array([180] * ROWS, pa.int64()),
        "fee.in.all": pa.array([180] * ROWS, pa.int64()),
    }
)


@pytest.fixture
def archive(new_bucket: Callable[[str], ObjectStore]) -> ObjectStore:
    """A bucket of the test's own."""
    return new_bucket("columns")


def stored(archive: ObjectStore, table: pa.Table = TABLE, **options: object) -> StoredFile:
    """A table written to the bucket, in row groups of a third of the rows."""
    body = io.BytesIO()
    pq.write_table(table, body, row_group_size=ROWS // 3, **options)
    archive.put(KEY, body.getvalue())
    return StoredFile(KEY, table.num_rows, len(body.getvalue()), "")


def read(archive: ObjectStore, file: StoredFile, *columns: str) -> pa.Table:
    with archive.open_columns({"txs": file}, {"txs": columns}) as copies:
        # As a file, not as a part of a dataset, of which the folder would be a column too.
        return pq.ParquetFile(copies["txs"]).read([name for name in columns if name in TABLE.column_names])


def answers_of(archive: ObjectStore) -> list[int]:
    """The bytes of each answer of S3 from now on."""
    sizes: list[int] = []
    archive._client.meta.events.register(
        "after-call.s3.GetObject", lambda parsed, **_: sizes.append(parsed["ContentLength"])
    )
    return sizes


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"compression": "zstd", "use_dictionary": False}, id="as we write"),
        pytest.param({"compression": "snappy", "use_dictionary": True}, id="with dictionaries"),
        pytest.param({"compression": "none", "write_page_index": True}, id="with an index of pages"),
    ],
)
@pytest.mark.parametrize(
    "columns",
    [["tx_id"], ["fee_rate", "nonce"], ["signatures", "missing"], ["fee.in.all"], TABLE.column_names],
    ids=["the first", "others", "lists", "with dots", "all"],
)
def test_columns_are_as_in_the_whole_file(columns: list[str], options: dict[str, object], archive: ObjectStore) -> None:
    file = stored(archive, **options)
    assert read(archive, file, *columns) == TABLE.select([name for name in columns if name in TABLE.column_names])


def test_a_large_column_is_not_read_with_others(archive: ObjectStore) -> None:
    file = stored(archive)
    sizes = answers_of(archive)
    read(archive, file, "nonce", "fee_rate")
    # The end of the file, which holds them of the last row group, and them of the others.
    assert len(sizes) == 3
    assert sum(sizes) < file.bytes / 10


def test_a_small_gap_is_read_over(archive: ObjectStore) -> None:
    file = stored(archive, TABLE.drop_columns("raw_tx"))
    sizes = answers_of(archive)
    read(archive, file, "tx_id", "fee_rate")
    assert len(sizes) == 2


def test_a_small_file_takes_one_request(archive: ObjectStore) -> None:
    file = stored(archive, TABLE.drop_columns("raw_tx").slice(0, 100))
    sizes = answers_of(archive)
    assert read(archive, file, "nonce") == TABLE.select(["nonce"]).slice(0, 100)
    assert sizes == [file.bytes]


def test_row_groups_without_rows_are_no_requests(archive: ObjectStore) -> None:
    body = io.BytesIO()
    with pq.ParquetWriter(body, TABLE.schema, use_dictionary=False) as writer:
        for part in (TABLE.slice(0, 0), TABLE, TABLE.slice(0, 0)):
            writer.write_table(part)
    archive.put(KEY, body.getvalue())
    sizes = answers_of(archive)
    file = StoredFile(KEY, ROWS, len(body.getvalue()), "")
    assert read(archive, file, "nonce") == TABLE.select(["nonce"])
    assert sum(sizes) < file.bytes / 10


def test_a_long_footer_is_read_whole(archive: ObjectStore) -> None:
    many = pa.table({f"column_{number}": TABLE["nonce"] for number in range(400)} | {"nonce": TABLE["nonce"]})
    file = stored(archive, many)
    assert pq.read_metadata(io.BytesIO(archive.get(KEY))).serialized_size > 64 * 1024
    assert read(archive, file, "nonce") == TABLE.select(["nonce"])


def test_a_file_that_is_replaced_meanwhile_is_worth_waiting_for(archive: ObjectStore) -> None:
    file, body = stored(archive), archive.get(KEY)
    other = ObjectStore(archive._client, archive.bucket)

    def replace(**_answer: object) -> None:
        archive._client.meta.events.unregister("after-call.s3.GetObject", replace)
        other.put(KEY, body[:-1] + b"2")

    archive._client.meta.events.register("after-call.s3.GetObject", replace)
    with pytest.raises(Retryable, match=f"{KEY}.*PreconditionFailed"):
        read(archive, file, "nonce")


def test_what_is_no_parquet_is_said_to_be_damaged(archive: ObjectStore) -> None:
    archive.put(KEY, b"no Parquet" * 10)
    with pytest.raises(Retryable, match=rf"{KEY}: .*the file is damaged"):
        read(archive, StoredFile(KEY, 1, 100, ""), "nonce")


def test_a_file_that_is_cut_off_is_said_to_be_damaged(archive: ObjectStore) -> None:
    file = stored(archive)
    archive.put(KEY, archive.get(KEY)[:-100])
    with pytest.raises(Retryable, match=rf"{KEY}: .*the file is damaged"):
        read(archive, file, "nonce")


@pytest.mark.parametrize("size", ["64k", "72k", "88k", "256k"])
def test_a_full_disk_is_said_to_be_full(
    size: str, archive: ObjectStore, small_disk: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Be it full at the footer, or at any of the columns."""
    file = stored(archive, compression="none", use_dictionary=False)
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk(size)))
    with pytest.raises(Terminal, match=f"{KEY}: .*No space left on device.* Free space on the worker's temporary disk"):
        read(archive, file, "tx_id", "raw_tx")
