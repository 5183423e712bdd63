"""What an operator is told first: what is wrong and what to do, and how far behind all is."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from plugins.page import catalogue_view, overview
from plugins.page.calendar import DayState
from plugins.page.catalogue_view import Freshness
from stacks_dataverse import catalog
from stacks_dataverse.data_check import BUILD_THE_TABLE, NOT_RUN
from stacks_dataverse.tip_snapshot import TipSnapshot
from tests.support.manifests import tip_snapshot

NOW = datetime(2024, 10, 31, 12, tzinfo=UTC)
DAY = date(2024, 10, 29)
FAILED = {"day": DAY, "name": "supply", "kind": "warning", "expected": "at least 2", "actual": "1"}
REMEDIES = {"supply": "Look closely.", "check_freshness": "Mend it.", "raise_alarm": "Wait."}
DAILY = next(declared for declared in catalog.OBJECTS if declared.name == "daily_txs")


def compared(name: str, actual: str, passed: bool = False) -> dict[str, Any]:
    """An outcome of a comparison with the chain."""
    return {"name": name, "kind": "warning", "passed": passed, "actual": actual, "checked_at": NOW, "day": DAY}


def entry(hours: float) -> catalogue_view.Entry:
    """An object whose data are so old."""
    return catalogue_view.object_entry(
        DAILY, {"daily_txs": {"as_of": NOW - timedelta(hours=hours), "source_end": None}}, NOW
    )


def test_all_well_is_no_problem() -> None:
    passed = [compared("changed_days", "none", passed=True)]
    assert overview.open_issues([], passed, [entry(36)], {DAY: DayState.PUBLISHED}, REMEDIES) == []


def test_what_holds_others_back_comes_first_each_with_the_runbooks_words() -> None:
    error = FAILED | {"name": "landed_blocks", "kind": "error"}
    found = overview.open_issues([FAILED, error], [], [entry(37)], {}, REMEDIES)
    assert [(problem.kind, problem.remedy) for problem in found] == [
        ("error", ""),
        ("stale", "Mend it."),
        ("warning", "Look closely."),
    ]
    assert found[0].title == "landed_blocks failed on 2024-10-29"
    assert found[2].detail == "Expected at least 2; actual 1."


def test_a_check_that_waits_for_a_table_says_to_build_it() -> None:
    waiting = FAILED | {"expected": NOT_RUN, "actual": "waits for daily_bonds"}
    [issue] = overview.open_issues([waiting], [], [], {}, REMEDIES)
    assert issue.remedy == BUILD_THE_TABLE


def test_stale_objects_are_one_problem_with_a_sentence_for_each_schedule() -> None:
    (found,) = overview.open_issues([], [], [entry(40), entry(100), entry(2)], {}, REMEDIES)
    assert found.title == "2 public objects are stale"
    age = "data through 2024-10-27 08:00 UTC, 4 days old, limit 36 h."
    assert found.detail == f"2 published daily, with the chain: {age}"
    assert found.logs == (("stacks_daily", "dags/stacks_daily"),)
    half_hourly = next(declared for declared in catalog.OBJECTS if declared.name == "mempool")
    other = catalogue_view.object_entry(
        half_hourly, {"mempool": {"as_of": NOW - timedelta(hours=3), "source_end": None}}, NOW
    )
    (found,) = overview.open_issues([], [], [entry(100), other], {}, REMEDIES)
    assert found.detail.startswith(f"1 published daily, with the chain: {age} 1 published every half hour: ")


def test_what_a_comparison_found_is_a_problem_until_it_is_mended() -> None:
    changed = compared("changed_days", "2024-10-29, 2024-10-30")
    states = {DAY: DayState.REBUILT, date(2024, 10, 30): DayState.REORGED}
    (found,) = overview.open_issues([], [changed], [], states, REMEDIES)
    assert (found.days, found.remedy) == ((date(2024, 10, 30),), "Wait.")
    assert overview.open_issues([], [changed], [], dict.fromkeys(states, DayState.REBUILT), REMEDIES) == []
    assert overview.open_issues([], [compared("missing_days", "2024-10-29")], [], states, REMEDIES) == []
    assert overview.open_issues([], [compared("loose_blocks", "height 7 on 2024-10-29")], [], states, REMEDIES) != []


def test_how_far_behind_the_tip_the_last_loaded_day_is() -> None:
    days = [
        {"day": DAY, "is_loaded": True, "last_block_height": 100, "settled": True, "block_count": 10},
        {"day": date(2024, 10, 30), "is_loaded": False, "last_block_height": 150, "settled": True, "block_count": 50},
        {"day": date(2025, 10, 30), "is_loaded": True, "last_block_height": None, "settled": False, "block_count": 0},
    ]
    snapshot = TipSnapshot.from_json(tip_snapshot(180, NOW))
    found = overview.lag(days, snapshot)
    assert (found.last_day, found.blocks, found.days) == (DAY, 80, 1)
    assert found.polled_at == NOW


def test_a_past_that_is_missing_is_a_problem_with_the_command_that_loads_it() -> None:
    missing = {"stretches": "2021-01-14 to 2024-10-28", "command": "airflow dags trigger stacks_backfill --conf '{}'"}
    (found,) = overview.open_issues([], [], [], {}, REMEDIES, missing)
    assert (found.kind, found.row) == ("warning", "missing_history")
    assert "Missing: 2021-01-14 to 2024-10-28. Figures that need the whole history are null" in found.detail
    assert found.check == "missing_history"
    assert found.remedy == "Load it: airflow dags trigger stacks_backfill --conf '{}'"


def test_what_is_not_known_of_the_tip_is_null() -> None:
    found = overview.lag([], None)
    assert (found.last_day, found.blocks, found.days, found.tip_time) == (None, None, None, None)


def test_the_age_of_an_object_is_held_against_its_limit() -> None:
    ended = next(declared for declared in catalog.OBJECTS if declared.last_day)
    private = next(declared for declared in catalog.OBJECTS if declared.private)
    row = {"as_of": datetime(2024, 4, 23, tzinfo=UTC), "source_end": None}
    assert catalogue_view.freshness(DAILY, {}, NOW) == (Freshness.NEVER, None)
    assert catalogue_view.freshness(DAILY, None, NOW) == (Freshness.UNKNOWN, None)
    assert catalogue_view.freshness(DAILY, {DAILY.name: row}, NOW)[0] is Freshness.STALE
    still = row | {"source_end": row["as_of"] + timedelta(hours=36)}
    assert catalogue_view.freshness(DAILY, {DAILY.name: still}, NOW)[0] is Freshness.COMPLETE
    assert catalogue_view.freshness(ended, {ended.name: row}, NOW)[0] is Freshness.ENDED
    assert catalogue_view.freshness(private, {private.name: row}, NOW)[0] is Freshness.UNKNOWN
    assert (entry(36).freshness, entry(36.1).freshness) == (Freshness.FRESH, Freshness.STALE)


def test_a_failed_latest_run_is_an_issue_with_task_reason_and_log() -> None:
    task = SimpleNamespace(task_id="land_prices", name="land_prices", path="dags/a/tasks/b", reason="No answer. Wait.")
    run = SimpleNamespace(dag_id="market_daily", path="dags/a", days=("2024-10-29", "2024-10-30"), tasks=[task])
    remedies = REMEDIES | {"land_prices": "Correct the key."}
    found, warning = overview.open_issues([FAILED], [], [], {}, remedies, failed_runs=[run])
    assert found.title == "The latest run of market_daily for 2024-10-29 to 2024-10-30 failed"
    assert (found.kind, found.label, found.is_error) == ("run", "failed run", True)
    assert (found.detail, found.remedy) == ("land_prices: No answer. Wait.", "Correct the key.")
    assert found.logs == (("Log of land_prices", "dags/a/tasks/b"), ("Run", "dags/a"))
    assert warning.label == "warns"
    (killed,) = overview.open_issues(
        [], [], [], {}, {}, failed_runs=[SimpleNamespace(dag_id="a", path="p", days=None, tasks=[])]
    )
    assert killed.title == "The latest run of a failed"
    assert killed.detail.startswith("None of its tasks failed")


def test_a_live_source_that_stands_still_is_an_issue() -> None:
    lag = overview.Lag(DAY, 100, 180, NOW - timedelta(hours=3), NOW)
    (found,) = overview.open_issues([], [], [], {}, REMEDIES | {"sanity_check": "Repair the node."}, stalled=lag)
    assert (found.title, found.remedy, found.is_error) == ("The source stands still", "Repair the node.", True)
    assert "block is 180 of 2024-10-31 09:00 UTC" in found.detail


def test_a_remedy_has_its_steps() -> None:
    issue = overview.Issue("stale", "", "", "", "Look at the log; the DAG; then unpause it; then run it.")
    assert issue.steps == ["Look at the log; the DAG.", "Unpause it.", "Run it."]
    assert overview.Issue("stale", "", "", "", "").steps == []
