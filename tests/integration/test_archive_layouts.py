"""Days that were really landed from two versions of the API, in one archive, read together."""

from collections import Counter
from pathlib import Path

import pytest

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.sample_chain.layouts import copy_chain
from stacks_dataverse import paths
from tests.conftest import RealData
from tests.integration.conftest import CYCLES, SAMPLE, SAMPLE_DAYS
from tests.support.archive_readers import each_reader, read
from tests.support.stores import load_dump, new_stores

DAYS = {SAMPLE_DAYS[0]: "stacks_schema_v7_14_1", SAMPLE_DAYS[1]: "stacks_schema_v9"}


@pytest.fixture(scope="module")
def rows_landed(
    tmp_path_factory: pytest.TempPathFactory, sample: str, postgres_server: PostgresServer, s3_server: S3Server,
    real_data: RealData,
) -> tuple[Path, dict[str, int]]:  # fmt: skip
    """A copy of the archive, and how many transactions were landed of each day."""
    folder, counts = tmp_path_factory.mktemp("archive"), {}
    for day, version in DAYS.items():
        dsn = load_dump(postgres_server, real_data.dump(version), f"archive_{version}")
        copy_chain(sample, dsn)
        pipeline = new_stores(postgres_server, s3_server, f"archive_{version}", dsn, CYCLES[SAMPLE])
        counts[day] = pipeline.land(day).tables["txs"].rows
        file = folder / paths.RAW_TABLE.format(table="txs", day=day)
        file.parent.mkdir(parents=True)
        file.write_bytes(pipeline.archive.get(paths.RAW_TABLE.format(table="txs", day=day)) or b"")
    return folder, counts


@each_reader
def test_days_of_two_versions_are_read_with_the_columns_of_both(
    reader: str, rows_landed: tuple[Path, dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, counts = rows_landed
    monkeypatch.chdir(folder)
    rows = read(reader)
    assert Counter(str(row["day"]) for row in rows) == counts
    assert all("vm_error" in row and row["tx_id"] is not None for row in rows)
