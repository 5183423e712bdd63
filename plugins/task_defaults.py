"""The default arguments of every task: owner, alerts, pool, retries and timeout."""

from datetime import timedelta

from plugins import alerts

TASK_DEFAULTS = {
    "owner": "dataverse",
    "on_failure_callback": alerts.alert_on_failure,
    "pool": "stacks-pool",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=15),
    "execution_timeout": timedelta(hours=1),
}
