"""What a person sees first: whether the data are fresh, what failed, and what is checked."""

import re
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By

from tests.faults.moments import wait_until
from tests.ops.browser.page.conftest import DAY, DAY_BEFORE
from tests.ops.browser.person import Person
from tests.support.local_stack import PATIENCE_SECONDS, LocalStack

pytestmark = pytest.mark.slow

MARKET, RUN = "market_daily", "failed_on_purpose"
# As long as the page caches what it read, and some.
CACHED_SECONDS = 60
SETTING = "/variables/stacks_source"


@pytest.fixture
def live_source(stack: LocalStack) -> Iterator[None]:
    """The sample is declared to be a node that follows the chain, which it does not."""
    declare(stack, "live")
    yield
    declare(stack, "sample")


@pytest.fixture
def failed_run(stack: LocalStack) -> Iterator[None]:
    """The latest run of a DAG failed, for its days are in the wrong order."""
    stack.api.pause(MARKET, False)
    stack.api.trigger(MARKET, RUN, {"from_day": DAY, "to_day": DAY_BEFORE})
    wait_until(lambda: stack.api.run_state(MARKET, RUN) == "failed", "the run has failed", PATIENCE_SECONDS)
    yield
    stack.api.delete_run(MARKET, RUN)


def declare(stack: LocalStack, source: str) -> None:
    """Say what the Stacks database is."""
    stack.api._send("PATCH", SETTING, json={"key": "stacks_source", "value": source})


def text(viewer: Person, path: str, place: str = "main") -> str:
    """The words of a view."""
    viewer.open(path)
    return viewer.find(place).text


def sees_in_time(viewer: Person, path: str, words: str) -> None:
    """Open a view until it says something."""
    wait_until(lambda: words in text(viewer, path), f"{words!r} is on {path}", CACHED_SECONDS)


def test_over_a_sample_the_verdict_says_that_it_stands_still_and_nothing_is_stale(viewer: Person) -> None:
    sees_in_time(viewer, "/dataverse/", "source stands still (sample chain)")
    assert "Sample data." in viewer.find("main").text
    verdict = viewer.find(".verdict").text
    assert f"Data through {DAY} · " in verdict
    assert "no failed runs" in verdict
    assert "are stale" not in viewer.find("main").text
    assert viewer.find(".verdict").location["y"] < viewer.find("#freshness").location["y"]
    assert "complete" in text(viewer, "/dataverse/dataset/whale_movements", ".state")


def test_a_stalled_node_is_not_fresh(live_source: None, viewer: Person) -> None:
    sees_in_time(viewer, "/dataverse/", "The source stands still")
    assert "Needs attention" in viewer.find(".verdict-bad").text
    assert "public objects are stale" in viewer.find("#issues ~ ul").text
    assert "stale" in text(viewer, "/dataverse/dataset/whale_movements", ".state")
    facts = viewer.find(".facts").text
    assert "data through" in facts
    assert "published" in facts


def test_a_failed_run_is_an_open_issue_with_its_reason_and_its_log(failed_run: None, viewer: Person) -> None:
    viewer.open("/dataverse/")
    issue = viewer.find(".issue-run").text
    assert f"The latest run of {MARKET} for {DAY} to {DAY_BEFORE} failed" in issue
    # In the order in which they ended.
    names, reason = re.search(rf"^(\w+(?:, \w+)+): (from_day {DAY} is after .+)$", issue, re.MULTILINE).groups()
    assert set(names.split(", ")) == {"land_prices", "land_social", "make_indicators", "publish_market"}
    assert DAY_BEFORE in reason
    assert "1 failed run" in viewer.find(".verdict-bad").text
    viewer.click(".issue-run a[data-airflow-link]")
    wait_until(
        lambda: f"/runs/{RUN}/tasks/{names.split(', ')[0]}" in viewer.browser.current_url, "the task's log is open"
    )


def test_every_check_has_its_meaning_result_severity_and_history(viewer: Person) -> None:
    viewer.open("/dataverse/")
    viewer.click(".verdict a[href$='checks']")
    row = viewer.find("tr:has(#check-heights_of_blocks)")
    assert "No two canonical blocks of the day share a height." in row.text
    assert "✓ passed" in row.text
    assert row.find_element(By.CSS_SELECTOR, ".badge").text == "blocks publishing"
    assert row.find_elements(By.CSS_SELECTOR, ".history rect.outcome-passed")
    colours = {
        viewer.find(place).value_of_css_property("color")
        for place in (".badge.severity-error", "td .outcome-passed", "dt .outcome-failed")
    }
    assert len(colours) == 3, "a severity has the colour of a result"
    assert viewer.complaints() == []


def test_a_day_unfolds_what_is_asked_for(viewer: Person) -> None:
    viewer.open(f"/dataverse/day/{DAY_BEFORE}")
    assert viewer.browser.find_elements(By.CSS_SELECTOR, "details[open]") == []
    viewer.click(".contents a[href='#checks']")
    assert viewer.browser.current_url.endswith("#checks")
    viewer.click("#checks ~ details summary")
    viewer.sees("landed_blocks", "#checks ~ details")
    rows = viewer.browser.find_elements(By.CSS_SELECTOR, "#files ~ details tbody tr .number:first-of-type")
    assert rows
    assert "0" not in [row.get_attribute("textContent") for row in rows]
