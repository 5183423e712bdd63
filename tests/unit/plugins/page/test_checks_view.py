"""The view of checks: which pass, which fail, and their last days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from plugins.page import checks_view
from plugins.page.checks_view import Declared, Outcome, Severity, Stretch

AT = datetime(2024, 10, 31, tzinfo=UTC)
DAY = date(2024, 10, 29)
DAYS = {"fees": 9, "supply": 9}
SUPPLY, FEES, PRICES, NEW = (Declared(name, "", Severity.WARNING, name) for name in ("supply", "fees", "prices", "new"))


def result(name: str, days_ago: int, passed: bool = True) -> dict[str, Any]:
    """The newest result of a check of a day."""
    return {"name": name, "day": DAY - timedelta(days=days_ago), "passed": passed, "checked_at": AT}


def test_a_check_fails_while_a_day_or_an_issue_does() -> None:
    history = [result("fees", 1), result("prices", 0), result("supply", 0)]
    found = checks_view.summarise(
        [SUPPLY, FEES, PRICES, NEW], DAYS, {"supply": {"failed": 7, "failed_days": [DAY]}}, history, {"prices"}
    )
    assert [(check.declared.name, check.outcome.word) for check in found] == [
        ("supply", "failed"), ("prices", "failed"), ("fees", "passed"), ("new", "not run yet"),
    ]  # fmt: skip
    assert checks_view.count_outcomes(found) == {Outcome.FAILED: 2, Outcome.PASSED: 1, Outcome.NEVER: 1}
    assert (found[0].failed_days, found[0].failed, found[0].days, found[1].days) == ((DAY,), 7, 9, None)


def test_the_history_has_a_place_for_each_day() -> None:
    history = [result("fees", 3), result("supply", 0), result("supply", 1), result("supply", 2, False)]
    supply, fees = checks_view.summarise([SUPPLY, FEES], DAYS, {}, history, ())
    assert supply.history == (
        Stretch(0, 1, Outcome.NEVER), Stretch(1, 1, Outcome.FAILED), Stretch(2, 2, Outcome.PASSED),
    )  # fmt: skip
    assert (supply.last_passed, supply.last_failed) == (2, 1)
    assert fees.history == (Stretch(0, 1, Outcome.PASSED), Stretch(1, 3, Outcome.NEVER))
    (prices,) = checks_view.summarise([PRICES], DAYS, {}, [*history, result("prices", -9)], ())
    assert (prices.history, prices.places) == ((Stretch(0, 1, Outcome.PASSED),), 1)


def test_the_history_ends_with_the_newest_days() -> None:
    (fees,) = checks_view.summarise([FEES], {}, {}, [result("fees", ago, ago > 0) for ago in range(40, -1, -1)], ())
    assert (fees.places, fees.last_passed, fees.last_failed) == (30, 29, 1)


def test_a_severity_says_what_a_failure_does_and_is_no_result() -> None:
    assert {kind: checks_view.severity_of("fees", kind).value for kind in ("error", "warning")} == {
        "error": "blocks publishing", "warning": "warns",
    }  # fmt: skip
    assert checks_view.severity_of("made_again", "error").value == "alerts"


def test_a_meaning_is_one_sentence() -> None:
    assert checks_view.first_sentence("No two blocks share a height. A day that fails is not landed.") == (
        "No two blocks share a height."
    )
    assert checks_view.first_sentence("One sentence.") == "One sentence."
