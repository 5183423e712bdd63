"""Versions, staleness and failure are of a table: what is due, what is read for it, and what waits for it."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.dataset import Table
from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners import backfill, built_tables, publish, raw_archive
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window
from tests.integration.conftest import SAMPLE, SAMPLE_DAYS
from tests.integration.looks import execute
from tests.integration.releases import (
    FIRST,
    LAST,
    MADE,
    MISSING,
    RANGE,
    SECOND,
    catch_up,
    failures,
    made_since,
    misled,
    same_rows,
)
from tests.support.pipeline import Pipeline

NewRun = Callable[[str, int], Pipeline]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The raw files that are opened, in order."""
    names: list[str] = []
    open_files = raw_archive.open_files

    def noted(archive: Any, landed: Any, wanted: Collection[str]) -> Any:
        names.extend(sorted(wanted))
        return open_files(archive, landed, wanted)

    monkeypatch.setattr(raw_archive, "open_files", noted)
    return names


def test_a_table_of_other_code_is_built_of_its_own_raw_files_and_nothing_else(
    loaded: Pipeline, release: Callable[..., None], opened: list[str]
) -> None:
    run = loaded
    before, content = run.read(MADE).to_pylist(), run.content()
    assert set(run.build_days(*RANGE).values()) == {backfill.UNCHANGED}
    opened.clear()
    release({"daily_microblocks": same_rows})
    assert set(run.build_days(*RANGE).values()) == {backfill.DONE}
    assert opened == ["blocks", "microblocks", "pox_state"] * 3
    run.make_figures()
    assert made_since(run, before) == {("daily_microblocks", day) for day in SAMPLE_DAYS}
    release({})
    catch_up(run)
    assert run.content() == content


def test_a_figure_of_other_code_is_made_again_with_what_reads_it_and_no_other(
    loaded: Pipeline, release: Callable[..., None]
) -> None:
    run = loaded
    run.make_figures()
    before = run.read(MADE).to_pylist()
    release({"nft_holdings": same_rows})
    assert set(run.build_days(*RANGE).values()) <= {backfill.UNCHANGED}
    run.make_figures()
    readers = {"nft_holdings", "daily_nfts", "daily_nft_totals"}
    assert made_since(run, before) == {(name, day) for name in readers for day in SAMPLE_DAYS}


def test_a_table_that_fails_fails_alone_and_what_reads_it_waits(
    sample: str, new_run: NewRun, release: Callable[..., None], whole_chain: Callable[[str], Pipeline]
) -> None:
    run, whole = new_run(sample, 0), whole_chain(SAMPLE)
    run.run(FIRST)
    release({"stx_locks": misled, "large_transfers": misled})
    run.land(SECOND)
    run.build(SECOND)
    run.finish(SECOND)
    release({})
    run.run(LAST)
    reason = "ValueError: an odd print; {} cannot read it"
    assert failures(run) == {
        ("stx_locks", SECOND): reason.format("stx_locks"),
        ("large_transfers", SECOND): reason.format("large_transfers"),
        **{("daily_stacking", day): f"waits for stx_locks of {SECOND}" for day in (SECOND, LAST)},
    }
    assert [row["missing"] for row in run.read(MISSING).to_pylist()] == [
        None, "daily_stacking, large_transfers, stx_locks", "daily_stacking",
    ]  # fmt: skip
    waiting = run.read("SELECT name, actual FROM quality_checks WHERE NOT passed AND actual LIKE 'waits for%'")
    assert ("stacked", "waits for daily_stacking") in {(row["name"], row["actual"]) for row in waiting.to_pylist()}
    found, expected = run.published(), whole.published()
    late = {key for key in expected if found.get(key) != expected[key]}
    assert late
    readers = {obj.name for obj in catalog.OBJECTS if re.search(r"\bdaily_stacking\b", obj.rows)}
    assert {key.removeprefix("v1/").partition("/")[0].partition(".")[0] for key in late} <= readers
    with Warehouse.open(run.warehouse_dsn) as warehouse, pytest.raises(Terminal, match=r"3 tables lack.*stx_locks"):
        built_tables.raise_for_failed(warehouse, *(Window.parse(day).day for day in (SECOND, SECOND)))
    catch_up(run)
    assert failures(run) == {}
    content = run.content()
    of_vendors = {"price_hourly", "stx_historical_prices"}
    assert {name for name, rows in whole.content().items() if rows != content[name]} - of_vendors == set()
    assert run.published() == expected


def test_a_new_table_is_missing_until_it_is_built_on_every_day(loaded: Pipeline, release: Callable[..., None]) -> None:
    run = loaded
    execute(run.warehouse_dsn, "DELETE FROM built_tables WHERE table_name = 'stx_locks'; DELETE FROM stx_locks")
    run.build(LAST)
    run.make_figures()
    assert failures(run) == {("stx_locks", day): built_tables.UNBUILT for day in (FIRST, SECOND)} | {
        ("daily_stacking", LAST): f"waits for stx_locks of {FIRST}"
    }
    assert run.build_days(*RANGE, only=["stx_locks"]) == {
        FIRST: backfill.DONE, SECOND: backfill.DONE, LAST: backfill.UNCHANGED,
    }  # fmt: skip
    run.make_figures()
    assert failures(run) == {}


def test_named_tables_are_built_and_no_others(loaded: Pipeline, release: Callable[..., None]) -> None:
    run = loaded
    release(dict.fromkeys(("tenures", "daily_microblocks"), same_rows))
    before = run.read(MADE).to_pylist()
    run.build_days(*RANGE, only=["tenures"])
    assert made_since(run, before) == {("tenures", day) for day in SAMPLE_DAYS}


def test_a_day_that_an_older_release_built_is_due(loaded: Pipeline) -> None:
    run = loaded
    execute(run.warehouse_dsn, f"UPDATE built_days SET facts_version = 'old' WHERE day = '{SECOND}'")
    assert run.build_days(*RANGE, only=["tenures"])[SECOND] == backfill.DONE
    before = run.read(MADE).to_pylist()
    execute(run.warehouse_dsn, f"UPDATE built_days SET figures_due = false WHERE day = '{LAST}'")
    run.make_figures()
    figures = {table.name for table in catalog.tables(Kind.FIGURE)}
    assert made_since(run, before) >= {(name, LAST) for name in figures}


def broken(declared: Any) -> Any:
    """The object, of which no version can be made."""

    def shape(_rows: Any) -> Any:
        raise ValueError("no shape")

    return replace(declared, shape=shape)


def test_an_object_that_fails_stops_no_other_and_no_other_day(loaded: Pipeline) -> None:
    run = loaded
    execute(run.warehouse_dsn, "UPDATE built_days SET published_revision = 0")
    objects = [broken(each) if each.name == "daily_txs" else each for each in catalog.objects(catalog.Schedule.DAILY)]
    with (
        Warehouse.open(run.warehouse_dsn) as warehouse,
        pytest.raises(Terminal, match=rf"3 of 3 failed.*{FIRST}: 1 of \d+ failed.*daily_txs: no shape"),
    ):
        publish.publish_due_days(warehouse, run.public, objects, Window.parse(LAST).day)
    dated = {key.split("/")[1].split(".")[0] for key in run.public.list_keys() if key.startswith("addx_growth/")}
    assert {*SAMPLE_DAYS, "latest"} <= dated
    assert not any(key.startswith("daily_txs/") for key in run.public.list_keys())
    run.publish(LAST)
    assert {f"daily_txs/{day}.json.gz" for day in SAMPLE_DAYS} <= set(run.public.list_keys())


@pytest.mark.parametrize("table", catalog.tables(Kind.VIEW), ids=lambda table: table.name)
def test_a_view_of_a_failed_table_lacks_its_rows_too(table: Table, loaded: Pipeline) -> None:
    run = loaded
    sources = run.read(f"SELECT table_name FROM information_schema.view_table_usage WHERE view_name = '{table.name}'")
    name = sources["table_name"][0].as_py()
    execute(
        run.warehouse_dsn,
        f"INSERT INTO built_tables VALUES ('{FIRST}', '{name}', '', '', NULL, now(), 'failed', true)"
        " ON CONFLICT (day, table_name) DO UPDATE SET failure = 'failed'",
    )
    with Warehouse.open(run.warehouse_dsn) as warehouse:
        day = Window.parse(FIRST).day
        assert built_tables.read_failed_tables(warehouse, day, day).keys() == {name, table.name}
