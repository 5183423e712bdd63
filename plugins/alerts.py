"""Tells operators what failed after its last try: the callbacks that every DAG names.

`tell_of_failure` is `on_failure_callback` of tasks, which Airflow calls after the last try only; `tell_of_silent` is
`on_failure_callback` of DAGs. Nothing that goes wrong here fails anything: it is a line in the log.
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

# The XCom that a task leaves when its own callback has run.
TOLD = "failure_told"
SILENT = "killed, out of memory perhaps, or its worker was lost: nothing of it could say why"


def harmless(callback: Callable[[Context], None]) -> Callable[[Context], None]:
    """Let a callback fail with no more than a line in the log."""

    @wraps(callback)
    def call(context: Context) -> None:
        try:
            callback(context)
        except Exception as error:
            log.error("The alert could not be made: %s", reason(error))

    return call


@harmless
def tell_of_failure(context: Context) -> None:
    """Send an alert for a task."""
    _send(alert_message.alert(context))
    _note_told(context)


@harmless
def tell_of_first_failure(context: Context) -> None:
    """As `tell_of_failure`, unless the task failed in the scheduled run before too: then it was told of already.

    For DAGs that run so often that the same cause would be told of again and again.
    """
    if _failed_before(context):
        log.info("No alert: this task failed in the run before too, and was told of then.")
        _note_told(context)
    else:
        tell_of_failure(context)


@harmless
def tell_of_silent(context: Context) -> None:
    """Send an alert for the tasks of a failed run whose own callback never ran: a process that is killed has none."""
    ti = context["ti"]
    states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])[ti.run_id]
    failed = [name for name, state in states.items() if state == "failed"]
    silent = tuple(name for name in failed if not _was_told(context, name))
    if silent:
        _send(alert_message.alert_of_run(context, silent, SILENT))


def _send(alert: Alert) -> None:
    for name, send in CHANNELS.items():
        try:
            sent = send(alert)
        except Exception as error:
            log.error("The alert could not be sent by the connection %s: %s", name, reason(error))
        else:
            log.info("Alert sent by the connection %s." if sent else "No alert by %s: it is not configured.", name)


def _failed_before(context: Context) -> bool:
    if context["dag_run"].logical_date is None:
        return False
    before = context["ti"].get_previous_ti()
    return before is not None and before.state == "failed"


def _note_told(context: Context) -> None:
    context["ti"].xcom_push(TOLD, True)


def _was_told(context: Context, name: str) -> bool:
    """Whether a task's callback ran; `name` ends with the map index of a mapped one."""
    task = context["dag"].task_dict.get(name)
    if task is not None:
        return not task.on_failure_callback or _pulled(context, name, -1)
    task_id, _, map_index = name.rpartition("_")
    return _pulled(context, task_id, int(map_index))


def _pulled(context: Context, task_id: str, map_index: int) -> bool:
    return bool(context["ti"].xcom_pull(task_ids=task_id, key=TOLD, map_indexes=map_index))
