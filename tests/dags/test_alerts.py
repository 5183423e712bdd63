"""Alerts: who gets them, what they say, and that nothing fails by them. Slack and mail are real sockets."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import Connection, Variable
from airflow.sdk.exceptions import AirflowNotFoundException
from airflow.sdk.log import mask_secret
from pytest_httpserver import HTTPServer

from plugins import alerts
from stacks_dataverse.errors import Retryable
from tests.dags.callbacks import RUN_AFTER, context
from tests.support.mail import MailServer, mail_server

DAGS = Path(__file__).parents[2] / "dags"
# Fails because another task failed, which has been told of.
TOLD_BY_OTHERS = {("market_daily", "fail_if_any_failed")}


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> dict[str, Connection]:
    """Connections, by name, that the test may add to; and no Variable."""
    found: dict[str, Connection] = {}

    def get(name: str) -> Connection:
        if name not in found:
            raise AirflowNotFoundException(f"The conn_id `{name}` isn't defined")
        return found[name]

    monkeypatch.setattr(Connection, "get", get)
    monkeypatch.setattr(Variable, "get", lambda _name, default=None: default)
    return found


@pytest.fixture
def slack(direct: None, httpserver: HTTPServer, configured: dict[str, Connection]) -> HTTPServer:
    """A Slack that takes every message."""
    configured["slack"] = Connection(
        conn_id="slack", conn_type="slackwebhook", password=httpserver.url_for("/hook/T0/B0")
    )
    httpserver.expect_request("/hook/T0/B0", method="POST").respond_with_data("ok")
    return httpserver


@pytest.fixture
def mail(configured: dict[str, Connection]) -> Iterator[MailServer]:
    """A mail server."""
    extra = {"disable_ssl": True, "disable_tls": True, "from_email": "airflow@tests", "to_email": "a@tests, b@tests"}
    with mail_server() as server:
        configured["smtp_default"] = Connection(
            conn_id="smtp_default", conn_type="smtp", host="127.0.0.1", port=server.port, extra=json.dumps(extra)
        )
        yield server


def said(slack: HTTPServer) -> list[str]:
    """What Slack was told."""
    return [json.loads(request.data)["text"] for request, _ in slack.log]


@pytest.fixture(scope="module")
def dags() -> dict[str, Any]:
    bag = DagBag(str(DAGS))
    assert bag.import_errors == {}
    return bag.dags


@pytest.mark.parametrize("dag_id", sorted(path.stem for path in DAGS.glob("*.py")))
def test_every_task_of_every_dag_is_told_of(dag_id: str, dags: dict[str, Any]) -> None:
    dag = dags[dag_id]
    assert dag.on_failure_callback is alerts.alert_on_killed_tasks
    expected = alerts.alert_once_per_streak if dag_id == "stacks_half_hourly" else alerts.alert_on_failure
    for task in dag.tasks:
        told = [] if (dag_id, task.task_id) in TOLD_BY_OTHERS else [expected]
        assert list(task.on_failure_callback or []) == told, task.task_id


def test_slack_is_told_what_failed_and_where_to_look(slack: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Variable, "get", lambda name, default=None: f"https://docs.example/{name}.md")
    alerts.alert_on_failure(context())
    assert said(slack) == [
        "*stacks_daily, 2024-10-29: build failed*\n"
        "reading a file: it is not there. Land the day again.\n"
        "<http://airflow.example/dags/stacks_daily/runs/manual/tasks/build?try_number=4|Log> · "
        "<https://docs.example/runbook_url.md#stacks_daily|docs/runbook.md, stacks_daily, build>"
    ]


def test_a_mail_says_the_same_to_everybody(mail: MailServer) -> None:
    alerts.alert_on_failure(context(exception=Retryable("a < b")))
    [(recipients, message)] = mail.received
    assert recipients == ["a@tests", "b@tests"]
    assert (message["Subject"], message["From"]) == ("stacks_daily, 2024-10-29: build failed", "airflow@tests")
    body = message.get_body(("html",)).get_content()
    for part in ("a &lt; b", 'href="http://airflow.example/dags/stacks_daily/', "docs/runbook.md, stacks_daily, build"):
        assert part in body


def test_slack_cannot_be_made_to_call_everybody(slack: HTTPServer) -> None:
    alerts.alert_on_failure(context(exception=Retryable("unexpected <!channel> & more")))
    assert "\nunexpected &lt;!channel&gt; &amp; more\n" in said(slack)[0]


def test_both_ways_are_used(slack: HTTPServer, mail: MailServer) -> None:
    alerts.alert_on_failure(context())
    assert (len(slack.log), len(mail.received)) == (1, 1)


def test_without_connections_nobody_is_told_and_nothing_fails(
    configured: dict[str, Connection], caplog: pytest.LogCaptureFixture
) -> None:
    configured["smtp_default"] = Connection(conn_id="smtp_default", conn_type="smtp", host="somebody.else")
    caplog.set_level(logging.INFO)
    alerts.alert_on_failure(context())
    assert [record.getMessage() for record in caplog.records if record.name == "plugins.alerts"] == [
        "No alert by slack: the connection is not configured.",
        "No alert by smtp_default: the connection is not configured.",
    ]


@pytest.mark.parametrize("status", [404, 500])
def test_a_slack_that_refuses_is_one_line_and_the_mail_goes_out(
    status: int, slack: HTTPServer, mail: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    slack.clear()
    slack.expect_request("/hook/T0/B0").respond_with_data("no_service", status=status)
    alerts.alert_on_failure(context())
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(lines) == 1
    assert lines[0].startswith("Sending the alert through the connection slack failed: ")
    assert "/hook/T0/B0" not in lines[0]
    assert len(mail.received) == 1


def test_a_context_that_is_not_what_it_should_be_fails_nothing(caplog: pytest.LogCaptureFixture) -> None:
    for callback in (alerts.alert_on_failure, alerts.alert_once_per_streak, alerts.alert_on_killed_tasks):
        callback({})
    assert [record.getMessage()[:27] for record in caplog.records] == ["Creating the alert failed: "] * 3


def test_what_a_connection_holds_secret_is_not_told(slack: HTTPServer) -> None:
    mask_secret("opensesame")
    alerts.alert_on_failure(context(exception=ValueError("no entry for opensesame")))
    assert "ValueError: no entry for ***" in said(slack)[0]


def test_a_mapped_task_is_told_of_by_its_label(slack: HTTPServer) -> None:
    alerts.alert_on_failure(context(task_id="build_month", map_index=3, rendered_map_index="2024-10"))
    assert "build_month[2024-10] failed*" in said(slack)[0]
    assert said(slack)[0].endswith("docs/runbook.md, stacks_daily, build_month")


@pytest.mark.parametrize(
    ("before", "logical_date", "messages"),
    [
        pytest.param(None, RUN_AFTER, 1, id="the first run"),
        pytest.param("success", RUN_AFTER, 1, id="after a good run"),
        pytest.param("failed", RUN_AFTER, 0, id="after a bad run"),
        pytest.param("failed", None, 1, id="by hand"),
    ],
)
def test_a_frequent_run_tells_of_the_same_failure_once(
    before: str | None, logical_date: datetime | None, messages: int, slack: HTTPServer
) -> None:
    run = SimpleNamespace(run_after=RUN_AFTER, logical_date=logical_date)
    given = context(before=before and SimpleNamespace(state=before), dag_run=run)
    alerts.alert_once_per_streak(given)
    assert len(slack.log) == messages
    assert given["ti"].xcoms["build", -1][alerts.ALERTED] == "reading a file: it is not there. Land the day again."


def test_a_run_tells_of_tasks_that_could_not(slack: HTTPServer) -> None:
    """Of five tasks that did not succeed: two told, one is told of by others, one had no chance, one waited."""
    told, callback = {alerts.ALERTED: True}, {"on_failure_callback": [alerts.alert_on_failure]}
    tasks = {name: SimpleNamespace(**callback) for name in ("plan", "land_month", "build", "later")}
    tasks["by_others"] = SimpleNamespace(on_failure_callback=[])
    states = {"plan": "failed", "land_month_0": "success", "land_month_11": "failed", "by_others": "failed"}
    given = context(
        dag=SimpleNamespace(task_dict=tasks),
        states=states | {"build": "failed", "later": "upstream_failed"},
        xcoms={("plan", -1): told, ("land_month", 11): told},
    )
    alerts.alert_on_killed_tasks(given)
    [message] = said(slack)
    assert message.startswith("*stacks_daily, 2024-10-29: build failed*\nthe process was killed")
    assert "<http://airflow.example/dags/stacks_daily/runs/manual|Log>" in message


def test_a_task_that_fails_since_another_did_is_told_of_by_nobody(slack: HTTPServer, dags: dict[str, Any]) -> None:
    states = {"land_prices": "failed", "build_prices": "upstream_failed", "fail_if_any_failed": "failed"}
    told = {("land_prices", -1): {alerts.ALERTED: True}}
    alerts.alert_on_killed_tasks(context(dag=dags["market_daily"], states=states, xcoms=told))
    assert slack.log == []


def test_a_run_whose_tasks_all_told_is_silent(slack: HTTPServer) -> None:
    tasks = {"build": SimpleNamespace(on_failure_callback=[alerts.alert_on_failure])}
    given = context(dag=SimpleNamespace(task_dict=tasks), states={"build": "failed"})
    alerts.alert_on_failure(given)
    alerts.alert_on_killed_tasks(given)
    assert len(slack.log) == 1
