"""A part of a manifest is written when all its files are there, though they are sent several at a time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest

from stacks_dataverse import paths
from stacks_dataverse.errors import Retryable
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.runners import land
from stacks_dataverse.stores import parallel
from stacks_dataverse.window import Window
from tests.support.pipeline import Pipeline

DAY = "2024-10-29"


def land_day(source: StacksDb, pipeline: Pipeline) -> None:
    """As a backfill does."""
    land.land_day(source, pipeline.archive, Window.parse(DAY), 2, datetime.now(UTC), ())


def land_small_tables(source: StacksDb, pipeline: Pipeline) -> None:
    """As the tasks of `stacks_daily`."""
    land.land_blocks(source, pipeline.archive, Window.parse(DAY), 2)
    land.land_small_tables(source, pipeline.archive, Window.parse(DAY))


@pytest.mark.parametrize("step", [land_day, land_small_tables])
def test_no_part_is_written_before_its_files_are_there(
    step: Callable[..., None],
    sample: str,
    new_pipeline: Callable[[str], Pipeline],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A file is refused when all that is to be sent with it has been handed over."""
    pipeline, handed_over = new_pipeline(sample), Event()

    class Watched(ThreadPoolExecutor):
        """Files and parts are handed over as they are; what is read has its name as an argument."""

        def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
            self.is_sending = not arguments
            return super().submit(work, *arguments)

        def shutdown(self, **options: bool) -> None:
            if self.is_sending:
                handed_over.set()
            super().shutdown(**options)

    def refuse(request: AWSPreparedRequest, **_more: object) -> None:
        if "/stx_lock_events/" in request.url:
            assert handed_over.wait(30)
            raise OSError("S3 is away")

    with StacksDb.open(sample) as source:
        source.refresh_snapshot()
        monkeypatch.setattr(parallel, "ThreadPoolExecutor", Watched)
        pipeline.archive._client.meta.events.register("before-send.s3.PutObject", refuse)
        with pytest.raises(Retryable, match=r"stx_lock_events.*S3 is away"):
            step(source, pipeline)
    parts, _ = paths.RAW_PART.format(day=DAY, part="|").split("|")
    assert pipeline.archive.list_keys(parts) == [paths.RAW_PART.format(day=DAY, part="blocks")]
