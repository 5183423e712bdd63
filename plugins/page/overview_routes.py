"""The routes of the overview and of the checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from airflow.api_fastapi.common.db.common import SessionDep
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from plugins.page import access, catalogue_view, checks_view, overview, run_details, runbook_view, runs
from plugins.page.access import User
from plugins.page.calendar import Calendar, DayState, finality, make_calendar, shown_range
from plugins.page.checks_view import CheckSummary, Outcome
from plugins.page.overview import Issue, Lag
from plugins.page.page_stores import PageStores, Unavailable, WarehouseState
from plugins.page.rendering import show
from plugins.page.routes import Stores
from plugins.page.verdict import Motion, make_verdict, motion
from stacks_dataverse import catalog
from stacks_dataverse.queries.comparisons import MEANINGS as COMPARISONS
from stacks_dataverse.tip_snapshot import TipSnapshot

router = APIRouter(dependencies=[Depends(access.may_view)])


@dataclass(frozen=True)
class Situation:
    """What the overview and the view of checks are made of."""

    state: WarehouseState
    lag: Lag
    calendar: Calendar
    issues: list[Issue]
    failed_runs: int
    checks: list[CheckSummary]
    notes: list[str]


@router.get("/")
def show_overview(
    request: Request,
    stores: Stores,
    user: User,
    session: SessionDep,
    year: Annotated[int | None, Query(ge=2000, le=2999)] = None,
) -> HTMLResponse:
    """The verdict, open issues, freshness against the tip, the calendar of days and the last runs."""
    now = datetime.now(UTC)
    seen = _read_situation(stores, user, session, now)
    calendar, state = seen.calendar, seen.state
    return show(
        request,
        "overview.html",
        seen.notes,
        lag=seen.lag,
        verdict=make_verdict(seen.lag, state.source, seen.issues, seen.failed_runs, now, is_complete=not seen.notes),
        issues=seen.issues,
        outcomes=checks_view.count_outcomes(seen.checks),
        Outcome=Outcome,
        published_at=_last_published(state),
        calendar=calendar,
        months=calendar.months(*shown_range(year, calendar.last)) if calendar.last else [],
        states=DayState,
        when_final=_when_final(seen),
        year=year,
        runs=runs.read_newest(session, user),
        now=now,
    )


@router.get("/checks")
def show_checks(request: Request, stores: Stores, user: User, session: SessionDep) -> HTMLResponse:
    """All checks with their meaning, their newest results and their last days."""
    seen = _read_situation(stores, user, session, datetime.now(UTC))
    outcomes = checks_view.count_outcomes(seen.checks)
    values = {
        "Outcome": Outcome,
        "severities": checks_view.Severity,
        "history_days": checks_view.HISTORY_DAYS,
    }
    return show(request, "checks.html", seen.notes, checks=seen.checks, outcomes=outcomes, **values)


def remedies() -> dict[str, str]:
    """What to do, by check and by row of the runbook; those of checks also without a runbook."""
    return {check.name: check.remedy for check in catalog.RUNBOOK_CHECKS} | runbook_view.remedies()


def meanings() -> dict[str, str]:
    """What each check means, in a line."""
    return {check.name: check.meaning for check in _declared_checks()}


def read_tip(stores: PageStores, state: WarehouseState) -> tuple[TipSnapshot | None, set[str], list[str]]:
    """The last tip snapshot, the landed days, and a note if the object store does not answer."""
    try:
        snapshot = stores.snapshot_manifest(state.last_snapshot_at) if state.last_snapshot_at else None
        return snapshot, stores.landed_days(), []
    except Unavailable as error:
        note = f"{error.store} does not answer: the chain's tip is not known, and a day shown as missing may be landed."
        return None, set(), [note]


def _read_situation(stores: PageStores, user: access.BaseUser, session: Session, now: datetime) -> Situation:
    state, failed = stores.state(), run_details.read_failed(session, user)
    snapshot, landed, notes = read_tip(stores, state)
    lag = overview.lag(state.days, snapshot, state.last_snapshot_at)
    calendar = make_calendar(state.days, state.reorgs, landed, lag.tip_time and lag.tip_time.date())
    objects = [catalogue_view.object_entry(obj, state.published, now) for obj in catalog.OBJECTS]
    fixes = remedies()
    issues = overview.open_issues(
        state.failed_checks, state.comparisons, objects, calendar.states, fixes, state.missing_history,
        failed_runs=failed, stalled=lag if motion(lag, state.source, now) is Motion.STALLED else None,
    )  # fmt: skip
    open_checks = {issue.check for issue in issues}
    checks = checks_view.summarise(_declared_checks(), stores.check_days(), *stores.check_results(), open_checks)
    return Situation(state, lag, calendar, issues, len(failed), checks, notes)


def _when_final(seen: Situation) -> str:
    """When the newest provisional day becomes final; empty without one."""
    days = [day for day, state in seen.calendar.states.items() if state is DayState.PROVISIONAL]
    if not days:
        return ""
    return f"{max(days)}: {finality(max(days), seen.state.settle_hours, seen.lag.tip_time, seen.state.source)}"


def _last_published(state: WarehouseState) -> datetime | None:
    """When an object was last published."""
    times = [row["published_at"] for row in state.published.values() if row["published_at"]]
    return max(times, default=None)


def _declared_checks() -> Sequence[checks_view.Declared]:
    warns = checks_view.Severity.WARNING
    return [
        *(
            checks_view.Declared(
                check.name,
                checks_view.first_sentence(check.method),
                checks_view.severity_of(check.name, check.kind.value),
                check.name,
            )
            for check in catalog.RUNBOOK_CHECKS
        ),
        *(checks_view.Declared(name, meaning, warns, overview.COMPARISON_ROW) for name, meaning in COMPARISONS.items()),
    ]
