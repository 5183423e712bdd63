"""Runs of the DAGs through the scheduler, followed to their end."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from scripts.local.airflow_api import AirflowApi
from scripts.local.errors import StackError
from scripts.local.stack import Stack

# On record while a command has a DAG unpaused: since when, in ISO 8601.
UNPAUSED = "unpaused_since "
DAG_PATIENCE_SECONDS = 90
LOG_TAIL_LINES = 25
SETTLED = {"success", "skipped", "removed"}
FAILED = {"failed", "up_for_retry"}
SHOWN = {"success", "failed", "skipped", "up_for_retry"}


class Run(NamedTuple):
    """A run by hand: of which DAG, about what, its name, with which Params, and which tasks may fail by design."""

    dag_id: str
    about: str
    name: str
    params: dict[str, Any]
    may_fail: frozenset[str] = frozenset()


def of_day(day: date) -> Run:
    """A day of the chain, settled or not."""
    return Run("stacks_daily", str(day), f"day_{day}", {"day": str(day), "allow_unsettled": True})


def of_forgotten(day: date, *, raw: bool) -> Run:
    """A day that is taken out again, its raw files with it if so chosen."""
    return Run("stacks_forget_day", str(day), f"forget_{day}", {"day": str(day), "raw": raw})


def of_market(first: date, last: date) -> Run:
    """Prices and social data of some days, the last one included."""
    params = {"from_day": str(first), "to_day": str(last)}
    return Run("market_daily", f"{first} to {last}", f"market_{first}_{last}", params)


def of_tip_snapshot() -> Run:
    """A run of `stacks_half_hourly`; its task `sanity_check` fails while the tip does not advance."""
    return Run("stacks_half_hourly", "at the tip", "tip", {}, frozenset({"sanity_check"}))


def run_all(stack: Stack, runs: Sequence[Run]) -> None:
    """Run one after the other; StackError, with the failed task's log, unless all succeed."""
    if not runs:
        return
    pause_again(stack)
    api = _api(stack)
    for dag_id, same in groupby(runs, key=lambda run: run.dag_id):
        dag = _wait_for_dag(stack, api, dag_id)
        with _unpaused(stack, api, dag):
            for run in same:
                _run(stack, api, run)


def left_unpaused(stack: Stack) -> dict[str, str]:
    """Since when commands that run, or were killed, have DAGs unpaused, by the DAG's id."""
    return stack.choices.starting_with(UNPAUSED)


def pause_again(stack: Stack) -> None:
    """Pause the DAGs that a killed command left unpaused; nothing while Airflow does not run.

    Only the command that holds the stack may: what another has unpaused, that one pauses itself.
    """
    left = left_unpaused(stack)
    if not left or stack.airflow.unhealthy():
        return
    api = _api(stack)
    for dag_id, since in left.items():
        _pause(stack, api, dag_id, since)
        print(f"Paused {dag_id}: an interrupted command had left it unpaused", flush=True)


def _api(stack: Stack) -> AirflowApi:
    return AirflowApi(stack.settings.web_url, stack.admin_password)


def _wait_for_dag(stack: Stack, api: AirflowApi, dag_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + DAG_PATIENCE_SECONDS
    while (dag := api.dag(dag_id)) is None or dag.get("has_import_errors"):
        stack.airflow.require_alive()
        errors = api.import_errors()
        if errors:
            raise StackError("A DAG cannot be read:\n" + "\n".join(errors))
        if time.monotonic() > deadline:
            raise StackError(f"Airflow has not loaded the DAG {dag_id} after {DAG_PATIENCE_SECONDS} s")
        time.sleep(0.5)
    return dag


@contextmanager
def _unpaused(stack: Stack, api: AirflowApi, dag: dict[str, Any]) -> Iterator[None]:
    """A paused DAG runs nothing; it is left as it was."""
    if not dag["is_paused"]:
        yield
        return
    dag_id, since = dag["dag_id"], datetime.now(UTC).isoformat()
    # On record first: kill -9 lets nothing be undone, and the next command does it.
    stack.choices.put(UNPAUSED + dag_id, since)
    api.pause(dag_id, False)
    try:
        yield
    finally:
        _pause(stack, api, dag_id, since)


def _pause(stack: Stack, api: AirflowApi, dag_id: str, since: str) -> None:
    """Pause a DAG, and remove the scheduled runs that came up since it was unpaused."""
    if api.dag(dag_id) is not None:
        api.pause(dag_id, True)
        for run in api.unfinished_scheduled_runs(dag_id, since):
            api.end_run(dag_id, run)
            api.delete_run(dag_id, run)
            print(f"Removed {run}: the DAG was paused and runs only on request")
    stack.choices.remove(UNPAUSED + dag_id)


def _run(stack: Stack, api: AirflowApi, run: Run) -> None:
    print(f"{run.dag_id}: {run.about}", flush=True)
    began, run_id = time.monotonic(), f"{run.name}_{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
    api.trigger(run.dag_id, run_id, run.params)
    seen: set[tuple[Any, ...]] = set()
    while api.run_state(run.dag_id, run_id) not in ("success", "failed"):
        tasks = api.tasks(run.dag_id, run_id)
        _show(tasks, seen)
        if not _others(tasks, run) and any(task["state"] in FAILED for task in tasks):
            # Only what may fail is left, and has failed once: its retries are not waited for.
            api.end_run(run.dag_id, run_id)
            break
        stack.airflow.require_alive()
        time.sleep(0.5)
    tasks = api.tasks(run.dag_id, run_id)
    _show(tasks, seen)
    if _others(tasks, run) or not tasks:
        raise StackError(_failure(api, tasks, run))
    print(f"  done in {time.monotonic() - began:.1f} s", flush=True)


def _others(tasks: Sequence[dict[str, Any]], run: Run) -> list[dict[str, Any]]:
    """The tasks that have not ended well, and had to."""
    unsettled = [task for task in tasks if task["state"] not in SETTLED]
    running = [task for task in unsettled if task["state"] not in FAILED]
    return running or [task for task in unsettled if task["task_id"] not in run.may_fail]


def _show(tasks: Sequence[dict[str, Any]], seen: set[tuple[Any, ...]]) -> None:
    for task in sorted(tasks, key=lambda task: task["end_date"] or ""):
        key = (task["task_id"], task["map_index"], task["try_number"], task["state"])
        if task["state"] in SHOWN and key not in seen:
            seen.add(key)
            seconds = f"{task['duration']:6.1f} s" if task["duration"] else " " * 8
            print(f"  {seconds}  {task['state']:<12} {_name(task)}", flush=True)


def _failure(api: AirflowApi, tasks: Sequence[dict[str, Any]], run: Run) -> str:
    failed = [task for task in tasks if task["state"] == "failed"]
    others = [_name(task) for task in tasks if task["state"] not in SETTLED | {"failed"}]
    parts = [f"{run.dag_id} failed: {run.about}."]
    for task in failed:
        parts.append(f"Task {_name(task)} failed. The end of its log:")
        parts += [f"  {line}" for line in api.log(task)[-LOG_TAIL_LINES:]]
    if others:
        parts.append(f"Not finished: {', '.join(others)}")
    return "\n".join(parts)


def _name(task: dict[str, Any]) -> str:
    return task["task_id"] + (f"[{task['map_index']}]" if task["map_index"] >= 0 else "")
