"""The operator that hands days over to `stacks_backfill`."""

import logging
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator

log = logging.getLogger(__name__)


class TriggerBackfill(TriggerDagRunOperator):
    """Triggers `stacks_backfill` for the days that an earlier task returned; succeeds at once where there are none.

    Args:
        days_from: the task that returns `from_day` and `to_day`, or None.
    """

    def __init__(self, *, days_from: str, **arguments: Any) -> None:
        # Without a logical date: two runs at one moment would collide.
        super().__init__(trigger_dag_id="stacks_backfill", logical_date=None, **arguments)
        self.days_from = days_from

    def execute(self, context: Any) -> None:
        """Trigger the run."""
        days = context["ti"].xcom_pull(task_ids=self.days_from)
        if not days:
            log.info("Nothing to rebuild: %s found no day that changed or is missing.", self.days_from)
            return
        self.conf = {"from_day": days["from_day"], "to_day": days["to_day"]}
        log.info("Triggering stacks_backfill for %s to %s.", days["from_day"], days["to_day"])
        super().execute(context)
