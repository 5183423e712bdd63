"""What every task of the DAGs has unless its DAG says otherwise: whose it is, whom it tells, and how it is tried."""

from datetime import timedelta

from plugins import alerts

TASK_DEFAULTS = {
    "owner": "dataverse",
    "on_failure_callback": alerts.tell_of_failure,
    "pool": "stacks-pool",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=15),
    "execution_timeout": timedelta(hours=1),
}
