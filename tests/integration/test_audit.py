"""A loaded day is made again in memory; what differs is named, and nothing is changed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.errors import Terminal
from stacks_dataverse.files import headers
from stacks_dataverse.runners import audit
from stacks_dataverse.stores.warehouse import Warehouse
from stacks_dataverse.window import Window
from tests.integration.conftest import SAMPLE, SAMPLE_DAYS, Outcome
from tests.integration.looks import execute
from tests.integration.releases import same_rows
from tests.support.pipeline import Pipeline, now

DAY, LAST = SAMPLE_DAYS[1:]
FILES = f"v1/daily_txs/{DAY}.json.gz", f"v1/daily_txs/{DAY}.parquet", f"daily_txs/{DAY}.json.gz"
STATES = "SELECT name, passed, kind, actual FROM quality_checks WHERE name = 'made_again' ORDER BY checked_at"
PRICE = f"""
    INSERT INTO price_daily (symbol, day, open_usd, high_usd, low_usd, close_usd, source)
    VALUES ('STX', '{DAY}', 1, 1, 1, 1, 'test'), ('BTC', '{DAY}', 1, 1, 1, 1, 'test') ON CONFLICT DO NOTHING
"""
OTHER_ORDERS = (FILES[1:] + FILES[:1], FILES[2:] + FILES[:2])
FAULTS = (
    "UPDATE daily_activity SET initiators = initiators + 1",
    "DELETE FROM block_edges",
    "INSERT INTO address_days SELECT DISTINCT ON (day) day, address || 'X', first_hour_at FROM address_days",
    "UPDATE daily_balances SET whales = whales + 1",
)


@pytest.fixture
def published(loaded: Pipeline, whole_chain: Callable[[str], Pipeline]) -> Iterator[Pipeline]:
    """The sample with all days loaded and published: a warehouse to be changed, and files that are put back."""
    public = whole_chain(SAMPLE).public
    kept = {key: public.get(key) for key in FILES}
    yield replace(loaded, public=public)
    for key, body in kept.items():
        public.put(key, body or b"", headers(key))


def audited(run: Pipeline, day: str = DAY) -> audit.Audit:
    with Warehouse.open(run.warehouse_dsn) as warehouse:
        tables, objects = catalog.built_tables(), catalog.objects_of_a_day()
        return audit.audit_day(run.archive, warehouse, run.public, Window.parse(day), tables, objects, run.network)


@pytest.mark.parametrize("day", [*(pytest.param(day, marks=pytest.mark.slow) for day in SAMPLE_DAYS[:2]), LAST])
def test_a_day_as_it_was_made_has_no_difference(day: str, published: Pipeline, outcome: Outcome) -> None:
    found = audited(published, day)
    assert found.differences == []
    dated = {obj.name for obj in catalog.objects_of_a_day()}
    assert (set(found.tables), set(found.objects)) == ({table.name for table in catalog.built_tables()}, dated)
    assert (published.content(), published.published()) == outcome


def test_rows_that_differ_are_named(published: Pipeline) -> None:
    for fault in FAULTS:
        execute(published.warehouse_dsn, f"{fault} WHERE day = '{DAY}'")
    found = audited(published).differences
    for named in (
        *("daily_activity lacks 1 rows: ", "daily_activity has, and should not, 1 rows: ", "block_edges lacks "),
        *("address_days has, and should not, 1 rows: ", "daily_balances lacks 1 rows: "),
    ):
        assert any(text.startswith(named) for text in found), named


@pytest.mark.parametrize("files", [FILES, *(pytest.param(other, marks=pytest.mark.slow) for other in OTHER_ORDERS)])
def test_a_file_that_differs_is_named(files: tuple[str, ...], published: Pipeline) -> None:
    changed, damaged, removed = files
    published.public.put(changed, published.public.get(changed.replace(DAY, SAMPLE_DAYS[0])) or b"")
    published.public.put(damaged, (published.public.get(damaged) or b"")[:-50])
    published.public.delete(removed)
    named = [f"the file {key} is not what the warehouse says" for key in files]
    assert sorted(audited(published).differences) == sorted(named)


def test_a_file_of_an_older_version_of_the_texts_is_no_difference(
    loaded: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("stacks_dataverse.envelope.page", lambda obj: f"elsewhere/{obj.name}.html")
        loaded.publish(DAY)
    assert "elsewhere" in str(loaded.public.get_json(FILES[0]))
    assert audited(loaded).differences == []


def test_prices_that_came_after_the_day_are_no_difference(published: Pipeline) -> None:
    execute(published.warehouse_dsn, PRICE)
    assert audited(published).differences == []


def test_files_of_the_day_alone_are_compared() -> None:
    names = {obj.name for obj in catalog.objects_of_a_day()}
    assert {"daily_txs", "wallet_balances", "signers"} <= names
    assert not names & {"exchange_pools", "exchange_pairs", "tokens"}


def test_a_file_that_the_day_never_had_is_no_difference(published: Pipeline) -> None:
    execute(
        published.warehouse_dsn, f"DELETE FROM published_versions WHERE path = '{FILES[1].replace(DAY, '{version}')}'"
    )
    published.public.delete(FILES[1])
    assert audited(published).differences == []


def test_an_object_that_cannot_be_made_of_the_warehouse_is_named(published: Pipeline) -> None:
    execute(published.warehouse_dsn, f"DELETE FROM daily_balances WHERE day = '{DAY}'")
    found = audited(published).differences
    assert any(text.startswith("wallet_balances_raw cannot be made of the warehouse: ") for text in found)


def test_a_table_of_other_code_is_not_compared(published: Pipeline, release: Callable[..., Any]) -> None:
    release({"daily_microblocks": same_rows, "daily_balances": same_rows})
    found = audited(published)
    assert not {"daily_microblocks", "daily_balances"} & set(found.tables)
    assert found.differences == []


def test_a_backfill_with_force_repairs_what_an_audit_names(published: Pipeline) -> None:
    for table in ("daily_activity", "daily_balances"):
        execute(published.warehouse_dsn, f"DELETE FROM {table} WHERE day = '{DAY}'")
    published.public.delete(FILES[0])
    assert len(audited(published).differences) >= 3
    published.build_days(DAY, DAY, redo_before=now(), only={"daily_activity", "daily_balances"})
    published.make_figures()
    published.check_days(DAY, DAY)
    published.publish(DAY)
    assert audited(published).differences == []


def test_a_day_is_chosen_by_its_seed_among_all_loaded(loaded: Pipeline) -> None:
    with Warehouse.open(loaded.warehouse_dsn) as warehouse:
        chosen = [str(audit.choose_day(warehouse, str(seed))) for seed in range(20)]
        assert chosen == [str(audit.choose_day(warehouse, str(seed))) for seed in range(20)]
        assert set(chosen) == set(SAMPLE_DAYS)
        execute(loaded.warehouse_dsn, "DELETE FROM loaded_days")
        assert audit.choose_day(warehouse, "0") is None


def test_a_day_that_is_not_loaded_is_refused(loaded: Pipeline) -> None:
    execute(loaded.warehouse_dsn, f"DELETE FROM loaded_days WHERE day = '{DAY}'")
    with pytest.raises(Terminal, match=f"{DAY} is not loaded"):
        audited(loaded)


def test_what_is_named_of_many_rows_is_short() -> None:
    named = audit._shown(pa.table({"height": list(range(9)), "source_code": ["(define-data-var x uint u1) " * 99] * 9}))
    assert named.startswith("height 0, source_code (define-data-var")
    assert len(named) < 1_000


def test_an_outcome_is_an_error_that_leaves_the_day_loaded(published: Pipeline) -> None:
    execute(published.warehouse_dsn, f"DELETE FROM daily_activity WHERE day = '{DAY}'")
    loaded = published.read("SELECT * FROM loaded_days").to_pylist()
    with Warehouse.open(published.warehouse_dsn) as warehouse:
        for found in (audit.Audit(["daily_activity"], [], []), audited(published)):
            audit.store_audit(warehouse, Window.parse(DAY), found, catalog.AUDIT, now())
    good, bad = published.read(STATES).to_pylist()
    assert (good["passed"], good["kind"], good["actual"]) == (True, "error", "none")
    assert (bad["passed"], bad["kind"], bad["actual"][:28]) == (False, "error", "daily_activity lacks 1 rows:")
    assert published.read("SELECT * FROM loaded_days").to_pylist() == loaded
