"""A figure of other code is published of every day, and one whose state cannot be read fails alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.state import EndOfDayState
from tests.integration.conftest import SAMPLE, SAMPLE_DAYS, Outcome
from tests.integration.looks import execute
from tests.integration.releases import MADE, catch_up, failures, made_since
from tests.support.pipeline import Pipeline


def more_accounts(transform: Callable[[Any], Any], source: Any) -> Any:
    """Another function, of other rows: a thousand accounts more."""
    rows = transform(source)
    place = rows.schema.get_field_index("total_accounts")
    more = pa.array([value + 1000 for value in rows["total_accounts"].to_pylist()], rows.schema.field(place).type)
    return rows.set_column(place, "total_accounts", more)


def test_what_a_figure_of_other_code_gives_is_published_of_every_day(
    whole_chain: Callable[[str], Pipeline],
    copy_of: Callable[[Pipeline], Pipeline],
    release: Callable[..., None],
    outcome: Outcome,
) -> None:
    run, (_, expected) = copy_of(whole_chain(SAMPLE)), outcome
    release({"daily_addresses": more_accounts})
    catch_up(run)
    changed = {key for key, value in run.published().items() if value != expected[key]}
    files = ("addx_growth/{}.json.gz", "v1/addx_growth/{}.json.gz", "v1/addx_growth/{}.parquet")
    dated = {file.format(version) for file in files for version in (*SAMPLE_DAYS, "latest")}
    assert changed == {*dated, "v1/network_activity.json.gz", "v1/network_activity.parquet"}
    release({})
    catch_up(run)
    assert run.published() == expected


def unreadable(state: EndOfDayState) -> EndOfDayState:
    """The state, which cannot be read as it was before any day."""
    return replace(state, opening_state="SELECT 1 / 0 AS address WHERE {first} IS NOT NULL")


def without_ledger(state: EndOfDayState) -> EndOfDayState:
    """The state, of which the changes of a day cannot be read."""
    return replace(state, state=replace(state.state, ledger="no_such_ledger"))


@pytest.mark.parametrize("fault", [unreadable, without_ledger])
def test_a_state_that_fails_stops_its_figures_and_no_others(
    fault: Callable[[EndOfDayState], EndOfDayState], loaded: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = loaded
    run.make_figures()
    before, content = run.read(MADE).to_pylist(), run.content()
    declared = catalog.TABLES
    tables = [
        replace(table, end_of_day_states=tuple(map(fault, table.end_of_day_states))) if table.name == "daily_stacking"
        else table
        for table in declared
    ]  # fmt: skip
    monkeypatch.setattr(catalog, "TABLES", tuple(tables))
    execute(run.warehouse_dsn, "UPDATE built_tables SET version = '' WHERE table_name = 'daily_addresses'")
    run.make_figures()
    made = made_since(run, before)
    assert made >= {("daily_addresses", day) for day in SAMPLE_DAYS}
    assert failures(run).keys() == {("daily_stacking", day) for day in SAMPLE_DAYS}
    monkeypatch.setattr(catalog, "TABLES", declared)
    catch_up(run)
    assert failures(run) == {}
    assert run.content() == content
