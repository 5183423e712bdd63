"""The lower half of a dataset's page in a browser: rows, downloads, lineage and programs."""

import csv
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from plugins.page.table_query import PAGE_ROWS
from tests.faults.moments import wait_until
from tests.ops.browser.accessibility import axe_script, violations
from tests.ops.browser.conftest import HEIGHT, WIDTH
from tests.ops.browser.page.conftest import DAY
from tests.ops.browser.person import Person
from tests.support.local_stack import LocalStack

pytestmark = pytest.mark.slow

LARGE = "/dataverse/dataset/address_days"
NARROW = 420
THEMES = ("light", "dark")
VIEWS = (LARGE, "/dataverse/dataset/network_activity")
COPIED = "return navigator.clipboard.readText()"


def count(stack: LocalStack, table: str) -> int:
    """The rows of a table."""
    with closing(psycopg2.connect(stack.pipeline().warehouse_dsn)) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def first_cells(person: Person) -> list[str]:
    """The keys of the rows that are shown."""
    return [cell.text for cell in person.browser.find_elements(By.CSS_SELECTOR, "table.figures tbody th")]


def download(person: Person, folder: Path, label: str) -> Path:
    """Click at a download, and wait for the file."""
    allow = {"behavior": "allow", "downloadPath": str(folder)}
    person.browser.execute_cdp_cmd("Page.setDownloadBehavior", allow)
    person.browser.find_element(By.XPATH, f"//*[@class='downloads']//a[.='{label}']").click()
    wait_until(lambda: [*folder.glob("*.csv"), *folder.glob("*.parquet")], "the file is there")
    (path,) = folder.iterdir()
    return path


def test_a_download_has_every_row(viewer: Person, stack: LocalStack, tmp_path: Path) -> None:
    viewer.open("/dataverse/dataset/daily_blocks")
    path = download(viewer, tmp_path, "CSV")
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count(stack, "daily_blocks") > PAGE_ROWS
    assert rows[0]["day"] == DAY


def test_rows_are_paged_sorted_and_filtered_and_a_link_restores_them(viewer: Person) -> None:
    viewer.open(f"{LARGE}?page=2")
    viewer.sees(f"Rows {PAGE_ROWS + 1}–{2 * PAGE_ROWS}", ".pager")
    viewer.click("a[rel=next]")
    viewer.sees(f"Rows {2 * PAGE_ROWS + 1}", ".pager")
    field = viewer.find("input[name=day]")
    viewer.browser.execute_script("arguments[0].value = arguments[1]", field, DAY)
    viewer.click(".rows-head button")
    viewer.sees("Rows 1–", ".pager")
    assert set(first_cells(viewer)) == {DAY}
    Select(viewer.find("select[name=sort]")).select_by_value("-address")
    viewer.click(".rows-head button")
    wait_until(lambda: "sort=-address" in viewer.browser.current_url, "the order is in the address")
    shown, link = first_cells(viewer), viewer.browser.current_url.removeprefix(viewer.url)
    viewer.open("/dataverse/")
    viewer.open(link)
    assert first_cells(viewer) == shown
    assert Select(viewer.find("select[name=sort]")).first_selected_option.get_attribute("value") == "-address"


def test_lineage_leads_to_the_tables_and_back(viewer: Person) -> None:
    viewer.open("/dataverse/dataset/network_activity")
    viewer.click(".lineage a[href$='/daily_network_activity']")
    viewer.sees("daily_network_activity", "h1")
    viewer.click(".lineage a[href$='/dataset/network_activity']")
    viewer.sees("network_activity", "h1")


def test_a_program_is_copied_with_the_keyboard(viewer: Person) -> None:
    permission = {"origin": viewer.url, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    viewer.browser.execute_cdp_cmd("Browser.grantPermissions", permission)
    viewer.open("/dataverse/dataset/network_activity")
    viewer.browser.find_element(By.XPATH, "//summary[.='pandas']").send_keys(Keys.ENTER)
    opened = viewer.find("details.snippet[open]")
    opened.find_element(By.CSS_SELECTOR, "button.copy-all").send_keys(Keys.ENTER)
    viewer.sees("Copied", "details.snippet[open]")
    text = opened.find_element(By.CSS_SELECTOR, "code").text
    assert viewer.browser.execute_script(COPIED).strip() == text.strip()
    assert "import pandas" in text


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The program that looks for what keeps somebody from using a page."""
    return axe_script(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("width", [WIDTH, NARROW])
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("view", VIEWS)
def test_the_lower_half_is_for_everybody(view: str, theme: str, width: int, viewer: Person, axe: str) -> None:
    viewer.browser.execute_script("localStorage.setItem('theme', arguments[0])", theme)
    viewer.browser.set_window_size(width, HEIGHT)
    viewer.open(view)
    viewer.find(f"html[data-theme={theme}]")
    viewer.sees("Lineage")
    viewer.browser.execute_script("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert viewer.browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(viewer.browser, axe) == []
    assert viewer.complaints() == []
