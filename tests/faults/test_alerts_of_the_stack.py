"""Airflow calls the alerts' callbacks when it should: after the last try only, once, and for what was killed, too."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest
from pytest_httpserver import HTTPServer

from stacks_dataverse import paths
from tests.faults.moments import wait_until
from tests.faults.test_stack_killed import PATIENCE_SECONDS, LocalStack, waits
from tests.support.mail import MailServer, mail_server
from tests.support.servers import free_port_base

pytestmark = pytest.mark.slow

LIVE, DAILY, FRESHNESS = "stacks_half_hourly", "stacks_daily", "freshness_hourly"


@pytest.fixture(scope="module")
def slack() -> Iterator[HTTPServer]:
    """A Slack that takes every message."""
    with HTTPServer(host="127.0.0.1", port=0) as server:
        server.expect_request("/hook", method="POST").respond_with_data("ok")
        yield server


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    """A mail server."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, slack: HTTPServer, mail: MailServer) -> Iterator[LocalStack]:
    """The whole stack, over a sample chain that stands still, with both ways of alerting."""
    local = LocalStack(Path(tmp_path_factory.mktemp("alerts")), free_port_base())
    local.command("up", "--until", "2024-10-29", "--days", "2", "--txs-per-day", "200", "--no-run")
    extra = json.dumps({"disable_ssl": True, "disable_tls": True, "from_email": "a@tests", "to_email": "ops@tests"})
    smtp = {"conn_type": "smtp", "host": "127.0.0.1", "port": mail.port, "extra": extra}
    for name, fields in {
        "slack": {"conn_type": "slackwebhook", "password": slack.url_for("/hook")},
        "smtp_default": smtp,
    }.items():
        local.command("airflow", "connections", "add", name, "--conn-json", json.dumps(fields))
    for dag in (LIVE, DAILY, FRESHNESS):
        local.api.pause(dag, False)
    yield local
    local.command("down", "--purge")


def heard(slack: HTTPServer, after: int) -> list[str]:
    """The messages of Slack's after the first ones."""
    return [json.loads(request.data)["text"] for request, _ in slack.log[after:]]


def ended(local: LocalStack, dag: str, run: str) -> bool:
    return local.api.run_state(dag, run) in ("success", "failed")


def look(local: LocalStack, run: str, logical_date: str) -> None:
    """Ask for a run that has a place among those by schedule; its sanity check fails, for the sample stands still."""
    body = {"dag_run_id": run, "logical_date": logical_date, "conf": {}}
    local.api._send("POST", f"/dags/{LIVE}/dagRuns", json=body)


def test_a_task_that_fails_for_good_is_told_of_once_after_its_last_try(
    local: LocalStack, slack: HTTPServer, mail: MailServer
) -> None:
    """The second run's sanity check fails in every try, and nothing else does; the third run's fails once more."""
    before, mails_before = len(slack.log), len(mail.received)
    local.pipeline().archive.delete(paths.SANITY_CHECK)
    look(local, "first", "2024-11-01T00:00:00Z")
    local.ends_well(LIVE, "first")
    assert heard(slack, before) == []

    look(local, "second", "2024-11-01T00:30:00Z")
    wait_until(lambda: local.task(LIVE, "second", "sanity_check")["try_number"] == 3, "a last try", PATIENCE_SECONDS)
    assert heard(slack, before) == []
    wait_until(lambda: ended(local, LIVE, "second"), "the run has ended", PATIENCE_SECONDS)
    wait_until(lambda: len(mail.received) > mails_before, "the alert is out", PATIENCE_SECONDS)
    [message] = heard(slack, before)
    assert message.startswith(f"*{LIVE}, ")
    assert "sanity_check failed" in message
    assert "has not advanced from" in message
    assert f"{local.where.web_url}/dags/{LIVE}/runs/second/tasks/sanity_check" in message
    assert [recipients for recipients, _ in mail.received[mails_before:]] == [["ops@tests"]]

    look(local, "third", "2024-11-01T01:00:00Z")
    wait_until(lambda: ended(local, LIVE, "third"), "the run has ended", PATIENCE_SECONDS)
    assert local.state(LIVE, "third", "sanity_check") == "failed"
    assert len(heard(slack, before)) == 1


def test_what_cannot_be_retried_is_told_of_at_once(local: LocalStack, slack: HTTPServer) -> None:
    before = len(slack.log)
    local.api.trigger(DAILY, "tomorrow", {"day": "2999-01-01"})
    wait_until(lambda: ended(local, DAILY, "tomorrow"), "the run has ended", PATIENCE_SECONDS)
    [message] = heard(slack, before)
    assert f"*{DAILY}, 2999-01-01: wait_until_settled failed*" in message
    assert "in the future" in message


def test_objects_of_an_old_day_are_told_of_once(local: LocalStack, slack: HTTPServer) -> None:
    """The sample's days are long past, whenever this runs; what the looks published is of now."""
    local.command("day", "2024-10-28")
    local.api.pause(DAILY, False)
    before = len(slack.log)
    for run in ("news", "no_news"):
        local.api.trigger(FRESHNESS, run, {})
        wait_until(partial(ended, local, FRESHNESS, run), "the run has ended", PATIENCE_SECONDS)
    assert [local.api.run_state(FRESHNESS, run) for run in ("news", "no_news")] == ["failed", "success"]
    [message] = heard(slack, before)
    assert "check_freshness failed" in message
    assert "published daily, with the chain: data through 2024-10-28, " in message
    assert "every half hour" not in message


def test_a_task_that_is_killed_in_every_try_is_told_of_by_its_run(local: LocalStack, slack: HTTPServer) -> None:
    before = len(slack.log)
    with local.held("stacks", "stacks_blockchain_api.blocks", "ACCESS EXCLUSIVE"):
        local.api.trigger(LIVE, "killed", {})
        for number in (1, 2, 3):
            wait_until(partial(is_in_try, local, number), "it waits for the table", PATIENCE_SECONDS)
            psutil.Process(local.task(LIVE, "killed", "land_tip")["pid"]).kill()
    wait_until(lambda: silent(slack, before), "the run tells of it", PATIENCE_SECONDS)
    [message] = silent(slack, before)
    assert ": land_tip failed*" in message


def silent(slack: HTTPServer, after: int) -> list[str]:
    """The messages of runs, of tasks that could not tell themselves."""
    return [message for message in heard(slack, after) if "the process was killed" in message]


def is_in_try(local: LocalStack, number: int) -> bool:
    """Whether the look is in that try of its, and waits for the table that is held."""
    task = local.task(LIVE, "killed", "land_tip")
    is_it = (task["try_number"], task["state"]) == (number, "running") and task["pid"] is not None
    return is_it and waits(local.stack.postgres, "stacks")
