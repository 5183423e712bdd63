#!/usr/bin/env bash
# pyarrow 26.0.1: `store_schema=False`, which says that the Arrow schema is not to be stored in a Parquet file, also
# drops the metadata of the table, its own keys and those of its columns. pyarrow's documentation says that the option
# is about the key ARROW:schema. Any other program would read the dropped keys as the file's key-value metadata.
# Worked around by keeping the Arrow schema: it costs 1 to 4 KB in a public file.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys

import pyarrow as pa
import pyarrow.parquet as pq

heights = pa.field("height", pa.int64(), metadata={"unit": "blocks"})
table = pa.table([[1, 2]], schema=pa.schema([heights], metadata={"as_of": "2026-11-28T00:00:00Z"}))
kept = {}
for store_schema in (True, False):
    path = f"{sys.argv[1]}/{store_schema}.parquet"
    pq.write_table(table, path, store_schema=store_schema)
    kept[store_schema] = sorted(key.decode() for key in pq.read_metadata(path).metadata or {})
    print(f"pyarrow {pa.__version__}, store_schema={store_schema}: keys of the file are {kept[store_schema]}")
assert kept == {True: ["ARROW:schema", "as_of"], False: []}, kept
PYTHON
echo "As found: without the Arrow schema the file has no metadata at all."
