"""Assets say where to read about them, and their events what was written; a DAG can be scheduled on them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import Asset
from airflow.sdk.execution_time.context import TriggeringAssetEventsAccessor

from plugins.dag_parts import assets
from stacks_dataverse.manifest import StoredFile
from stacks_dataverse.runners import backfill as backfill_runner
from stacks_dataverse.runners import forget as forget_runner
from stacks_dataverse.task_wrappers import backfill, daily, forget, half_hourly, market
from tests.dags import test_backfill_wrappers, test_market_wrappers, test_task_wrappers

ROOT = Path(__file__).parents[2]
ASSETS = [value for value in vars(assets).values() if isinstance(value, Asset)]
EXAMPLE = ROOT / "docs" / "examples" / "after_publishing.py"

runners = test_task_wrappers.runners
backfill_runners = pytest.fixture(name="backfill_runners")(test_backfill_wrappers.runners.__wrapped__)
configured = test_market_wrappers.configured
market_runners = pytest.fixture(name="market_runners")(test_market_wrappers.runners.__wrapped__)


def extra_of(call: Callable[..., Any], context: dict[str, Any]) -> dict[str, Any]:
    """The extra of the event of a task's asset."""
    asset = Asset(name="an_asset", uri="s3://bucket/an_asset")
    events = {asset: SimpleNamespace(extra={})}
    call(**context | {"outlets": [asset], "outlet_events": events})
    extra = events[asset].extra
    assert datetime.fromisoformat(extra["as_of"]).tzinfo is UTC
    return extra


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.name)
def test_an_asset_has_a_title_and_a_page(asset: Asset) -> None:
    assert asset.extra["title"]
    assert "/dataverse/" in asset.extra["page"]


def test_every_outlet_is_one_of_the_assets() -> None:
    bag = DagBag(str(ROOT / "dags"))
    tasks = [task for dag in bag.dags.values() for task in dag.tasks]
    outlets = [asset for task in tasks for asset in (task.partial_kwargs["outlets"] if task.is_mapped else task.outlets)
               if asset]  # fmt: skip
    assert {asset.name for asset in outlets} == {asset.name for asset in ASSETS}


@pytest.mark.usefixtures("runners")
@pytest.mark.parametrize(
    "call", [daily.write_manifest, daily.check_day, daily.publish_days], ids=lambda call: call.__name__
)
def test_events_of_a_day_have_its_rows_and_its_end(call: Callable[..., Any]) -> None:
    extra = extra_of(call, test_task_wrappers.MANUAL)
    assert (extra["day"], extra["as_of"]) == ("2024-10-29", "2024-10-30T00:00:00Z")
    assert extra["rows"] >= 10**9
    assert extra["page"].endswith("/dataverse/day/2024-10-29")


@pytest.mark.usefixtures("runners")
def test_a_removed_day_is_said_to_be_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forget_runner, "remove_day", lambda *_: 7)
    monkeypatch.setattr(forget_runner, "remove_dated_objects", lambda *_: [])
    extra = extra_of(forget.forget_day, test_task_wrappers.MANUAL)
    assert (extra["day"], extra["rows"], extra["is_removed"]) == ("2024-10-29", 7, True)


@pytest.mark.usefixtures("runners")
@pytest.mark.parametrize("call", [half_hourly.land_tip, half_hourly.publish_tip], ids=lambda call: call.__name__)
def test_events_of_the_tip_go_up_to_its_time(call: Callable[..., Any]) -> None:
    extra = extra_of(call, test_task_wrappers.MANUAL)
    assert (extra["day"], extra["as_of"]) == ("2024-10-30", "2024-10-30T23:59:59Z")
    assert extra["rows"] > 0


@pytest.mark.usefixtures("backfill_runners")
def test_events_of_a_backfill_have_their_range(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = SimpleNamespace(tables={"txs": StoredFile("txs", 10, 500, "")})
    monkeypatch.setattr(backfill_runner, "land_days", lambda *args, **_: [(day, manifest) for day in args[2]])
    monkeypatch.setattr(backfill_runner, "check_days", lambda *args: [(day, "done") for day in args[2]])
    monkeypatch.setattr(backfill.publish, "publish_due_days", lambda *_: [])
    monkeypatch.setattr(backfill.check, "read_outdated_days", lambda _: [])
    context = test_backfill_wrappers.context()
    october = ("2024-10-28", "2024-10-31", "2024-11-01T00:00:00Z")
    for call, rows in ((backfill.land_month, 40), (backfill.check_month, 7)):
        extra = extra_of(lambda call=call, **given: call("2024-10", **given), context)
        assert (extra["from_day"], extra["day"], extra["as_of"], extra["rows"]) == (*october, rows)
    extra = extra_of(backfill.publish_days, context)
    assert (extra["from_day"], extra["day"], extra["rows"]) == ("2024-10-28", "2024-11-02", 7)


@pytest.mark.usefixtures("market_runners")
def test_events_of_the_market_go_up_to_the_last_closed_hour() -> None:
    calls = [lambda **given: market.land_feed("prices", **given), market.make_indicators, market.publish_market]
    landed, made, published = (extra_of(call, test_market_wrappers.BY_HAND) for call in calls)
    assert {(extra["day"], extra["as_of"]) for extra in (landed, made, published)} == {
        ("2024-11-01", "2024-11-01T09:00:00Z")
    }
    assert (landed["answers"], made["rows"], published["rows"]) == (200_000, 2000, 2000)


@pytest.mark.usefixtures("runners")
def test_the_example_is_scheduled_on_an_asset_and_reads_its_events(capsys: pytest.CaptureFixture[str]) -> None:
    bag = DagBag(str(EXAMPLE.parent))
    assert bag.import_errors == {}
    dag = bag.dags["after_publishing"]
    assert dag.timetable.asset_condition == assets.PUBLIC_STACKS
    assert dag.timetable.asset_condition.extra == assets.PUBLIC_STACKS.extra
    asset = SimpleNamespace(name=assets.PUBLIC_STACKS.name, uri=assets.PUBLIC_STACKS.uri)
    extra = extra_of(daily.publish_days, test_task_wrappers.MANUAL)
    event = SimpleNamespace(asset=asset, source_aliases=[], extra=extra)
    dag.get_task("report").python_callable(TriggeringAssetEventsAccessor.build([event]))
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("2024-10-29: 1000000000 rows, up to 2024-10-30T00:00:00Z; 2000 files changed. ")
