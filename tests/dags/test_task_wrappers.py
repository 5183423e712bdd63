"""Task wrappers know which day they are about, what Airflow may retry, and hand on little."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException
from psycopg2.extensions import parse_dsn

from stacks_dataverse import connections
from stacks_dataverse.chain import LARGE_TABLES, OPTIONAL_TABLES
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.manifest import StoredFile, TablesPart
from stacks_dataverse.runners import build, check, figures, land, publish, row_counts
from stacks_dataverse.runners import forget as forget_runner
from stacks_dataverse.runners.tip import land as tip_land
from stacks_dataverse.runners.tip import publish as tip_publish
from stacks_dataverse.task_wrappers import daily, forget, half_hourly, shared
from stacks_dataverse.tip_snapshot import TipSnapshot

DAGS = Path(__file__).parents[2] / "dags"

TIP = {"at": "20241031T000000Z", "tip": 9, "tip_time": 1_730_332_799, "rows": 7, "bytes": 70}
HANDED_OVER = {"land_tip": TIP}
HANDED_ON = SimpleNamespace(xcom_pull=lambda task_ids: HANDED_OVER[task_ids])
MANUAL = {"params": {"day": "2024-10-29"}, "ti": HANDED_ON, "run_id": "manual__2024-10-30T00:00:00+00:00"}


def test_the_param_names_the_day_of_a_run_by_hand() -> None:
    assert shared.window({"params": {"day": "2024-10-29"}}).day == date(2024, 10, 29)


def test_a_scheduled_run_is_about_its_data_interval() -> None:
    context = {"params": {"day": None}, "data_interval_start": datetime(2024, 10, 29, tzinfo=UTC)}
    assert shared.window(context).day == date(2024, 10, 29)


def test_the_param_wins_over_the_interval() -> None:
    context = {"params": {"day": "2024-10-01"}, "data_interval_start": datetime(2024, 10, 29, tzinfo=UTC)}
    assert shared.window(context).day == date(2024, 10, 1)


@pytest.mark.parametrize(
    ("params", "words"),
    [
        pytest.param({"day": None}, "has no day", id="by hand without a day"),
        pytest.param({"day": "29/10/2024"}, "is not a valid day", id="no date"),
        pytest.param({"day": "2024-02-30"}, "is not a valid day", id="no such date"),
        pytest.param({"day": str(date.today() + timedelta(days=2))}, "is in the future", id="after today"),
    ],
)
def test_a_run_without_a_possible_day_fails_at_once(params: dict[str, Any], words: str) -> None:
    with pytest.raises(AirflowFailException, match=words):
        daily.day_is_settled(params=params)


def test_airflow_retries_only_what_is_worth_it() -> None:
    @shared.wrapper("Never done")
    def fails(error: Exception, **_: Any) -> None:
        raise error

    with pytest.raises(AirflowFailException, match="wrong key"):
        fails(Terminal("wrong key"))
    with pytest.raises(Retryable):
        fails(Retryable("slow server"))


def test_an_unsettled_day_may_be_asked_for_without_looking_at_the_chain() -> None:
    assert daily.day_is_settled(params={"day": "2024-10-29", "allow_unsettled": True})


def test_an_interval_of_another_time_zone_is_about_the_utc_day() -> None:
    start = datetime(2024, 10, 29, 1, tzinfo=timezone(timedelta(hours=2)))
    assert shared.window({"params": {}, "data_interval_start": start}).day == date(2024, 10, 28)


def test_today_is_possible_before_it_has_ended() -> None:
    today = datetime.now(UTC).date()
    assert shared.window({"params": {"day": str(today)}}).day == today


@pytest.fixture
def runners(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runners that answer as after the largest day there is; no server behind them."""
    file = StoredFile("raw/stacks/txs/day=2024-10-29/part-0000.parquet", 10**9, 10**12, "0" * 64)
    tables = dict.fromkeys((*OPTIONAL_TABLES, *LARGE_TABLES), file)
    landed = TablesPart(pinned_to=file, tables=tables)
    for name in ("stacks_db", "warehouse"):
        monkeypatch.setattr(connections, name, lambda: nullcontext(SimpleNamespace()))
    for name in ("archive", "public"):
        monkeypatch.setattr(connections, name, lambda: SimpleNamespace(bucket="a-bucket"))
    monkeypatch.setattr(row_counts, "count_rows", lambda *_: 10**9)
    monkeypatch.setattr(connections, "settle_hours", lambda: 2.0)
    monkeypatch.setattr(connections, "cdn", lambda: None)
    monkeypatch.setattr(land, "read_loaded_height", lambda _: 100)
    for name in ("land_blocks", "land_tables", "land_small_tables", "write_manifest"):
        monkeypatch.setattr(land, name, lambda *_: landed)
    every_day = [date(2021, 1, 14) + timedelta(days=n) for n in range(2000)]
    monkeypatch.setattr(figures, "make_due_figures", lambda *_: every_day)
    keys = [f"daily_txs/{day}.json.gz" for day in every_day]
    monkeypatch.setattr(publish, "publish_due_days", lambda *_: keys)
    monkeypatch.setattr(publish, "invalidate", lambda *_: keys)
    monkeypatch.setattr(build, "build_day", lambda *args: {table.name: 10**9 for table in args[3]})
    monkeypatch.setattr(check, "check_day", lambda *_: {"checks": 6})
    monkeypatch.setattr(check, "read_outdated_days", lambda *_: [])
    snapshot = TipSnapshot(
        datetime(2024, 10, 31, tzinfo=UTC), 1_730_332_799, date(2024, 10, 29), source_version="9.0.0",
        tip_height=10**9, lowest_height=0, burn_ranges=[(n, n + 1) for n in range(200)], first_block_height=0,
        last_block_height=10**9, block_count=10**9, blocks_digest="0" * 32, tables=tables,
    )  # fmt: skip
    monkeypatch.setattr(tip_land, "land_snapshot", lambda *_: snapshot)
    monkeypatch.setattr(tip_publish, "publish_tip", lambda *_: keys)
    monkeypatch.setattr(tip_publish, "check_tip_advances", lambda *_: {"maxblock": 10**9})


@pytest.mark.usefixtures("runners")
@pytest.mark.parametrize(("is_behind", "is_settled"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_day_waits_for_the_chain_to_settle_and_for_a_node_that_is_behind(
    is_behind: bool, is_settled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(land, "is_behind", lambda _, held: is_behind and held == 100)
    monkeypatch.setattr(land, "is_settled", lambda *_: is_settled)
    assert daily.day_is_settled(**MANUAL) is (is_settled and not is_behind)


@pytest.mark.usefixtures("runners")
@pytest.mark.parametrize(
    "call",
    [
        pytest.param(daily.land_blocks, id="land_blocks"),
        pytest.param(lambda **context: daily.land_table("txs", **context), id="land_table"),
        pytest.param(daily.land_small_tables, id="land_small_tables"),
        pytest.param(daily.write_manifest, id="write_manifest"),
        pytest.param(daily.build_day, id="build_day"),
        pytest.param(daily.make_figures, id="make_figures"),
        pytest.param(daily.check_day, id="check_day"),
        pytest.param(daily.publish_days, id="publish_days"),
        pytest.param(shared.invalidate_cdn, id="invalidate_cdn"),
        pytest.param(half_hourly.land_tip, id="land_tip"),
        pytest.param(half_hourly.publish_tip, id="publish_tip"),
        pytest.param(half_hourly.sanity_check, id="sanity_check"),
    ],
)
def test_a_task_hands_on_counts_under_a_kilobyte(call: Callable[..., Any]) -> None:
    handed_on = json.dumps(call(**MANUAL))
    assert 2 < len(handed_on) < 1024


@pytest.mark.usefixtures("runners")
def test_what_was_looked_at_is_what_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tip_publish, "publish_tip", lambda *args: asked.append(args[3]) or [])
    handed_on = half_hourly.land_tip(**MANUAL)
    half_hourly.publish_tip(ti=SimpleNamespace(xcom_pull=lambda task_ids: {"land_tip": handed_on}[task_ids]))
    assert asked == [handed_on["at"]] == ["20241031T000000Z"]


def test_no_evening_due_is_no_days(runners: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "make_due_figures", lambda *_: [])
    assert daily.make_figures(**MANUAL) == {"days": 0, "first": None, "last": None}


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("settle_hours", "1e9"),
        ("trailing_days", "1000000"),
        ("network", "0"),
        ("network", "krypton"),
    ],
)
def test_a_run_begins_only_with_settings_that_can_be_used(
    variable: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(_: str) -> None:
        raise AssertionError("the warehouse was changed")

    monkeypatch.setattr(connections.Variable, "get", lambda name, default: text if name == variable else default)
    monkeypatch.setattr(shared, "migrate", unreachable)
    with pytest.raises(AirflowFailException, match=variable[:4]):
        shared.migrate_warehouse(settings=["settle_hours", "trailing_days", "network"])


@pytest.mark.parametrize("dag_id", ["stacks_daily", "stacks_half_hourly", "stacks_forget_day", "market_daily"])
def test_every_setting_that_a_dag_asks_for_is_one_of_the_connections(dag_id: str) -> None:
    begins = DagBag(str(DAGS / f"{dag_id}.py")).dags[dag_id].get_task("migrate_warehouse")
    assert begins.op_kwargs["settings"]
    assert all(callable(getattr(connections, setting)) for setting in begins.op_kwargs["settings"])


def test_a_day_is_taken_out_with_its_raw_files_only_where_that_is_asked(
    runners: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forget_runner, "remove_day", lambda *_: 7)
    monkeypatch.setattr(forget_runner, "remove_dated_objects", lambda *_: ["daily_txs/2024-10-29.json.gz"])
    monkeypatch.setattr(forget_runner, "remove_raw_files", lambda *_: ["a", "b"])
    asked = {raw: forget.forget_day(params={"day": "2024-10-29", "raw": raw}) for raw in (True, False)}
    assert asked == {True: {"rows": 7, "changed": 1, "raw": 2}, False: {"rows": 7, "changed": 1, "raw": 0}}


def test_an_unset_connection_fails_at_once_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise AirflowNotFoundException(f"The conn_id `{name}` isn't defined")

    monkeypatch.setattr(connections.Connection, "get", missing)
    with pytest.raises(AirflowFailException, match=r"stacks_db.*not defined"):
        daily.day_is_settled(**MANUAL)


def test_an_unset_bucket_fails_at_once_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.Variable, "get", lambda _name, default: default)
    with pytest.raises(AirflowFailException, match="private_bucket is not set"):
        daily.write_manifest(**MANUAL)


@pytest.mark.parametrize("text", ["two", "", "-1", "nan"])
def test_a_margin_that_is_no_number_of_hours_fails_at_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.Variable, "get", lambda _name, default: text)
    with pytest.raises(Terminal, match="settle_hours"):
        connections.settle_hours()


def test_a_connection_becomes_libpqs_own_form(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"host": "db.example", "port": 5433, "login": "reader", "password": "it's \\ odd", "schema": "stacks"}
    found = SimpleNamespace(**given, extra_dejson={"sslmode": "require", "cursor": {"not": "libpq's"}})
    monkeypatch.setattr(connections.Connection, "get", lambda _name: found)
    parts = parse_dsn(connections.dsn("stacks_db"))
    assert parts == {
        **{"host": "db.example", "port": "5433", "user": "reader", "password": "it's \\ odd", "dbname": "stacks"},
        **{"sslmode": "require", "application_name": "stacks-dataverse"},
    }
