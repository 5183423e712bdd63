"""kill -9 of the task, at every kind of moment: nothing half-visible, and the next run ends right."""

import tempfile
from pathlib import Path

import pytest

from scripts.local.s3 import S3Server
from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.runners import build, figures, land, publish
from stacks_dataverse.runners import upload as upload_runner
from stacks_dataverse.stores import upload
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from tests.faults.conftest import DAY, RunningDay
from tests.faults.moments import Doomed, Moment
from tests.faults.reader import reading

pytestmark = pytest.mark.slow

FIGURES = {table.name for table in catalog.tables(Kind.FIGURE)}

MOMENTS = {
    "while a table lands": Moment(upload.Sink, "write", 12),
    "between two tables and their parts of the manifest": Moment(land, "_write_part", 4),
    "before the manifest": Moment(ObjectStore, "put_json", concern=lambda _, key, __: key.endswith(f"{DAY}.json")),
    "while raw files are read": Moment(ObjectStore, "_fetch", 4),
    "while facts are written": Moment(Warehouse, "replace_day", 5),
    "before the commit of a build": Moment(build, "_record_day"),
    "after the commit of a build": Moment(figures, "make_due_figures"),
    "while figures are written": Moment(
        Warehouse, "replace_day", 3, lambda _, table, *__: table in FIGURES
    ),
    "while the day is entered as loaded": Moment(
        Warehouse, "execute", concern=lambda _, sql, **__: "INTO loaded_days" in sql
    ),
    "between a dated object and its copy": Moment(
        ObjectStore, "put", concern=lambda _, key, *__: key == "daily_txs/latest.json.gz"
    ),
    "between a public file and the same as Parquet": Moment(
        ObjectStore, "put", concern=lambda _, key, *__: key == "v1/daily_txs/latest.parquet"
    ),
    "before a public file changes": Moment(
        Warehouse, "execute", concern=lambda _, sql, **__: sql == upload_runner.CHANGED_SQL
    ),
    "between the public files and their record": Moment(
        Warehouse, "execute", concern=lambda _, sql, **__: sql == upload_runner.FILES_SQL
    ),
    "among the public objects": Moment(ObjectStore, "put", 9, lambda _, key, *__: key.endswith(".gz")),
    "after the last public object": Moment(
        Warehouse, "execute", concern=lambda _, sql, **__: sql == publish.PUBLISHED_SQL
    ),
}  # fmt: skip


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_the_task_is_killed(
    moment: Moment, running_day: RunningDay, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    task = Doomed(moment, lambda: running_day.at(s3_server.endpoint).run(DAY), monkeypatch)
    with reading(running_day.pipeline, DAY):
        task.kill()
        running_day.ends_right(unseen_uploads=running_day.uploads())
    assert not list(tmp_path.glob("dataverse-*"))


def test_the_task_is_killed_in_an_upload_by_parts(
    running_day: RunningDay, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "PART_BYTES", 0)
    task = Doomed(MOMENTS["while a table lands"], lambda: running_day.at(s3_server.endpoint).run(DAY), monkeypatch)
    with reading(running_day.pipeline, DAY):
        task.kill()
        [begun] = running_day.uploads()
        running_day.ends_right(unseen_uploads=[begun])
