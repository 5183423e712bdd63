"""What Airflow hands to the callback of a task that failed."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from stacks_dataverse.errors import Retryable

RUN_AFTER = datetime(2024, 10, 30, 14, 31, tzinfo=UTC)


class TaskInstance(SimpleNamespace):
    """A task instance as a callback meets it; `xcoms` by task and map index."""

    def xcom_push(self, key: str, value: Any) -> None:
        self.xcoms[self.task_id, self.map_index] = {key: value}

    def xcom_pull(self, task_ids: str, key: str, map_indexes: int) -> Any:
        return self.xcoms.get((task_ids, map_indexes), {}).get(key)

    def get_task_states(self, dag_id: str, run_ids: list[str]) -> dict[str, dict[str, str]]:
        assert (dag_id, run_ids) == (self.dag_id, [self.run_id])
        return {self.run_id: self.states}

    def get_previous_ti(self) -> Any:
        return self.before


def context(**changes: Any) -> dict[str, Any]:
    """A callback's context; `changes` are of its task instance or of itself."""
    ti = TaskInstance(dag_id="stacks_daily", task_id="build", run_id="manual", map_index=-1, xcoms={}, before=None)
    ti.log_url = "http://airflow.example/dags/stacks_daily/runs/manual/tasks/build?try_number=4"
    for name in changes.keys() & {"dag_id", "task_id", "map_index", "rendered_map_index", "before", "states", "xcoms"}:
        setattr(ti, name, changes.pop(name))
    defaults = {
        "params": {"day": "2024-10-29"},
        "exception": Retryable("reading a file: it is not there. Land the day again."),
        "dag_run": SimpleNamespace(run_after=RUN_AFTER, logical_date=RUN_AFTER),
        "dag": SimpleNamespace(task_dict={}),
    }
    return defaults | changes | {"ti": ti}
