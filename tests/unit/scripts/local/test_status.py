"""What `status` says beyond which servers run: how to log in, the source, the newest day, what is paused and why."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from scripts.local import days, status
from scripts.local.errors import StackError
from scripts.local.secrets import Secrets
from scripts.local.settings import Settings
from stacks_dataverse.errors import Terminal

FIRST, LAST, TODAY = date(2026, 11, 25), date(2026, 11, 27), date(2026, 11, 28)
LOADED = {"days": 3, "day": "2026-11-27", "at": "2026-11-28 18:40"}
DAGS = [{"dag_id": "stacks_daily", "is_paused": True}, {"dag_id": "stacks_backfill", "is_paused": False}]


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A stack of which all runs, over a sample chain up to yesterday."""
    server = {"is_running": lambda: True, "dsn": lambda _name: ""}
    choices = Secrets(tmp_path / "choices.json")
    choices.put("chain", "sample")
    choices.put("sample_last_day", str(LAST))
    monkeypatch.setattr(days, "now", lambda: datetime(2026, 11, 28, 18, 40, tzinfo=UTC))
    monkeypatch.setattr(days, "of_chain", lambda _stack: (FIRST, LAST, TODAY))
    monkeypatch.setattr(status, "AirflowApi", lambda *_: SimpleNamespace(dags=lambda: DAGS))
    hold(monkeypatch, LOADED)
    return SimpleNamespace(
        settings=Settings(tmp_path, 20_000), secrets=Secrets(tmp_path / "secrets.json"), choices=choices,
        s3=SimpleNamespace(endpoint="http://127.0.0.1:20002", **server),
        postgres=SimpleNamespace(**server), admin_password="hush",
        vendors=SimpleNamespace(url="", **server),
        airflow=SimpleNamespace(unhealthy=list, processes={"api-server": None, "scheduler": None}),
    )  # fmt: skip


def hold(monkeypatch: pytest.MonkeyPatch, row: dict[str, Any] | Exception) -> None:
    """Have the warehouse hold days, or refuse."""

    @contextmanager
    def opened(_dsn: str) -> Any:
        if isinstance(row, Exception):
            raise row
        yield SimpleNamespace(read=lambda _sql: pa.Table.from_pylist([row]))

    monkeypatch.setattr(status, "Warehouse", SimpleNamespace(open=opened))


def test_it_says_how_to_log_in_but_not_the_password(stack: Any) -> None:
    said, complete = status.describe(stack)
    assert complete
    assert "http://127.0.0.1:20000  user admin, password: ./scripts/local.sh password" in said
    assert "Dataverse           http://127.0.0.1:20000/plugin/dataverse" in said
    assert "public site         http://127.0.0.1:20002/stacks-dataverse-public/index.html" in said
    assert "hush" not in said


def test_it_says_what_there_is_and_what_is_paused_and_why(stack: Any) -> None:
    said, _ = status.describe(stack)
    assert "the sample chain, 2026-11-25 to 2026-11-27\n" in said
    assert "2026-11-27; 3 days loaded, the last at 2026-11-28 18:40 UTC" in said
    assert "paused: stacks_daily\n" in said
    assert "because the source does not grow" in said
    assert said.endswith("not paused: stacks_backfill")
    assert "--renew" not in said


def test_of_a_sample_of_some_days_ago_it_says_how_to_renew_it(stack: Any) -> None:
    stack.choices.put("sample_last_day", "2026-11-26")
    assert "`up --renew` replaces it by one that ends on 2026-11-27" in status.describe(stack)[0]


def test_over_a_database_that_grows_dags_wait_for_their_owner(stack: Any) -> None:
    stack.secrets.put("stacks_db_uri", "postgresql://reader@db.example/stacks")
    said, _ = status.describe(stack)
    assert "your own Stacks database, 2026-11-25 to 2026-11-28" in said
    assert "until they are unpaused" in said
    assert "--renew" not in said


def test_a_dump_is_called_so(stack: Any) -> None:
    stack.choices.put("chain", "dump")
    assert "a dump, 2026-11-25 to 2026-11-28" in status.describe(stack)[0]


def test_what_is_down_is_said_with_what_starts_it(stack: Any) -> None:
    stack.postgres.is_running = lambda: False
    stack.airflow.unhealthy = lambda: ["api-server"]
    said, complete = status.describe(stack)
    assert not complete
    assert said.endswith("`up` starts what is down")


def test_what_is_not_known_hides_nothing_else(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_stack: Any) -> None:
        raise StackError("The Stacks database cannot be reached")

    monkeypatch.setattr(days, "of_chain", refuse)
    hold(monkeypatch, Terminal("The warehouse is not set up"))
    stack.airflow.unhealthy = lambda: ["api-server"]
    said, _ = status.describe(stack)
    assert "not known: The Stacks database cannot be reached" in said
    assert "not known: The warehouse is not set up" in said
    assert said.endswith("not known while Airflow is down")


def test_before_the_first_day_it_says_what_loads_one(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(monkeypatch, {"days": 0, "day": None, "at": None})
    assert "none is loaded; `day` loads the newest" in status.describe(stack)[0]
