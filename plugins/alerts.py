"""Alerts operators of tasks that failed after their last try: the callbacks of every DAG.

`alert_on_failure` is `on_failure_callback` of tasks, which Airflow calls after the last try only;
`alert_on_killed_tasks` is `on_failure_callback` of DAGs. An error in a callback is logged and fails nothing.
"""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from plugins import alert_message
from plugins.alert_channels import CHANNELS
from plugins.alert_message import Alert, reason

log = logging.getLogger(__name__)

Context = Mapping[str, Any]

# The XCom that a task pushes when its own callback has run: why it failed, which the Dataverse page shows.
ALERTED = "failure_told"
KILLED = "the process was killed (for example out of memory) or its worker was lost; the task log has no error"


def never_raise(callback: Callable[[Context], None]) -> Callable[[Context], None]:
    """Log an error of a callback instead of raising it."""

    @wraps(callback)
    def call(context: Context) -> None:
        try:
            callback(context)
        except Exception as error:
            log.error("Creating the alert failed: %s", reason(error))

    return call


@never_raise
def alert_on_failure(context: Context) -> None:
    """Send an alert for a failed task."""
    _send(alert_message.alert(context))
    _record_alerted(context)


@never_raise
def alert_once_per_streak(context: Context) -> None:
    """As `alert_on_failure`, but only for the first failure of a streak of scheduled runs.

    For DAGs that run so often that one cause would send many alerts.
    """
    if _failed_before(context):
        log.info("No alert: the task also failed in the previous run, which sent one.")
        _record_alerted(context)
    else:
        alert_on_failure(context)


@never_raise
def alert_on_killed_tasks(context: Context) -> None:
    """Send an alert for failed tasks whose own callback never ran, as when a process is killed."""
    ti = context["ti"]
    states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])[ti.run_id]
    failed = [name for name, state in states.items() if state == "failed"]
    killed = tuple(name for name in failed if not _was_alerted(context, name))
    if killed:
        _send(alert_message.alert_of_run(context, killed, KILLED))


def _send(alert: Alert) -> None:
    for name, send in CHANNELS.items():
        try:
            sent = send(alert)
        except Exception as error:
            log.error("Sending the alert through the connection %s failed: %s", name, reason(error))
        else:
            log.info(
                "Alert sent through the connection %s."
                if sent
                else "No alert by %s: the connection is not configured.",
                name,
            )


def _failed_before(context: Context) -> bool:
    if context["dag_run"].logical_date is None:
        return False
    before = context["ti"].get_previous_ti()
    return before is not None and before.state == "failed"


def _record_alerted(context: Context) -> None:
    context["ti"].xcom_push(ALERTED, reason(context.get("exception")))


def _was_alerted(context: Context, name: str) -> bool:
    """Whether a task's callback ran; the `name` of a mapped task ends with its map index."""
    task = context["dag"].task_dict.get(name)
    if task is not None:
        return not task.on_failure_callback or _has_alerted(context, name, -1)
    task_id, _, map_index = name.rpartition("_")
    return _has_alerted(context, task_id, int(map_index))


def _has_alerted(context: Context, task_id: str, map_index: int) -> bool:
    return bool(context["ti"].xcom_pull(task_ids=task_id, key=ALERTED, map_indexes=map_index))
