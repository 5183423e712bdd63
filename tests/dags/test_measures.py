"""What tasks did arrives where Airflow's metrics go, and stands in their logs by key."""

import re
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from inspect import isgeneratorfunction
from pathlib import Path
from pkgutil import iter_modules
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.configuration import conf
from airflow.sdk.exceptions import AirflowFailException
from airflow.sdk.observability import stats
from airflow.sdk.observability.metrics.stats_utils import get_stats_factory
from structlog.testing import capture_logs

from stacks_dataverse import metrics, task_wrappers
from stacks_dataverse.errors import Terminal
from stacks_dataverse.task_wrappers import half_hourly, outcome
from stacks_dataverse.task_wrappers.shared import wrapper
from stacks_dataverse.tip_snapshot import TipWindow

PAGE = Path(__file__).parents[2] / "docs" / "monitoring.md"
CONTEXT = {"params": {"day": "2024-10-29"}, "ti": SimpleNamespace(dag_id="stacks_daily", task_id="land_txs")}
MODULES = [import_module(f"{task_wrappers.__name__}.{found.name}") for found in iter_modules(task_wrappers.__path__)]
WRAPPERS = {
    name
    for module in MODULES
    for name, member in vars(module).items()
    if hasattr(member, "__wrapped__")
    and member.__module__ == module.__name__
    # A context manager is wrapped too.
    and not isgeneratorfunction(member.__wrapped__)
}


class StatsD:
    """A StatsD on a UDP socket."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening

    def lines(self, count: int) -> list[str]:
        """The next lines that come."""
        return [self._listening.recv(1024).decode() for _ in range(count)]

    def silent(self) -> bool:
        """Whether nothing has come."""
        self._listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            self._listening.recv(1024)
        return True


@pytest.fixture
def new_statsd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., StatsD]]:
    """Turn metrics on as an operator does, with further settings; hands out where they arrive."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(5)

        def start(**settings: str) -> StatsD:
            on = {"statsd_on": "True", "statsd_host": "127.0.0.1", "statsd_port": str(listening.getsockname()[1])}
            for name, value in (on | settings).items():
                monkeypatch.setenv(f"AIRFLOW__METRICS__{name.upper()}", value)
            as_a_task_does()
            return StatsD(listening)

        yield start
    monkeypatch.undo()
    as_a_task_does()


def as_a_task_does() -> None:
    """Read the settings of now, as the process of a task does first of all."""
    stats.initialize(factory=get_stats_factory(), export_legacy_names=conf.getboolean("metrics", "legacy_names_on"))


@wrapper("Landed {of} of {days}")
def land_table(table: str, **_: Any) -> dict[str, Any]:
    """A task that lands a table."""
    return {"rows": 12, "bytes": 3456, "at": "noon", "tip": 7}


@wrapper("Never done")
def refuse(**_: Any) -> None:
    """A task that fails."""
    raise Terminal("wrong key")


def test_rows_bytes_and_seconds_arrive(new_statsd: Callable[..., StatsD]) -> None:
    statsd = new_statsd()
    land_table("txs", **CONTEXT)
    duration, *counts = statsd.lines(3)
    assert re.fullmatch(r"airflow\.dataverse\.land_table\.duration:\d+\.\d+\|ms", duration)
    assert counts == ["airflow.dataverse.land_table.rows:12|c", "airflow.dataverse.land_table.bytes:3456|c"]
    assert statsd.silent()


def test_tags_name_dag_and_task_where_the_receiver_knows_tags(new_statsd: Callable[..., StatsD]) -> None:
    statsd = new_statsd(statsd_influxdb_enabled="True", statsd_disabled_tags="job_id,run_id")
    land_table("txs", **CONTEXT)
    assert "airflow.dataverse.land_table.rows,dag_id=stacks_daily,task_id=land_txs:12|c" in statsd.lines(3)


def test_a_task_that_fails_is_left_to_airflows_own_metrics(new_statsd: Callable[..., StatsD]) -> None:
    statsd = new_statsd()
    with pytest.raises(AirflowFailException):
        refuse(**CONTEXT)
    assert statsd.silent()


def test_without_the_setting_nothing_is_sent_and_nothing_fails(new_statsd: Callable[..., StatsD]) -> None:
    statsd = new_statsd(statsd_on="False")
    assert land_table("txs", **CONTEXT)["rows"] == 12
    assert statsd.silent()


def test_nobody_who_listens_fails_nothing(new_statsd: Callable[..., StatsD]) -> None:
    new_statsd(statsd_host="no-such-host.invalid")
    assert land_table("txs", **CONTEXT)["rows"] == 12


def test_a_look_tells_how_far_the_warehouse_is_behind_the_tip(new_statsd: Callable[..., StatsD]) -> None:
    statsd = new_statsd()
    tip = datetime(2024, 10, 31, 23, 58, tzinfo=UTC)
    half_hourly._set_tip_gauges(TipWindow(datetime(2024, 11, 1, tzinfo=UTC), int(tip.timestamp()), date(2024, 10, 29)))
    assert statsd.lines(2) == ["airflow.dataverse.tip_age:120.0|g", "airflow.dataverse.days_behind_tip:2|g"]


def test_an_empty_warehouse_is_behind_by_no_number(new_statsd: Callable[..., StatsD]) -> None:
    statsd = new_statsd()
    half_hourly._set_tip_gauges(TipWindow(datetime(2024, 11, 1, tzinfo=UTC), 1_730_419_080, None))
    assert statsd.lines(1) == ["airflow.dataverse.tip_age:120.0|g"]
    assert statsd.silent()


@pytest.fixture
def web_ui(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of the web UI, as an operator sets it."""
    monkeypatch.setenv("AIRFLOW__API__BASE_URL", "http://airflow.example")


@pytest.mark.parametrize(
    ("name", "count", "text"),
    [
        ("rows", 51234, "51,234 rows"),
        ("rows", 1, "1 row"),
        ("done", 1, "1 day done"),
        ("changed", 1, "1 public file changed"),
        ("bytes", 999, "999 bytes"),
        ("bytes", 9_876_543, "9.9 MB"),
        ("bytes", 5 * 10**12, "5000.0 GB"),
    ],
)
def test_counts_have_their_units(name: str, count: int, text: str) -> None:
    assert outcome.format_count(name, count) == text


@pytest.mark.usefixtures("web_ui")
def test_the_log_says_what_was_done_by_key() -> None:
    with capture_logs() as lines:
        land_table("txs", **CONTEXT)
    [line] = lines
    assert 0 <= line.pop("seconds") < 1
    told = {"day": "2024-10-29", "of": "txs", "rows": 12, "bytes": 3456}
    event = "Landed txs of 2024-10-29: 12 rows, 3.5 kB (0.0 s). http://airflow.example/dataverse/day/2024-10-29"
    assert line == told | {"event": event, "log_level": "info"}


@pytest.mark.usefixtures("web_ui")
def test_the_log_of_a_failure_names_the_day_and_its_page() -> None:
    with capture_logs() as lines, pytest.raises(AirflowFailException):
        refuse(**CONTEXT)
    [line] = lines
    assert line["event"] == "Failed for 2024-10-29 (0.0 s). http://airflow.example/dataverse/day/2024-10-29"
    assert line["log_level"] == "error"


def test_every_metric_is_in_the_documents_with_its_unit() -> None:
    rows = dict(re.findall(r"^\| `dataverse\.([\w.<>]+)` \| (\w+) ", PAGE.read_text(), re.MULTILINE))
    units = {f"<task>.{name}": unit for name, unit in metrics.COUNTED.items()} | metrics.GAUGES
    assert rows == units | {"<task>.duration": "milliseconds"}


def test_every_task_that_is_measured_is_in_the_documents() -> None:
    [named] = re.findall(r"`<task>` is one of ([^.]+)\.", PAGE.read_text())
    assert set(re.findall(r"`(\w+)`", named)) == WRAPPERS
