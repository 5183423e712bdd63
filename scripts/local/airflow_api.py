"""The few calls of Airflow's REST API that the local stack makes."""

from typing import Any

import requests

from scripts.local.errors import StackError

TIMEOUT_SECONDS = 60


class AirflowApi:
    """Airflow at `url`, as user `admin`. Raises StackError for what the server refuses."""

    def __init__(self, url: str, password: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._password = password
        self._log_in()

    def dag(self, dag_id: str) -> dict[str, Any] | None:
        """Return a DAG's details; None when it is not there (yet)."""
        answer = self._send("GET", f"/dags/{dag_id}", missing_ok=True)
        return answer.json() if answer is not None else None

    def dags(self) -> list[dict[str, Any]]:
        """Return all DAGs: dag_id, is_paused, ..."""
        return self._send("GET", "/dags", params={"limit": 100}).json()["dags"]

    def import_errors(self) -> list[str]:
        """Return the stack trace of each DAG file that cannot be read."""
        errors = self._send("GET", "/importErrors").json()["import_errors"]
        return [f"{error['filename']}:\n{error['stack_trace']}" for error in errors]

    def pause(self, dag_id: str, paused: bool) -> None:
        """Pause or unpause a DAG."""
        self._send("PATCH", f"/dags/{dag_id}", json={"is_paused": paused})

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
        """Start a manual run without a logical date."""
        body = {"dag_run_id": run_id, "logical_date": None, "conf": conf}
        self._send("POST", f"/dags/{dag_id}/dagRuns", json=body)

    def run_state(self, dag_id: str, run_id: str) -> str:
        """Return the state of a run: queued, running, success or failed."""
        return self._send("GET", f"/dags/{dag_id}/dagRuns/{run_id}").json()["state"]

    def unfinished_scheduled_runs(self, dag_id: str, since: str) -> list[str]:
        """Return the ids of the scheduled runs that wait or run, made at `since` (ISO 8601) or later."""
        query = {"run_type": "scheduled", "state": ["queued", "running"], "limit": 100}
        runs = self._send("GET", f"/dags/{dag_id}/dagRuns", params=query).json()["dag_runs"]
        return [run["dag_run_id"] for run in runs if (run["queued_at"] or since) >= since[:19]]

    def end_run(self, dag_id: str, run_id: str) -> None:
        """Fail a run, ending its tasks."""
        self._send("PATCH", f"/dags/{dag_id}/dagRuns/{run_id}", json={"state": "failed"})

    def delete_run(self, dag_id: str, run_id: str) -> None:
        """Remove a run from the records."""
        self._send("DELETE", f"/dags/{dag_id}/dagRuns/{run_id}", missing_ok=True)

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Return the task instances of a run: task_id, map_index, state, try_number, duration, ..."""
        path, tasks = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances", []
        while True:
            query = {"limit": 100, "offset": len(tasks)}
            answer = self._send("GET", path, params=query).json()
            tasks += answer["task_instances"]
            if len(tasks) >= answer["total_entries"] or not answer["task_instances"]:
                return tasks

    def log(self, task: dict[str, Any]) -> list[str]:
        """Return the lines of a task instance's last try."""
        path = f"/dags/{task['dag_id']}/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}"
        query = {"map_index": task["map_index"], "full_content": True}
        answer = self._send("GET", f"{path}/logs/{task['try_number']}", params=query, missing_ok=True)
        return _log_lines(answer.json()["content"]) if answer is not None else []

    def _log_in(self) -> None:
        login = {"username": "admin", "password": self._password}
        answer = self._session.post(f"{self._url}/auth/token", json=login, timeout=TIMEOUT_SECONDS)
        if answer.status_code != 201:
            raise StackError(f"Airflow rejected the log-in of admin: {answer.status_code} {answer.text[:200]}")
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def _send(self, method: str, path: str, missing_ok: bool = False, **options: Any) -> requests.Response | None:
        url = f"{self._url}/api/v2{path}"
        answer = self._session.request(method, url, timeout=TIMEOUT_SECONDS, **options)
        if answer.status_code == 401:
            # The token has had its hour.
            self._log_in()
            answer = self._session.request(method, url, timeout=TIMEOUT_SECONDS, **options)
        if missing_ok and answer.status_code == 404:
            return None
        if not answer.ok:
            raise StackError(f"Airflow rejected {method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer


def _log_lines(content: list[Any] | str) -> list[str]:
    if isinstance(content, str):
        return content.splitlines()
    lines = []
    for entry in content:
        if isinstance(entry, str):
            lines.append(entry)
            continue
        # The marks of sections that the web UI folds.
        lines += [line for line in entry.get("event", "").splitlines() if not line.startswith("::")]
        lines += [f"{e['exc_type']}: {e['exc_value']}" for e in entry.get("error_detail") or []]
    return lines
