#!/usr/bin/env bash
# pyarrow 26.0.1: `ParquetFile(..., pre_buffer=True)`, which is there to join the reads of a file system of high latency
# such as S3, joins them over gaps of up to 8 KiB, and has no option to change that. Of a file of 1 MB two columns that are
# 25 KB apart take 41 reads, one for each column of each row group, of 118 bytes: more than a second at 30 ms a request.
# A dataset of the same file has `cache_options`, and takes 3 reads with them.
# Worked around: we read the footer, and then all that is less than 1 MiB apart in one request.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import io
import os
import sys

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.fs
import pyarrow.parquet as pq

GROUPS, ROWS = 20, 100
path = f"{sys.argv[1]}/txs.parquet"
heights, fees = [1] * ROWS * GROUPS, [2] * ROWS * GROUPS
raw, value = ([os.urandom(250) for _ in fees] for _ in range(2))
table = pa.table({"height": heights, "raw": raw, "fee": fees, "value": value})
pq.write_table(table, path, row_group_size=ROWS, use_dictionary=False)
size, sizes = os.path.getsize(path), []


class Counted(io.FileIO):
    """A file that counts what is read of it, as one of S3 would make requests."""

    def read(self, size=-1):
        answer = super().read(size)
        sizes.append(len(answer))
        return answer

    def readinto(self, buffer):
        read = super().readinto(buffer)
        sizes.append(read)
        return read


class Folder(pa.fs.FileSystemHandler):
    """A file system with the one file."""

    def open_input_file(self, path):
        return pa.PythonFile(Counted(path), mode="r")

    def get_file_info(self, paths):
        return [pa.fs.FileInfo(each, pa.fs.FileType.File, size=size) for each in paths]

    get_type_name = normalize_path = open_input_stream = open_output_stream = open_append_stream = None
    get_file_info_selector = create_dir = delete_dir = delete_dir_contents = delete_root_dir_contents = None
    delete_file = move = copy_file = None

    def normalize_path(self, path):
        return path


def count(read):
    """Requests of a way to read two columns."""
    sizes.clear()
    assert read().num_rows == GROUPS * ROWS
    return len(sizes)


def by_file():
    return pq.ParquetFile(Counted(path), pre_buffer=True).read(["height", "fee"])


def by_dataset():
    options = ds.ParquetFragmentScanOptions(pre_buffer=True, cache_options=pa.CacheOptions(hole_size_limit=2**20))
    form = ds.ParquetFileFormat(default_fragment_scan_options=options)
    file_system = pa.fs.PyFileSystem(Folder())
    return ds.dataset(path, format=form, filesystem=file_system).to_table(columns=["height", "fee"])


found = {"ParquetFile": count(by_file), "the smallest": min(sizes), "a dataset with cache_options": count(by_dataset)}
print(f"pyarrow {pa.__version__}, a file of {size:,} bytes in {GROUPS} row groups: {found}")
assert found["ParquetFile"] > 2 * GROUPS - 2, found
assert found["the smallest"] < 200, found
assert found["a dataset with cache_options"] < 6, found
PYTHON
echo "As found: a read for each column of each row group, however small."
