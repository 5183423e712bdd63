"""The catalogue and the documents in a browser: found while typing, kept in the address, sorted, and linked."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from stacks_dataverse import catalog
from stacks_dataverse.labels import Group
from tests.faults.moments import wait_until
from tests.ops.browser.page.conftest import DAY
from tests.ops.browser.person import Person

pytestmark = pytest.mark.slow

CATALOGUE = "/dataverse/catalogue"
# In one step, for a search may replace the list between two.
NAMES = "return [...document.querySelectorAll('#entries .entry th code')].map((each) => each.textContent)"
DATASETS = len(catalog.OBJECTS) + len(catalog.TABLES)


def shown(person: Person) -> list[str]:
    """The names of the datasets that are listed, in their order."""
    return person.browser.execute_script(NAMES)


def test_a_search_shows_while_typing_is_in_the_address_and_can_be_cleared(viewer: Person) -> None:
    viewer.open(CATALOGUE)
    viewer.sees(f"{DATASETS} of {DATASETS} datasets")
    assert not viewer.browser.find_elements(By.CSS_SELECTOR, "form.filter button")
    viewer.find("input[name=q]").send_keys("collections most owners")
    viewer.sees("1 of")
    assert shown(viewer) == ["nft_top_by_holders"]
    wait_until(lambda: "q=collections+most+owners" in viewer.browser.current_url, "the search is in the address")
    viewer.browser.refresh()
    viewer.sees("1 of")
    assert viewer.find("input[name=q]").get_attribute("value") == "collections most owners"
    viewer.find("input[name=q]").send_keys(" zzz")
    viewer.sees("No dataset matches")
    viewer.click("#results .notice a")
    viewer.sees(f"{DATASETS} of {DATASETS} datasets")
    assert viewer.browser.current_url == viewer.url + CATALOGUE
    assert viewer.complaints() == []


def test_the_keyboard_alone_finds_and_clears(viewer: Person) -> None:
    viewer.open(CATALOGUE)
    search = viewer.find("input[name=q]")
    search.send_keys("gini", Keys.ENTER)
    wait_until(lambda: "spot_stats" in shown(viewer), "what has the word is listed")
    search.send_keys(Keys.CONTROL, "a")
    search.send_keys(Keys.DELETE)
    viewer.sees(f"{DATASETS} of {DATASETS} datasets")
    assert "q=" not in viewer.browser.current_url


def test_datasets_are_in_groups_or_sorted(viewer: Person) -> None:
    viewer.open(CATALOGUE)
    headings = [each.text for each in viewer.browser.find_elements(By.CSS_SELECTOR, "#entries .group th")]
    assert headings == [group.value for group in Group]
    viewer.browser.find_element(By.LINK_TEXT, "Mining").click()
    viewer.sees(f"of {DATASETS} datasets")
    every = [each.name for each in (*catalog.OBJECTS, *catalog.TABLES) if each.group is Group.MINING]
    assert (viewer.browser.current_url.endswith("?group=Mining"), shown(viewer)) == (True, every)
    viewer.open(CATALOGUE)
    viewer.browser.find_element(By.LINK_TEXT, "Dataset").click()
    viewer.sees("By group")
    titles = [each.text for each in viewer.browser.find_elements(By.CSS_SELECTOR, "#entries .entry th > a")]
    assert titles == sorted(titles, key=str.lower)
    viewer.click("#entries thead [aria-sort=ascending] a")
    viewer.find("#entries thead [aria-sort=descending]")
    assert viewer.browser.current_url.endswith("sort=-title")


def test_a_dataset_shows_its_latest_value_its_line_and_its_days(viewer: Person) -> None:
    viewer.open(f"{CATALOGUE}?q=daily_balances")
    wait_until(lambda: "daily_balances" in shown(viewer), "the table is listed")
    row = viewer.browser.find_element(By.XPATH, "//tr[.//code='daily_balances']")
    assert f"through {DAY}" in row.text
    assert "2,002 days" in row.text
    line = row.find_element(By.CSS_SELECTOR, ".spark polyline")
    assert len(line.get_attribute("points").split()) == 60
    assert "not published" not in viewer.find("main").text


def test_documents_have_titles_and_contents_that_lead_to_headings(viewer: Person) -> None:
    viewer.open("/dataverse/guide/")
    viewer.browser.find_element(By.LINK_TEXT, "Runbook").click()
    viewer.sees("On this page")
    links = viewer.browser.find_elements(By.CSS_SELECTOR, "[aria-labelledby=contents] a")
    anchors = [link.get_attribute("href").partition("#")[2] for link in links]
    assert len(anchors) > 5
    assert all(viewer.browser.find_elements(By.CSS_SELECTOR, f".guide [id='{anchor}']") for anchor in anchors)
    links[-1].click()
    heading = viewer.browser.find_element(By.CSS_SELECTOR, f".guide [id='{anchors[-1]}']")
    wait_until(
        lambda: heading.rect["y"] <= viewer.browser.execute_script("return scrollY + innerHeight"), "it is there"
    )
    assert viewer.complaints() == []


def test_the_navigation_shows_an_icon_of_its_own(viewer: Person) -> None:
    icon = viewer.find("a[aria-label=Dataverse] img")
    wait_until(
        lambda: viewer.browser.execute_script("return arguments[0].naturalWidth > 0", icon), "the icon is loaded"
    )
    assert "/dataverse/static/icon" in icon.get_attribute("src")
