"""`catalog.json` is never ahead of the files: not while publishes run, when they fail, and when they die."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.errors import DataverseError
from stacks_dataverse.runners import publish
from stacks_dataverse.stores.warehouse import Warehouse
from tests.integration.conftest import SAMPLE_DAYS
from tests.integration.looks import TAKEN_AT, execute
from tests.integration.polled import Killed, Reader, RecordedStore, changed_files
from tests.support.pipeline import Pipeline

DAY = SAMPLE_DAYS[-1]
READERS = 2

# Other figures for most datasets, and a day that is due.
CHANGE = """
    UPDATE loaded_days SET tx_count = tx_count + 1;
    UPDATE daily_activity SET active_accounts = active_accounts + 1;
    UPDATE daily_addresses SET active_accounts = active_accounts + 1, total_accounts = total_accounts + 1;
    UPDATE daily_balances SET holders = holders + 1;
    UPDATE daily_blocks SET tx_bytes = tx_bytes + 1;
    UPDATE daily_fees SET fee_ustx = fee_ustx + 1;
    UPDATE built_days SET revision = nextval('revisions');
"""


@pytest.fixture
def run(all_loaded: Pipeline) -> Pipeline:
    """All days and a tip published, with a catalogue, in a bucket that remembers."""
    recorded = replace(all_loaded, public=RecordedStore(all_loaded.public))
    execute(recorded.warehouse_dsn, CHANGE)
    recorded.publish(DAY)
    recorded.look(TAKEN_AT + timedelta(minutes=1))
    recorded.publish_catalogue()
    return recorded


def publish_day(run: Pipeline, number: int) -> None:
    execute(run.warehouse_dsn, CHANGE)
    run.publish(DAY)
    run.publish_catalogue()


def publish_tip(run: Pipeline, number: int) -> None:
    run.look(TAKEN_AT + timedelta(minutes=2 + number))
    run.publish_catalogue()


def publish_with_a_failure(run: Pipeline, number: int) -> None:
    """One dataset fails and keeps its version; the others are published."""
    execute(run.warehouse_dsn, CHANGE)
    objects = [
        replace(obj, rows="SELECT 1 / 0 WHERE {day} IS NOT NULL") if obj.name == "blocks" else obj
        for obj in catalog.objects(Schedule.DAILY)
    ]
    with Warehouse.open(run.warehouse_dsn) as warehouse, pytest.raises(DataverseError):
        publish.publish_due_days(warehouse, run.public, objects, date.fromisoformat(DAY))
    run.publish_catalogue()


def die_in_a_publish(run: Pipeline, number: int) -> None:
    """The process ends between two puts: nothing of it is recorded, and no catalogue is made."""
    execute(run.warehouse_dsn, CHANGE)
    run.public.dies_at = 1 + 7 * number % 60
    with suppress(Killed):
        run.publish(DAY)
    run.public.dies_at = 0


PUBLISHES = (publish_day, publish_tip, publish_with_a_failure, die_in_a_publish)


def publish_until(run: Pipeline, readers: list[Reader], reads: int) -> None:
    """Publish in every way, again and again, until readers have read so often between them."""
    for number in count():
        PUBLISHES[number % len(PUBLISHES)](run, number)
        if number >= len(PUBLISHES) and sum(reader.reads for reader in readers) >= reads:
            return


def polled(reader: Reader, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            reader.poll()
        except Exception as error:
            reader.wrong.append(repr(error))
            return


@pytest.mark.parametrize("reads", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_polling_reader_finds_no_file_missing_or_older_than_the_catalogue_says(run: Pipeline, reads: int) -> None:
    readers, stop = [Reader(run.public, seed) for seed in range(READERS)], threading.Event()
    threads = [threading.Thread(target=polled, args=(reader, stop)) for reader in readers]
    for thread in threads:
        thread.start()
    try:
        publish_until(run, readers, reads)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert [wrong for reader in readers for wrong in reader.wrong] == []
    assert sum(reader.reads for reader in readers) >= reads
    assert sum(reader.newer for reader in readers) > 0, "no reader came between a file and its catalogue"


def test_the_next_publish_heals_one_that_died(run: Pipeline) -> None:
    die_in_a_publish(run, 5)
    assert changed_files(run.public), "files are there that the catalogue does not know yet"
    run.publish(DAY)
    run.publish_catalogue()
    assert changed_files(run.public) == []


def test_a_reader_sees_what_is_wrong(run: Pipeline) -> None:
    run.public.delete("v1/blocks.parquet")
    reader = Reader(run.public, 0)
    for _ in range(200):
        reader.poll()
        if reader.wrong:
            break
    assert set(reader.wrong) == {"v1/blocks.parquet is missing"}
