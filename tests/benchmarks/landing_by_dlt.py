"""The method `dlt` of `tests.benchmarks.landing`, run by the Python of an environment that has dlt and connectorx.

    uv venv dlt-env && uv pip install --python dlt-env/bin/python \
        "dlt[filesystem,s3,parquet,sql_database]==1.31.0" connectorx==0.4.6 psycopg2-binary
"""

import json
import sys
import tempfile
import time
from contextlib import closing

import connectorx  # noqa: F401
import dlt
import psycopg2
from dlt.destinations import filesystem
from dlt.sources.sql_database import sql_table

from tests.benchmarks.usage import cpu_seconds, peak_megabytes

# Of the types of the Stacks database those that connectorx 0.4.6 reads: no arrays, bit strings, or amounts in numeric.
READ = ("bool", "int2", "int4", "int8", "text", "varchar", "bpchar", "bytea", "timestamptz", "json", "jsonb")


def _readable(parameters: dict[str, str], table: str) -> list[str]:
    """The columns of a table that connectorx can read."""
    with closing(psycopg2.connect(**parameters)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND udt_name IN %s", (table, READ)
        )
        return [name for (name,) in cursor.fetchall()]


def main() -> None:
    """Land the tables of standard input's target; print seconds of wall time and CPU, and the peak of memory."""
    target = json.load(sys.stdin)
    found, s3 = target["database"], target["s3"]
    url = "postgresql+psycopg2://{user}:{password}@{host}:{port}/{dbname}".format(**found)
    bucket = filesystem(bucket_url="s3://operator", credentials=s3)
    began, before = time.monotonic(), cpu_seconds()
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline("landing", destination=bucket, dataset_name="dlt", pipelines_dir=folder)
        tables = [
            sql_table(credentials=url, table=name, backend="connectorx", included_columns=_readable(found, name))
            for name in target["tables"]
        ]
        pipeline.run(tables, loader_file_format="parquet", write_disposition="replace")
    print(json.dumps([time.monotonic() - began, cpu_seconds() - before, peak_megabytes()]))


if __name__ == "__main__":
    main()
