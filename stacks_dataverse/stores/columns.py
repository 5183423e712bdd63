"""Copy some columns of a Parquet object to a file, and few of its other bytes: what is not copied is a hole."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow.parquet as pq
from botocore.client import BaseClient

from stacks_dataverse.manifest import StoredFile

# The end of a file, with which reading begins: the footers of most files are shorter.
END_BYTES = 64 * 1024

# Parquet's last bytes: how long the footer is, as a 32-bit little-endian number, and `PAR1`.
LENGTH_BYTES, TAIL_BYTES = 4, 8

# What lies between two columns is copied too, if it is shorter: a request of its own takes longer.
GAP_BYTES = 1024 * 1024

# How much is in memory at a time.
CHUNK_BYTES = 1024 * 1024


def copy_columns(client: BaseClient, bucket: str, file: StoredFile, columns: Collection[str], path: Path) -> None:
    """Copy an object's columns of some names, those that it has, and its footer, each to its place in a new file.

    Raises boto3's errors, also where the object is replaced meanwhile, and ArrowInvalid for what is no Parquet.
    """
    with path.open("wb+") as copy:
        copy.truncate(file.bytes)
        parameters = {"Bucket": bucket, "Key": file.key}

        def fetch(first: int, end: int) -> None:
            answer = client.get_object(**parameters, Range=f"bytes={first}-{end - 1}")
            parameters["IfMatch"] = answer["ETag"]
            copy.seek(first)
            for chunk in answer["Body"].iter_chunks(CHUNK_BYTES):
                copy.write(chunk)
            # Here, not when it is closed, a full disk is an error.
            copy.flush()

        copied = max(file.bytes - END_BYTES, 0)
        fetch(copied, file.bytes)
        footer = file.bytes - TAIL_BYTES - _footer_bytes(copy)
        if 0 < footer < copied:
            fetch(footer, copied)
            copied = footer
        for first, end in _spans(pq.read_metadata(path), columns):
            if first < min(end, copied):
                fetch(first, min(end, copied))


def _footer_bytes(file: BinaryIO) -> int:
    file.seek(-TAIL_BYTES, 2)
    return int.from_bytes(file.read(LENGTH_BYTES), "little")


def _spans(metadata: pq.FileMetaData, columns: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where columns lie in a file, from the first byte to after the last; those with a short gap between are one."""
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    chunks = [group.column(number) for group in groups for number in range(metadata.num_columns)]
    places = sorted(_place(chunk) for chunk in chunks if _is_of(chunk.path_in_schema, columns))
    while places:
        first, end = places.pop(0)
        while places and places[0][0] - end < GAP_BYTES:
            _, end = places.pop(0)
        yield first, end


def _is_of(path: str, columns: Collection[str]) -> bool:
    """Whether a path of a column, or of a part of it, is of one of the columns: their names may have dots too."""
    return path in columns or any(path.startswith(f"{name}.") for name in columns)


def _place(chunk: pq.ColumnChunkMetaData) -> tuple[int, int]:
    first = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
    return first, first + chunk.total_compressed_size
