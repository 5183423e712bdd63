"""The text of an alert: the DAG, its failed tasks, the days, the reason in one line, and links."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from airflow.sdk import Variable
from airflow.sdk.exceptions import AirflowFailException
from airflow.sdk.log import redact

from stacks_dataverse.errors import DataverseError
from stacks_dataverse.metrics import days_of_run

# As many characters of a reason as a reader of Slack or of a mail needs; the log has all of it.
LONGEST_REASON = 500
NO_REASON = "the task ended without an error message"

# Secrets that Airflow does not mask, because they are not from a connection.
LOG_IN = re.compile(r"://[^\s/@]+@")
SECRET_VALUE = re.compile(
    r"(?i)\b(\w*(?:api_?key|token|passw(?:or)?d|secret|signature|credential)\w*=['\"]?)[^\s&;,'\"]+"
)


@dataclass(frozen=True)
class Alert:
    """An alert; `tasks` are task ids, for mapped tasks with the label in brackets; `runbook_url` may be None."""

    dag_id: str
    tasks: tuple[str, ...]
    days: str
    reason: str
    log_url: str
    runbook_url: str | None

    @property
    def title(self) -> str:
        """The first line."""
        return f"{self.dag_id}, {self.days}: {', '.join(self.tasks)} failed"

    @property
    def runbook(self) -> str:
        """The rows of the runbook with the remedy."""
        rows = ", ".join(dict.fromkeys(task.partition("[")[0] for task in self.tasks))
        return f"docs/runbook.md, {self.dag_id}, {rows}"

    def in_slack(self) -> str:
        """The message in Slack's own markup."""
        title, why, runbook = (html.escape(text, quote=False) for text in (self.title, self.reason, self.runbook))
        see = f"<{self.runbook_url}|{runbook}>" if self.runbook_url else runbook
        return f"*{title}*\n{why}\n<{self.log_url}|Log> · {see}"

    def in_html(self) -> str:
        """The body of an e-mail."""
        title, why, runbook, log_url = map(html.escape, (self.title, self.reason, self.runbook, self.log_url))
        see = f'<a href="{html.escape(self.runbook_url)}">{runbook}</a>' if self.runbook_url else runbook
        return f'<p><b>{title}</b></p><p>{why}</p><p><a href="{log_url}">Log</a> · {see}</p>'


def alert(context: Mapping[str, Any]) -> Alert:
    """The alert of a failed task, from the context of its callback."""
    ti, why = context["ti"], reason(context.get("exception"))
    return Alert(ti.dag_id, (_name(ti),), days_of_run(context), why, ti.log_url, _runbook_url(ti.dag_id))


def alert_of_run(context: Mapping[str, Any], tasks: tuple[str, ...], why: str) -> Alert:
    """The alert of failed tasks of a run, from the context of the DAG's callback."""
    ti = context["ti"]
    run_url = ti.log_url.partition("/tasks/")[0]
    return Alert(ti.dag_id, tasks, days_of_run(context), reason(why), run_url, _runbook_url(ti.dag_id))


def reason(error: BaseException | str | None) -> str:
    """An error in one line of at most 500 characters, without secrets; errors of other packages with their type."""
    text = " ".join(str(error or "").split())
    if isinstance(error, BaseException) and not isinstance(error, DataverseError | AirflowFailException):
        text = f"{type(error).__name__}: {text}".removesuffix(": ")
    hidden = SECRET_VALUE.sub(r"\1***", LOG_IN.sub("://***@", str(redact(text or NO_REASON))))
    return hidden if len(hidden) <= LONGEST_REASON else hidden[: LONGEST_REASON - 1] + "…"


def _name(ti: Any) -> str:
    if getattr(ti, "map_index", None) in (None, -1):
        return ti.task_id
    return f"{ti.task_id}[{getattr(ti, 'rendered_map_index', None) or ti.map_index}]"


def _runbook_url(dag_id: str) -> str | None:
    page = Variable.get("runbook_url", default=None)
    return f"{page}#{dag_id}" if page else None
