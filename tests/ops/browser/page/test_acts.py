"""What is done on the page, by whom, and what happens when it cannot be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By

from stacks_dataverse import catalog, files
from tests.faults.moments import wait_until
from tests.ops.browser.page.conftest import DAY
from tests.ops.browser.person import Person
from tests.support.local_stack import LocalStack

pytestmark = pytest.mark.slow

BACKFILL = "stacks_backfill"
AGAIN = "Re-ingest and rebuild this day"
HOSTILE = "<img src=x onerror=\"document.title='taken'\">"
KEYS = {declared.name: declared.path.format(version="latest") for declared in catalog.OBJECTS}
# As the page's own form sends it; a script in the page may, no other site's.
FORCED = """
    const done = arguments[1];
    fetch(arguments[0], { method: "POST" }).then((answer) => done(answer.status));
"""
OTHER_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'warehouse'"


def runs(stack: LocalStack) -> list[dict]:
    """All runs of the DAG that builds days again."""
    return stack.api._send("GET", f"/dags/{BACKFILL}/dagRuns").json()["dag_runs"]


def built_at(stack: LocalStack) -> object:
    """When the day was built."""
    return stack.pipeline().read(f"SELECT built_at FROM built_days WHERE day = '{DAY}'")["built_at"][0].as_py()


@contextmanager
def warehouse_away(stack: LocalStack) -> Iterator[None]:
    """Let nobody into the warehouse, until the end of the block."""
    with stack.stack.postgres.connect() as connection:
        cursor = connection.cursor()
        cursor.execute("ALTER DATABASE warehouse ALLOW_CONNECTIONS false")
        try:
            cursor.execute(OTHER_SESSIONS)
            yield
        finally:
            cursor.execute("ALTER DATABASE warehouse ALLOW_CONNECTIONS true")


@pytest.mark.parametrize(("name", "form"), [("daily_txs", "json"), ("financial_indicators", "csv")])
def test_a_download_is_the_public_object(
    name: str, form: str, viewer: Person, stack: LocalStack, tmp_path: Path
) -> None:
    folder = {"behavior": "allow", "downloadPath": str(tmp_path)}
    viewer.browser.execute_cdp_cmd("Browser.setDownloadBehavior", folder)
    viewer.open(f"/dataverse/dataset/{name}")
    viewer.click("a[download][href$='/published']")
    loaded = tmp_path / f"{name}.{form}"
    wait_until(loaded.exists, f"{loaded} has come")
    assert loaded.read_bytes() == files.unzip(stack.pipeline().public.get(KEYS[name]))


def test_a_name_of_a_strangers_is_text(viewer: Person, replaced: Callable[[str, object], None]) -> None:
    replaced(KEYS["nft_top_by_holders"], {HOSTILE: {"value": 3, "contract": HOSTILE}})
    viewer.open("/dataverse/dataset/nft_top_by_holders")
    viewer.sees(HOSTILE, "tbody th")
    assert viewer.browser.title == "NFT collections with most owners · Dataverse"
    assert viewer.browser.find_elements(By.CSS_SELECTOR, "main img") == []
    assert viewer.complaints() == []


def test_whoever_may_has_a_day_built_again_and_watches_it_end(
    logged_in: Callable[[str], Person], users: Callable[[str], tuple[str, str]], stack: LocalStack
) -> None:
    operator, before, known = logged_in("Op"), built_at(stack), {run["dag_run_id"] for run in runs(stack)}
    operator.open(f"/dataverse/day/{DAY}")
    operator.click("a.button")
    operator.sees(f"Rebuild {DAY}?")
    assert {run["dag_run_id"] for run in runs(stack)} == known
    operator.click("form button")
    operator.sees(BACKFILL, "#runs ~ div")
    (run,) = (run for run in runs(stack) if run["dag_run_id"] not in known)
    assert run["triggering_user_name"] == users("Op")[0]
    stack.ends_well(BACKFILL, run["dag_run_id"])
    operator.sees("success", ".run")
    assert run["conf"] == {"from_day": DAY, "to_day": DAY, "force": True}
    assert built_at(stack) > before
    operator.sees("matches the raw files", ".facts")


def test_a_viewer_is_not_offered_it_and_cannot_force_it(viewer: Person, stack: LocalStack) -> None:
    before = runs(stack)
    viewer.open(f"/dataverse/day/{DAY}")
    viewer.sees("Landed files")
    assert AGAIN not in viewer.find("main").text
    assert viewer.browser.execute_async_script(FORCED, f"/dataverse/day/{DAY}/rebuild") == 403
    viewer.open(f"/dataverse/day/{DAY}/rebuild")
    viewer.sees("You may not do this")
    assert runs(stack) == before


def test_who_is_not_logged_in_sees_nothing(person: Person) -> None:
    for path in ("/", "/catalogue", "/dataset/daily_txs", f"/day/{DAY}", f"/day/{DAY}/rebuild", "/guide/runbook.md"):
        person.open(f"/dataverse{path}")
        person.sees_log_in_page()
    assert person.browser.execute_async_script(FORCED, f"/dataverse/day/{DAY}/rebuild") == 401


def test_while_the_warehouse_is_away_the_page_says_so_and_then_goes_on(viewer: Person, stack: LocalStack) -> None:
    with warehouse_away(stack):
        viewer.open(f"/dataverse/day/{DAY}")
        viewer.sees("The warehouse does not answer, or refuses access.")
        assert "Traceback" not in viewer.browser.page_source
        viewer.open("/dataverse/catalogue")
        viewer.sees("daily_txs")
    viewer.open(f"/dataverse/day/{DAY}")
    viewer.sees("Landed files")
