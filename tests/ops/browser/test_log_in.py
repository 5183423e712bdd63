"""The web UI as a person uses it: one logs in, runs a day, and logs out."""

import re
from collections.abc import Callable

import pytest
import requests
from selenium.webdriver.common.by import By

from scripts.local.settings import REPOSITORY
from tests.ops.browser.person import Person
from tests.support.local_stack import PATIENCE_SECONDS, LocalStack

pytestmark = pytest.mark.slow

# By the names that the web UI shows.
DAGS = [re.search(r'dag_display_name="(.+)"', path.read_text())[1] for path in (REPOSITORY / "dags").glob("*.py")]
DAG, DAY, DAY_AS_TYPED = "stacks_daily", "2024-10-28", "10282024"


def trigger(person: Person) -> None:
    """Fill in a DAG's form for a run of a day, and send it."""
    person.open(f"/dags/{DAG}")
    person.click("[data-testid=trigger-dag-button]")
    person.find("#element_day").send_keys(DAY_AS_TYPED)
    person.click("[data-testid=trigger-dag-submit]")


def test_an_administrator_logs_in_runs_a_day_and_logs_out(
    person: Person, users: Callable[[str], tuple[str, str]], stack: LocalStack
) -> None:
    name, password = users("Admin")
    person.open("/dags")
    person.sees_log_in_page()
    person.log_in(name, "wrong")
    person.sees("Invalid login. Please try again.")

    person.log_in(name, password)
    person.sees(f"{len(DAGS)} Dags")
    for dag in DAGS:
        person.sees(dag)

    trigger(person)
    person.open(f"/dags/{DAG}/runs")
    person.sees("Success", "[data-testid=table-cell-state]", patience=PATIENCE_SECONDS)
    assert [str(day) for day in stack.pipeline().read("SELECT day FROM loaded_days")["day"]] == [DAY]

    cookies = {cookie["name"]: cookie["value"] for cookie in person.browser.get_cookies()}
    person.log_out()
    person.sees_log_in_page()
    person.browser.back()
    person.sees_log_in_page()
    person.open(f"/dags/{DAG}")
    person.sees_log_in_page()
    with requests.Session() as thief:
        thief.trust_env = False
        assert thief.get(f"{person.url}/api/v2/dags", cookies=cookies).status_code in (401, 403)
        assert "Enter your login" in thief.get(f"{person.url}/", cookies=cookies, headers={"Accept": "text/html"}).text


def test_a_viewer_looks_and_changes_nothing(logged_in: Callable[[str], Person], stack: LocalStack) -> None:
    viewer, before = logged_in("Viewer"), runs(stack)
    viewer.open("/dags")
    viewer.sees(f"{len(DAGS)} Dags")
    assert not viewer.browser.find_elements(By.CSS_SELECTOR, "button[aria-label=Admin], button[aria-label=Security]")
    trigger(viewer)
    viewer.sees("403 Forbidden", "[role=dialog][data-state=open]")
    assert runs(stack) == before


def runs(stack: LocalStack) -> list[str]:
    """The ids of all runs of the DAG."""
    return [run["dag_run_id"] for run in stack.api._send("GET", f"/dags/{DAG}/dagRuns").json()["dag_runs"]]
