"""Which task of which DAG makes the rows of a dataset."""

from dataclasses import dataclass

from plugins.page import lineage
from stacks_dataverse.catalog import Kind, PublicObject, Schedule
from stacks_dataverse.dataset import Table

DAILY, BACKFILL, MARKET, TIP = "stacks_daily", "stacks_backfill", "market_daily", "stacks_half_hourly"


@dataclass(frozen=True)
class Task:
    """A task; its id may have a task group before it."""

    dag_id: str
    task_id: str


BUILDING = (Task(DAILY, "build"), Task(BACKFILL, "build_month"))
FIGURES = (Task(DAILY, "end_of_day_figures"), Task(BACKFILL, "end_of_day_figures"))
CHECKING = (Task(DAILY, "check"), Task(BACKFILL, "check_month"))
PUBLISHING = (Task(DAILY, "publish"), Task(BACKFILL, "publish"))
AT_THE_TIP, OF_THE_MARKET = (Task(TIP, "publish_tip"),), (Task(MARKET, "publish_market"),)

OF_SCHEDULES = {Schedule.DAILY: PUBLISHING, Schedule.MARKET: OF_THE_MARKET, Schedule.HALF_HOURLY: AT_THE_TIP}
OF_KINDS = {
    Kind.FACT: BUILDING,
    Kind.STATE: BUILDING,
    Kind.FIGURE: FIGURES,
    Kind.SNAPSHOT: AT_THE_TIP,
    Kind.SERIES: (Task(MARKET, "make_indicators"),),
}
OF_LOGS = {
    "built_days": BUILDING,
    "built_tables": BUILDING,
    "loaded_days": CHECKING,
    "quality_checks": CHECKING,
    "changed_keys": (*PUBLISHING, *OF_THE_MARKET, *AT_THE_TIP),
    "published_objects": (*PUBLISHING, *OF_THE_MARKET, *AT_THE_TIP),
    "published_files": (*PUBLISHING, *OF_THE_MARKET, *AT_THE_TIP),
    "published_versions": PUBLISHING,
}


def tasks_of(dataset: Table | PublicObject) -> tuple[Task, ...]:
    """The tasks that make a dataset, the scheduled one first."""
    if isinstance(dataset, PublicObject):
        return (Task(TIP, "sanity_check"),) if dataset.private else OF_SCHEDULES[dataset.schedule]
    if dataset.kind is Kind.VIEW:
        return tasks_of(lineage.TABLES[dataset.made_of[0]])
    if feeds := dict.fromkeys(feed for _, feed in lineage.feeds_of(dataset.name)):
        return tuple(Task(MARKET, f"build_{feed}") for feed in feeds)
    return OF_LOGS.get(dataset.name) or OF_KINDS[dataset.kind]
