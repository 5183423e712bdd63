"""The one command, as a newcomer types it: the whole stack, the daily run through Airflow's scheduler."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.conftest import RealData
from tests.faults.moments import wait_until
from tests.support.local_stack import PATIENCE_SECONDS, LocalStack

ROOT = Path(__file__).parents[2]
PORT_BASE = "27400"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the stack lives."""
    return tmp_path_factory.mktemp("home") / "a home"


@pytest.fixture(scope="module")
def local(home: Path) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """Run local.sh in a home of its own, which is purged at the end."""
    environment = os.environ | {"DATAVERSE_HOME": str(home), "DATAVERSE_PORT_BASE": PORT_BASE}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(ROOT / "scripts" / "local.sh"), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    yield run
    assert run("down", "--purge").returncode == 0


@pytest.fixture(scope="module")
def up(local: Callable[..., subprocess.CompletedProcess[str]]) -> subprocess.CompletedProcess[str]:
    return local("up", "--until", "2024-10-29", "--days", "2", "--txs-per-day", "200")


def test_it_ends_with_a_table_and_a_log_in(up: subprocess.CompletedProcess[str]) -> None:
    assert up.returncode == 0, up.stdout + up.stderr
    table = ("days loaded", "objects landed", "rows in price_hourly", "objects published")
    for words in (*table, "a stub with made-up figures", "user admin, password ", "/plugin/dataverse"):
        assert words in up.stdout


def test_anybody_reads_the_site_whose_address_it_prints(up: subprocess.CompletedProcess[str]) -> None:
    address = re.search(r"^public site +(http\S+)$", up.stdout, re.MULTILINE)[1]
    read = requests.get(address, headers={"Origin": "https://example.org"}, timeout=10)
    assert read.status_code == 200
    assert "Open analytics of the Stacks blockchain" in read.text
    assert read.headers["Access-Control-Allow-Origin"] == "*"
    published = requests.get(address.replace("index.html", "catalog.json"), timeout=10).json()
    assert {dataset["name"] for dataset in published["datasets"]} >= {"daily_txs", "price_7d", "spot_stats"}


def test_it_begins_with_what_it_takes(up: subprocess.CompletedProcess[str]) -> None:
    assert "minutes on two idle cores" in up.stdout
    assert up.stdout.index("This takes about") < up.stdout.index("Starting PostgreSQL")


def test_status_says_how_to_log_in_and_what_there_is(
    home: Path, up: subprocess.CompletedProcess[str], local: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    said = local("status").stdout
    assert f"http://127.0.0.1:{PORT_BASE}  user admin, password: ./scripts/local.sh password" in said
    assert "the sample chain, 2024-10-28 to 2024-10-29" in said
    assert "2024-10-29; 2 days loaded" in said
    assert "paused: freshness_hourly, market_daily, stacks_daily" in said
    assert local("password").stdout.strip() == json.loads((home / "secrets.json").read_text())["airflow_admin_password"]


def test_ids_of_runs_say_their_day(
    up: subprocess.CompletedProcess[str], local: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    found = local("psql", "airflow", "-Atc", "SELECT run_id FROM dag_run ORDER BY id LIMIT 4").stdout.split()
    wanted = ["day_2024-10-28_", "day_2024-10-29_", "market_2024-01-02_2024-10-30_", "tip_"]
    assert [name.startswith(start) for name, start in zip(found, wanted, strict=True)] == [True] * 4


def test_airflows_command_line_warns_of_nothing(
    up: subprocess.CompletedProcess[str], local: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    done = local("airflow", "dags", "list", "--output", "plain")
    assert done.stdout.startswith("dag_id")
    assert "arning" not in done.stderr


def test_an_object_is_text_on_request_and_its_bytes_in_a_pipe(
    up: subprocess.CompletedProcess[str], local: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    key = "daily_txs/2024-10-28.json.gz"
    assert list(json.loads(local("s3", "cat", "--text", "public", key).stdout)) == ["1730073600"]
    assert local("s3", "ls", "public", key).stdout.splitlines()[-1].startswith("1 object, ")


def test_no_secret_reaches_a_log_or_an_xcom(
    home: Path, up: subprocess.CompletedProcess[str], local: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    secrets = json.loads((home / "secrets.json").read_text())
    assert len(secrets) > 10
    said = {"the output of up": up.stdout.replace(secrets["airflow_admin_password"], "") + up.stderr}
    said |= {str(log): log.read_text(errors="replace") for log in home.glob("logs/*") if log.is_file()}
    said |= {str(log): log.read_text(errors="replace") for log in home.glob("airflow/logs/**/*.log")}
    said["XCom"] = local("psql", "airflow", "-Atc", "SELECT value FROM xcom").stdout
    assert len(said) > 30
    assert [(name, where) for name, secret in secrets.items() for where, text in said.items() if secret in text] == []


def test_the_second_start_runs_no_day_again(
    up: subprocess.CompletedProcess[str], local: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    again = local("up")
    assert again.returncode == 0, again.stderr
    assert "wait_until_settled" not in again.stdout


@pytest.mark.parametrize(
    ("day", "status", "words"),
    [
        pytest.param("2024-10-28", 0, "done", id="a day of the chain"),
        pytest.param("", 0, "stacks_daily: 2024-10-29", id="the newest settled day"),
        pytest.param("2021-01-01", 1, "is not among them", id="before the chain"),
        pytest.param("2024-10-31", 1, "is not among them", id="after the chain"),
        pytest.param("2999-01-01", 1, "is in the future", id="after today"),
    ],
)
def test_a_day_in_the_foreground(
    day: str, status: int, words: str, up: subprocess.CompletedProcess[str],
    local: Callable[..., subprocess.CompletedProcess[str]],
) -> None:  # fmt: skip
    done = local("day", *day.split())
    assert (done.returncode != 0) == bool(status), done.stdout + done.stderr
    assert words in done.stdout + done.stderr


@pytest.mark.parametrize("following", [("status",), ("tip",)], ids=" ".join)
def test_a_dag_that_a_killed_command_left_unpaused_is_paused_by_the_next_command(
    following: tuple[str, ...], home: Path, up: subprocess.CompletedProcess[str],
    local: Callable[..., subprocess.CompletedProcess[str]],
) -> None:  # fmt: skip
    stack = LocalStack(home, int(PORT_BASE))
    with stack.started("day", "2024-10-28") as command:
        wait_until(lambda: not stack.api.dag("stacks_daily")["is_paused"], "the DAG is unpaused", PATIENCE_SECONDS)
        command.kill()
    assert not stack.api.dag("stacks_daily")["is_paused"]
    next_one = local(*following)
    assert next_one.returncode == 0, next_one.stdout + next_one.stderr
    assert "Paused stacks_daily" in next_one.stdout
    assert stack.api.dag("stacks_daily")["is_paused"]
    again = local("day", "2024-10-28")
    assert again.returncode == 0, again.stdout + again.stderr


def test_what_goes_on_is_not_paused_by_whoever_looks(
    home: Path, up: subprocess.CompletedProcess[str], local: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    stack = LocalStack(home, int(PORT_BASE))
    with stack.started("day", "2024-10-28") as command:
        wait_until(lambda: not stack.api.dag("stacks_daily")["is_paused"], "the DAG is unpaused", PATIENCE_SECONDS)
        assert local("status").returncode == 0
        assert not stack.api.dag("stacks_daily")["is_paused"]
        assert command.wait(PATIENCE_SECONDS) == 0
    assert stack.api.dag("stacks_daily")["is_paused"]


def test_a_real_database_through_the_scheduler(
    up: subprocess.CompletedProcess[str],
    local: Callable[..., subprocess.CompletedProcess[str]],
    real_data: RealData,
) -> None:
    assert local("load-dump", str(real_data.dump("stacks_reorg1")), "--reset").returncode == 0
    for day in ("2021-01-15", "2021-01-14"):
        assert local("day", day).returncode == 0
    sql = "SELECT day, tx_count FROM loaded_days ORDER BY day"
    assert local("psql", "warehouse", "-Atc", sql).stdout.split() == ["2021-01-14|38", "2021-01-15|57"]
    assert "daily_txs/2021-01-15.json.gz" in local("s3", "ls", "public").stdout
