"""A task killed in the middle leaves nothing half-visible, and the next run heals it."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.synchronize import Event
from typing import Any

import pytest

from stacks_dataverse import paths
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.runners import land
from stacks_dataverse.stores import running_state, upload
from stacks_dataverse.window import Window
from tests.support.pipeline import Pipeline

DAYS = ("2024-10-28", "2024-10-29", "2024-10-30")
FORK = multiprocessing.get_context("fork")
PATIENCE_SECONDS = 60


def killed_at(moment: Event, work: Callable[[], Any]) -> None:
    """Do work in a process of its own, and kill -9 it at a moment that the work itself announces."""
    process = FORK.Process(target=work)
    process.start()
    assert moment.wait(PATIENCE_SECONDS)
    os.kill(process.pid, signal.SIGKILL)
    process.join(PATIENCE_SECONDS)
    assert process.exitcode == -signal.SIGKILL


def announce_and_hang(moment: Event) -> None:
    moment.set()
    signal.pause()


@pytest.fixture
def built(sample: str, new_pipeline: Callable[[str], Pipeline]) -> Pipeline:
    pipeline = new_pipeline(sample)
    pipeline.load(*DAYS[:2])
    return pipeline


def test_a_build_killed_before_its_commit(built: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    before, moment = built.content(), FORK.Event()
    built.land(DAYS[2])
    finish = running_state.update

    def hang(warehouse: Any, table: str, *arguments: Any) -> None:
        finish(warehouse, table, *arguments)
        if table == "stx_balances":
            announce_and_hang(moment)

    monkeypatch.setattr(running_state, "update", hang)
    killed_at(moment, lambda: built.build(DAYS[2]))
    monkeypatch.undo()
    assert built.content() == before
    built.build(DAYS[2])
    built.check(DAYS[2])
    assert len(built.content()["loaded_days"]) == 3


def test_a_landing_killed_in_mid_stream(built: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    key, moment = paths.RAW_TABLE.format(table="txs", day=DAYS[1]), FORK.Event()
    before, write = built.archive.get(key), upload.Sink.write

    def hang(sink: Any, data: Any) -> int:
        if sink.bytes:
            announce_and_hang(moment)
        return write(sink, data)

    def land_txs() -> None:
        with StacksDb.open(built.stacks_dsn) as source:
            land.land_tables(source, built.archive, Window.parse(DAYS[1]), "txs", ["txs"])

    monkeypatch.setattr(upload.Sink, "write", hang)
    killed_at(moment, land_txs)
    monkeypatch.undo()
    assert built.archive.get(key) == before
    content = built.content()
    built.load(DAYS[1])
    assert built.content() == content
