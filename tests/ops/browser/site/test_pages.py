"""The pages of the public site: found, read and used with a mouse, a keyboard, a narrow window, or without scripts."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from stacks_dataverse import catalog
from stacks_dataverse.labels import Group
from tests.faults.moments import wait_until
from tests.ops.browser.accessibility import axe_script, violations
from tests.ops.browser.site.conftest import MADE_FOR, Reader, catalogue_of
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.slow

NARROW, HIGH = 420, 1500
PUBLIC = [obj for obj in catalog.OBJECTS if not obj.private]
SHOWN = "return [...document.querySelectorAll('.entry:not([hidden]) code')].map((each) => each.textContent)"
LOADED_FROM = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
# All that a page of a dataset reads is there.
IS_WHOLE = """
    document.querySelector("[data-rows] thead th") !== null
      && document.querySelector("[data-size]").textContent !== "–"
      && [...document.querySelectorAll("[data-chart]")]
        .every((place) => place.chart || /not drawn/.test(place.textContent))
""".strip()
GROUNDS = {"dark": "rgb(17, 22, 31)", "light": "rgb(255, 255, 255)"}
VIEWS = ("index.html", "datasets/network_activity.html", "datasets/wallet_balances.html", "embed.html?d=daily_txs")


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The program that looks for what keeps somebody from using a page."""
    return axe_script(tmp_path_factory.mktemp("axe"))


def open_whole(reader: Reader, path: str) -> None:
    """Open a page, and wait until it has read what it shows."""
    reader.open(path)
    if path == "index.html":
        reader.sees("CC-BY-4.0", "footer")
    elif path.startswith("datasets/"):
        wait_until(lambda: reader.ask(IS_WHOLE), f"{path} is whole")
    else:
        reader.look_at(path)


def test_the_index_lists_every_dataset_by_group_with_what_is_published(reader: Reader, published: Pipeline) -> None:
    open_whole(reader, "index.html")
    assert reader.browser.execute_script(SHOWN) == [obj.name for group in Group for obj in PUBLIC if obj.group is group]
    entries = {entry["name"]: entry for entry in catalogue_of(published)["datasets"]}
    for name in ("network_activity", "price_7d", "spot_stats"):
        row = reader.find(f"[data-facts={name}]").text
        assert entries[name]["first_day"] is None or entries[name]["first_day"] in row
        assert "stale" in row
    latest = reader.find("[data-facts=stx_stacked_over_time] [data-latest]")
    assert latest.text == "–"
    reader.browser.execute_script("arguments[0].scrollIntoView()", latest)
    wait_until(lambda: latest.text.endswith(" STX"), "what is in sight has its latest value")
    assert len(reader.find("[data-facts=stx_stacked_over_time] polyline").get_attribute("points").split()) == 3
    assert reader.complaints() == []
    assert [name for name in reader.browser.execute_script(LOADED_FROM) if not name.startswith(reader.url)] == []


def test_a_search_shows_while_typing_and_is_in_the_address(reader: Reader) -> None:
    open_whole(reader, "index.html")
    reader.find("input[type=search]").send_keys("stackers earned")
    reader.sees(f"2 of {len(PUBLIC)} datasets")
    assert set(reader.browser.execute_script(SHOWN)) == {"stacking_riskreward", "stacking_riskreward_small"}
    assert not reader.browser.find_element(By.ID, "group-network").is_displayed()
    reader.browser.refresh()
    reader.sees(f"2 of {len(PUBLIC)} datasets")
    reader.find("input[type=search]").send_keys(Keys.CONTROL, "a", Keys.DELETE)
    reader.sees(f"{len(PUBLIC)} of {len(PUBLIC)} datasets")
    assert "q=" not in reader.browser.current_url


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_keeps_anybody_from_using_a_page(reader: Reader, axe: str, view: str) -> None:
    open_whole(reader, view)
    assert violations(reader.browser, axe) == []


@pytest.mark.parametrize("theme", GROUNDS)
@pytest.mark.parametrize("view", VIEWS)
def test_a_page_is_light_or_dark_and_fits_a_narrow_window(reader: Reader, view: str, theme: str) -> None:
    feature = {"name": "prefers-color-scheme", "value": theme}
    reader.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    size = {"width": NARROW, "height": HIGH, "deviceScaleFactor": 1, "mobile": False}
    reader.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    open_whole(reader, view)
    assert reader.ask("getComputedStyle(document.body).backgroundColor") == GROUNDS[theme]
    assert reader.ask("document.documentElement.scrollWidth") <= NARROW


def test_the_keyboard_alone_reaches_the_chart_and_the_programs(reader: Reader) -> None:
    open_whole(reader, "datasets/network_activity.html")
    reader.browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert reader.browser.switch_to.active_element.text == "Skip to content"
    plotted = reader.find(".chart-plot")
    plotted.send_keys(Keys.ARROW_LEFT)
    reader.sees("2024-10-30", ".chart-tip")
    summary = next(each for each in reader.browser.find_elements(By.CSS_SELECTOR, "summary") if each.text == "polars")
    summary.send_keys(Keys.ENTER)
    reader.sees("import polars as pl")


def test_without_scripts_a_dataset_is_described_and_can_be_downloaded(reader: Reader) -> None:
    reader.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    reader.open("datasets/fees.html")
    text = reader.browser.find_element(By.TAG_NAME, "main").text
    obj = next(obj for obj in PUBLIC if obj.name == "fees")
    assert obj.method in text
    assert all(column.name in text and column.meaning in text for column in obj.columns)
    assert "v1/fees.parquet" in text
    assert f"{MADE_FOR}/v1/fees.json.gz" in text


@pytest.mark.parametrize("chunk", range(4))
def test_every_page_of_a_dataset_reads_its_files_without_complaint(reader: Reader, chunk: int) -> None:
    for obj in PUBLIC[chunk::4]:
        open_whole(reader, f"datasets/{obj.name}.html")
        assert reader.complaints() == [], obj.name
        assert "–" not in [each.text for each in reader.browser.find_elements(By.CSS_SELECTOR, "[data-size]")], obj.name


def test_programs_and_embedding_name_the_address_at_which_the_page_is_read(reader: Reader) -> None:
    open_whole(reader, "datasets/daily_txs.html")
    text = reader.ask("document.querySelector('main').textContent")
    assert f"{reader.url}v1/daily_txs/latest.json.gz" in text
    assert f'<iframe src="{reader.url}embed.html?d=daily_txs"' in text
    assert MADE_FOR not in text


def test_a_catalogue_that_cannot_be_read_is_said(reader: Reader, published: Pipeline) -> None:
    body = published.public.get("catalog.json")
    published.public.put("catalog.json", b"{", {"ContentType": "application/json"})
    try:
        reader.open("index.html")
        reader.sees("The catalogue could not be read", "[data-unread]")
    finally:
        published.public.put("catalog.json", body, {"ContentType": "application/json", "ContentEncoding": "gzip"})
