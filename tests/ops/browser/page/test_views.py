"""The views: whole, light, for everybody, and as the README shows them."""

import os
import re
from collections.abc import Callable
from itertools import groupby

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from scripts.local.settings import REPOSITORY
from stacks_dataverse import catalog
from tests.faults.moments import wait_until
from tests.ops.browser import pictures
from tests.ops.browser.accessibility import axe_script, violations
from tests.ops.browser.conftest import HEIGHT, WIDTH
from tests.ops.browser.page.conftest import DAY_BEFORE
from tests.ops.browser.person import Person

pytestmark = pytest.mark.slow

NARROW, HIGH = 420, 1500
VIEWS = {
    "overview": "/dataverse/",
    "catalogue": "/dataverse/catalogue",
    "checks": "/dataverse/checks",
    "dataset": "/dataverse/dataset/financial_indicators",
    "day": f"/dataverse/day/{DAY_BEFORE}",
}
DATASETS = len(catalog.OBJECTS) + len(catalog.TABLES)
SHOWN = {
    "overview": "Last runs",
    "catalogue": f"of {DATASETS} datasets",
    "checks": "Last 30 days",
    "dataset": "rsi_7",
    "day": "Landed files",
}
PICTURED = VIEWS.keys() - {"checks"}
MAX_BYTES = 400_000
CHART, FIGURE, BAR = "[data-chart] canvas", "--link", "--calm"
# Ages and moments differ from one run to the next by less, a colour or a column by more.
UNLIKE = 0.01
LOADED_BYTES = "return performance.getEntries().reduce((sum, entry) => sum + (entry.encodedBodySize || 0), 0)"
LOADED_FROM = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
# Of each cell of a table its words, and over how many lines they go.
LINES_OF_CELLS = """
    return [...document.querySelectorAll(".figures tbody td")].filter((cell) => cell.firstChild).map((cell) => {
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      const tops = new Set();
      while (texts.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        [...range.getClientRects()].forEach((line) => tops.add(Math.round(line.top)));
      }
      return [cell.textContent, tops.size];
    });
"""
SHORT = 20
# Which buttons show as pressed after one was: a zoom is none of the ranges.
PRESSED = {"30 days": ["30 days"], "Zoom in": [], "Logarithmic": ["All", "Logarithmic"]}
GROUNDS = {"dark": "rgba(17, 22, 31, 1)", "light": "rgba(255, 255, 255, 1)"}


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The program that looks for what keeps somebody from using a page."""
    return axe_script(tmp_path_factory.mktemp("axe"))


def look_at(person: Person, view: str) -> None:
    """Open a view, and wait until all of it is there."""
    person.open(VIEWS[view])
    person.sees(SHOWN[view])
    if view == "dataset":
        wait_until(lambda: _is_drawn(person), "the chart is drawn")


def _is_drawn(person: Person) -> bool:
    """Whether the line of the chart goes through most of it."""
    columns = drawn(person)
    return sum(map(bool, columns)) > len(columns) / 2


def drawn(person: Person, place: str = CHART, colour: str = FIGURE) -> list[int]:
    """How many pixels of a colour there are in each column of a chart."""
    return pictures.columns(person.browser, person.find(place), colour)


def test_a_viewer_reaches_the_page_from_the_navigation_and_a_run_from_the_page(viewer: Person) -> None:
    browser = viewer.browser
    viewer.click("a[aria-label=Dataverse]")
    browser.switch_to.frame(viewer.find("iframe"))
    viewer.sees("Freshness")
    assert viewer.complaints() == []
    viewer.click("a[data-airflow-link]")
    browser.switch_to.default_content()
    wait_until(lambda: re.search(r"/dags/\w+/runs/\w+", browser.current_url), "the run's own page is open")


def test_the_page_follows_light_and_dark_of_the_web_ui(viewer: Person) -> None:
    viewer.click("a[aria-label=Dataverse]")
    for mode, ground in GROUNDS.items():
        viewer.browser.switch_to.default_content()
        viewer.click("button[aria-label=User]")
        viewer.click("[role=menuitem][id^='menu:']")
        viewer.click(f"[role^=menuitem][id$={mode}]")
        viewer.browser.switch_to.frame(viewer.find("iframe"))
        viewer.find(f"html[data-theme={mode}]")
        assert viewer.find("body").value_of_css_property("background-color") == ground


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_whole_and_light_and_all_of_it_comes_from_here(view: str, viewer: Person) -> None:
    look_at(viewer, view)
    assert viewer.complaints() == []
    assert all(name.startswith(viewer.url) for name in viewer.browser.execute_script(LOADED_FROM))
    assert 1000 < viewer.browser.execute_script(LOADED_BYTES) < MAX_BYTES


@pytest.mark.parametrize("width", [WIDTH, NARROW])
@pytest.mark.parametrize("theme", GROUNDS)
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_for_everybody(view: str, theme: str, width: int, viewer: Person, axe: str) -> None:
    viewer.browser.execute_script("localStorage.setItem('theme', arguments[0])", theme)
    viewer.browser.set_window_size(width, HEIGHT)
    look_at(viewer, view)
    viewer.find(f"html[data-theme={theme}]")
    assert viewer.browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(viewer.browser, axe) == []


@pytest.mark.parametrize("view", sorted(PICTURED))
def test_the_readme_shows_a_view_as_it_is(view: str, logged_in: Callable[[str], Person]) -> None:
    operator = logged_in("Op")
    operator.browser.execute_script("localStorage.setItem('theme', 'light')")
    operator.browser.set_window_size(WIDTH, HIGH)
    look_at(operator, view)
    operator.browser.execute_script("window.scrollTo(0, 0)")
    seen, kept = operator.browser.get_screenshot_as_png(), REPOSITORY / "docs" / "images" / f"{view}.png"
    if os.environ.get("KEEP_SCREENSHOTS"):
        kept.write_bytes(seen)
    assert f"docs/images/{view}.png" in (REPOSITORY / "README.md").read_text()
    unlike = pictures.difference(operator.browser, kept.read_bytes(), seen)
    assert unlike < UNLIKE, "run this with KEEP_SCREENSHOTS=1, look at docs/images, and commit them"


def test_what_is_not_known_is_a_gap(viewer: Person, replaced: Callable[[str, object], None]) -> None:
    unknown = range(800, 1200)
    replaced("addx_growth/latest.json.gz", {str(n * 86400): None if n in unknown else 5 for n in range(2000)})
    viewer.open("/dataverse/dataset/addx_growth")
    viewer.sees("400 not known, shown as gaps.")
    columns = [count > 0 for count in drawn(viewer)]
    line = columns[columns.index(True) : len(columns) - columns[::-1].index(True)]
    gap = max(len(list(same)) for is_drawn, same in groupby(line) if not is_drawn)
    assert gap / len(line) == pytest.approx(len(unknown) / 2000, abs=0.02)


@pytest.mark.parametrize("width", [WIDTH, NARROW])
def test_a_word_is_not_broken_but_where_it_is_as_wide_as_a_line(width: int, viewer: Person) -> None:
    viewer.browser.set_window_size(width, HEIGHT)
    viewer.open("/dataverse/dataset/nft_moves")
    viewer.find("table.figures td")
    lines = viewer.browser.execute_script(LINES_OF_CELLS)
    assert {words for words, _ in lines} >= {"mint", "transfer"}
    assert [(words, count) for words, count in lines if len(words) <= SHORT and count > 1] == []
    assert max(count for _, count in lines) <= (3 if width == WIDTH else 5)


def test_a_ranking_has_bars(viewer: Person, replaced: Callable[[str, object], None]) -> None:
    value = {name: {"value": count, "contract": f"SP1.{name}"} for name, count in (("a", 100), ("b", 25))}
    replaced("nft/top_by_holders.json.gz", value)
    viewer.open("/dataverse/dataset/nft_top_by_holders")
    first, second = (drawn(viewer, f"tbody tr:nth-child({row}) svg.bar", BAR) for row in (1, 2))
    assert sum(map(bool, second)) / sum(map(bool, first)) == pytest.approx(0.25, abs=0.02)


def test_the_keyboard_comes_first_to_a_link_to_the_content(viewer: Person) -> None:
    look_at(viewer, "overview")
    viewer.find("body").send_keys(Keys.TAB)
    assert viewer.browser.switch_to.active_element.text == "Skip to content"
    viewer.browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert viewer.browser.switch_to.active_element.tag_name == "main"


@pytest.mark.parametrize("label", ["30 days", "Zoom in", "Logarithmic"])
def test_a_chart_is_used_with_the_keyboard(label: str, viewer: Person) -> None:
    look_at(viewer, "dataset")
    whole = drawn(viewer)
    viewer.browser.find_element(By.XPATH, f"//*[@class='chart-tools']/button[.='{label}']").send_keys(Keys.ENTER)
    assert drawn(viewer) != whole
    pressed = viewer.browser.find_elements(By.CSS_SELECTOR, ".chart-tools button[aria-pressed=true]")
    assert [button.text for button in pressed] == PRESSED[label]
