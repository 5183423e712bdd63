"""Runs of `stacks_daily` through the scheduler, followed to their end."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from scripts.local.airflow_api import AirflowApi
from scripts.local.errors import StackError
from scripts.local.stack import Stack

DAG = "stacks_daily"
DAG_PATIENCE_SECONDS = 90
LOG_TAIL_LINES = 25
SETTLED = {"success", "skipped", "removed"}
SHOWN = {"success", "failed", "skipped", "up_for_retry"}


def run_days(stack: Stack, days: Sequence[date]) -> None:
    """Run the days one after the other; StackError, with the failed task's log, unless all succeed."""
    if not days:
        return
    api = AirflowApi(stack.settings.web_url, stack.admin_password)
    dag = _wait_for_dag(stack, api)
    with _unpaused(stack, api, dag):
        for number, day in enumerate(days, 1):
            print(f"{DAG} {day} ({number} of {len(days)})", flush=True)
            _run_day(stack, api, day)


def _wait_for_dag(stack: Stack, api: AirflowApi) -> dict[str, Any]:
    deadline = time.monotonic() + DAG_PATIENCE_SECONDS
    while (dag := api.dag(DAG)) is None or dag.get("has_import_errors"):
        stack.airflow.require_alive()
        errors = api.import_errors()
        if errors:
            raise StackError("A DAG cannot be read:\n" + "\n".join(errors))
        if time.monotonic() > deadline:
            raise StackError(f"Airflow shows no DAG {DAG} after {DAG_PATIENCE_SECONDS} s")
        time.sleep(0.5)
    return dag


@contextmanager
def _unpaused(stack: Stack, api: AirflowApi, dag: dict[str, Any]) -> Iterator[None]:
    """A paused DAG runs nothing; it is left as it was found, before an interrupted run too."""
    if not dag["is_paused"] and stack.choices.get("unpaused_since") is None:
        yield
        return
    since = stack.choices.get_or_create("unpaused_since", lambda: datetime.now(UTC).isoformat())
    api.pause(DAG, False)
    try:
        yield
    finally:
        api.pause(DAG, True)
        for run in api.unfinished_scheduled_runs(DAG, since):
            api.end_run(DAG, run)
            api.delete_run(DAG, run)
            print(f"Removed {run}: over a chain that stands still it would wait for ever")
        stack.choices.remove("unpaused_since")


def _run_day(stack: Stack, api: AirflowApi, day: date) -> None:
    began = time.monotonic()
    run_id = f"local__{day}__{time.time_ns()}"
    api.trigger(DAG, run_id, {"day": day.isoformat(), "allow_unsettled": True})
    seen: set[tuple[Any, ...]] = set()
    while (state := api.run_state(DAG, run_id)) not in ("success", "failed"):
        _show(api.tasks(DAG, run_id), seen)
        stack.airflow.require_alive()
        time.sleep(0.5)
    tasks = api.tasks(DAG, run_id)
    _show(tasks, seen)
    if state != "success" or any(task["state"] not in SETTLED for task in tasks):
        raise StackError(_failure(api, tasks, day))
    print(f"  {day} done in {time.monotonic() - began:.1f} s", flush=True)


def _show(tasks: Sequence[dict[str, Any]], seen: set[tuple[Any, ...]]) -> None:
    for task in sorted(tasks, key=lambda task: task["end_date"] or ""):
        key = (task["task_id"], task["map_index"], task["try_number"], task["state"])
        if task["state"] in SHOWN and key not in seen:
            seen.add(key)
            seconds = f"{task['duration']:6.1f} s" if task["duration"] else " " * 8
            print(f"  {seconds}  {task['state']:<12} {_name(task)}", flush=True)


def _failure(api: AirflowApi, tasks: Sequence[dict[str, Any]], day: date) -> str:
    failed = [task for task in tasks if task["state"] == "failed"]
    others = [_name(task) for task in tasks if task["state"] not in SETTLED | {"failed"}]
    parts = [f"{DAG} failed for {day}."]
    for task in failed:
        parts.append(f"Task {_name(task)} failed. The end of its log:")
        parts += [f"  {line}" for line in api.log(task)[-LOG_TAIL_LINES:]]
    if others:
        parts.append(f"Not run, or not to the end: {', '.join(others)}")
    return "\n".join(parts)


def _name(task: dict[str, Any]) -> str:
    return task["task_id"] + (f"[{task['map_index']}]" if task["map_index"] >= 0 else "")
