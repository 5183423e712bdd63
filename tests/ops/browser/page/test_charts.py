"""What a dataset's page promises an analyst: honest axes, values at the pointer, links that restore, comparisons."""

from collections.abc import Callable
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from tests.faults.moments import wait_until
from tests.ops.browser.conftest import HEIGHT
from tests.ops.browser.person import Person

pytestmark = pytest.mark.slow

DAY = 86_400
NARROW = 420
CHART = "document.querySelector('[data-chart]')?.chart"
ADDRESS = "SP2KAF9RF86PVX3NEE27DFV1CQX0T4WGR41X3S45C"
# The pointer is moved to a value, as the keyboard does it.
POINT = f"""
    const plot = {CHART}.plot;
    const index = plot.data[0].indexOf(arguments[0]);
    plot.setCursor({{ left: plot.valToPos(plot.data[0][index], "x"), top: 50 }});
    return document.querySelector(".chart-tip").innerText;
"""
COPIED = """
    window.copied = [];
    navigator.clipboard.writeText = async (text) => { window.copied.push(text); };
"""
IN_SIGHT = """
    const region = arguments[0].closest(".scroll").getBoundingClientRect();
    const bar = arguments[0].getBoundingClientRect();
    return bar.width > 30 && bar.left >= region.left && bar.right <= region.right;
"""


def look_at(person: Person, path: str) -> None:
    """Open a dataset, and wait until its chart is drawn."""
    person.open(f"/dataverse/dataset/{path}")
    wait_until(lambda: person.browser.execute_script(f"return Boolean({CHART})"), "the chart is drawn")


def asked(person: Person, expression: str, *values: Any) -> Any:
    """What an expression over the chart, `chart`, is in the browser."""
    return person.browser.execute_script(f"const chart = {CHART}; return {expression}", *values)


def press(person: Person, label: str) -> None:
    """Press a button of the chart."""
    person.browser.find_element(By.XPATH, f"//*[@class='chart-tools']/button[.='{label}']").click()


def shown(person: Person) -> list[str]:
    """The labels of the buttons of a chart."""
    return [button.text for button in person.browser.find_elements(By.CSS_SELECTOR, ".chart-tools button")]


@pytest.fixture
def a_year(viewer: Person, replaced: Callable[[str, object], None]) -> Person:
    """A person before a series of 400 days that begins far from zero."""
    replaced("addx_growth/latest.json.gz", {str(day * DAY): 120_000_000 + day * 50_000 for day in range(400)})
    look_at(viewer, "addx_growth")
    return viewer


def test_bars_begin_at_zero(viewer: Person, replaced: Callable[[str, object], None]) -> None:
    replaced("tx_per_block/latest.json.gz", {str(height): 1000 + height for height in range(40)})
    look_at(viewer, "tx_per_block")
    wait_until(lambda: asked(viewer, "chart.plot.scales.y.max") > 1000, "the scale fits the values")
    assert asked(viewer, "chart.plot.scales.y.min") == 0


def test_a_line_begins_at_zero_where_that_is_chosen(a_year: Person) -> None:
    assert asked(a_year, "chart.plot.scales.y.min") > 0
    press(a_year, "From zero")
    wait_until(lambda: asked(a_year, "chart.plot.scales.y.min") == 0, "the axis begins at zero")
    assert "zero=1" in a_year.browser.current_url


def test_a_chart_has_a_title_an_axis_with_its_unit_and_short_ticks(a_year: Person) -> None:
    assert a_year.find(".chart-title").text
    assert asked(a_year, "chart.plot.axes[1].label") == "Accounts"
    ticks = [tick for tick in asked(a_year, "chart.plot.axes[1]._values") if tick]
    assert ticks
    assert all(tick.endswith(" M") for tick in ticks)
    assert len({len(tick.partition(".")[2]) for tick in ticks}) == 1


def test_the_value_is_at_the_pointer(a_year: Person) -> None:
    assert a_year.browser.execute_script(POINT, 10 * DAY).split() == ["1970-01-11", "Accounts:", "120,500,000"]


@pytest.mark.parametrize("day", [10, 390])
def test_the_value_at_the_pointer_stays_in_a_narrow_window(day: int, a_year: Person) -> None:
    a_year.browser.set_window_size(NARROW, HEIGHT)
    wait_until(lambda: asked(a_year, "chart.plot.width === chart.width"), "the chart has the window's width")
    assert a_year.browser.execute_script(POINT, day * DAY)
    assert a_year.browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(
    ("days", "expected"),
    [(20, []), (60, ["30 days"]), (200, ["30 days", "90 days"]), (400, ["30 days", "90 days", "1 year"])],
)
def test_ranges_are_offered_where_data_reach(
    days: int, expected: list[str], viewer: Person, replaced: Callable[[str, object], None]
) -> None:
    replaced("addx_growth/latest.json.gz", {str(day * DAY): day for day in range(days)})
    look_at(viewer, "addx_growth")
    assert [label for label in shown(viewer) if label[0].isdigit()] == expected


def test_a_logarithm_that_cannot_be_is_refused_with_its_reason(viewer: Person) -> None:
    look_at(viewer, "financial_indicators?figure=change_pct&log=1")
    (button,) = (
        each
        for each in viewer.browser.find_elements(By.CSS_SELECTOR, ".chart-tools button")
        if each.text == "Logarithmic"
    )
    assert not button.is_enabled()
    viewer.sees("No logarithmic scale: some values are below zero.")
    assert "log=" not in viewer.browser.current_url


def test_a_figure_has_a_name_and_a_headline_of_its_own(viewer: Person) -> None:
    look_at(viewer, "financial_indicators")
    before = viewer.find("[data-headline]").text
    choice = Select(viewer.find("select[aria-label=Figure]"))
    assert [option.text for option in choice.options][:2] == ["Close · close_usd", "Volume · volume_usd"]
    choice.select_by_value("rsi_7")
    viewer.sees("RSI (7 days)", ".chart-title")
    assert viewer.find("[data-headline]").text != before
    assert "figure=rsi_7" in viewer.browser.current_url


def test_a_link_restores_the_view(viewer: Person) -> None:
    look_at(viewer, "financial_indicators")
    Select(viewer.find("select[aria-label=Figure]")).select_by_value("volume_usd")
    viewer.sees("Volume", ".chart-title")
    press(viewer, "30 days")
    press(viewer, "Logarithmic")
    state = "[chart.data.figure, chart.range, chart.isLogarithmic]"
    wait_until(
        lambda: "from=" in viewer.browser.current_url and "log=1" in viewer.browser.current_url, "the address has it"
    )
    left, link = asked(viewer, state), viewer.browser.current_url
    assert left[1][1] - left[1][0] == 30 * DAY
    viewer.open("/dataverse/")
    viewer.browser.get(link)
    wait_until(lambda: viewer.browser.execute_script(f"return Boolean({CHART})"), "the chart is drawn")
    assert asked(viewer, state) == left
    viewer.sees("Volume", ".chart-title")


def test_two_series_are_compared_on_two_axes_and_as_an_index(viewer: Person) -> None:
    look_at(viewer, "financial_indicators")
    press(viewer, "Compare…")
    Select(viewer.find("select[aria-label='Compare with']")).select_by_value("price_90d:value")
    viewer.sees("right axis", ".chart-keys")
    assert asked(viewer, "chart.plot.axes.length") == 3
    press(viewer, "Indexed to 100")
    viewer.sees("index", ".chart-keys")
    assert asked(viewer, "chart.plot.axes.length") == 2
    assert asked(viewer, "chart.plot.data.slice(1).map((each) => each[chart.plot.data[0].indexOf(chart.base)])") == [
        100,
        100,
    ]
    link = viewer.browser.current_url
    assert "compare=price_90d%3Avalue" in link
    viewer.browser.get(link)
    viewer.sees("index", ".chart-keys")
    press(viewer, "End comparison")
    assert "compare" not in viewer.browser.current_url


def test_a_histogram_is_in_bands(viewer: Person) -> None:
    look_at(viewer, "wallet_balances")
    labels = asked(viewer, "chart.data.labels")
    assert labels[:3] == ["10k–25k", "25k–50k", "50k–100k"]
    rows = viewer.browser.find_elements(By.CSS_SELECTOR, "table.figures tbody tr")
    assert 0 < len(rows) <= len(labels)
    assert rows[-1].text.endswith("100.0 %")


def test_a_ranking_is_read_in_a_narrow_window(viewer: Person, replaced: Callable[[str, object], None]) -> None:
    value = {name: {"value": count, "contract": f"{ADDRESS}.{name}"} for name, count in (("apes", 60), ("birds", 40))}
    replaced("nft/top_by_holders.json.gz", value)
    viewer.browser.set_window_size(NARROW, HEIGHT)
    viewer.open("/dataverse/dataset/nft_top_by_holders")
    first = viewer.find("table.ranking tbody tr")
    assert first.text.split() == ["1", "apes", "SP2KAF…S45C", "60", "60.0", "%"]
    assert viewer.browser.execute_script(IN_SIGHT, first.find_element(By.CSS_SELECTOR, "svg.bar"))


def test_an_identifier_is_copied_whole_and_has_a_link(viewer: Person, replaced: Callable[[str, object], None]) -> None:
    replaced("pools/top_pools.json.gz", {"pool": {"value": 2.5, "address": ADDRESS}})
    viewer.open("/dataverse/dataset/top_pools")
    viewer.browser.execute_script(COPIED)
    viewer.click(".id .copy")
    wait_until(lambda: viewer.browser.execute_script("return window.copied") == [ADDRESS], "the address is copied")
    link = viewer.find(".id a")
    assert link.text == "SP2KAF…S45C"
    assert link.get_attribute("href") == f"https://explorer.hiro.so/address/{ADDRESS}?chain=mainnet"


def test_the_tab_says_what_the_frame_shows(viewer: Person) -> None:
    viewer.click("a[aria-label=Dataverse]")
    viewer.browser.switch_to.frame(viewer.find("iframe"))
    viewer.sees("Freshness")
    viewer.browser.execute_script("window.location.href = '/dataverse/dataset/daily_txs'")
    viewer.sees("Transactions per day")
    viewer.browser.switch_to.default_content()
    wait_until(lambda: viewer.browser.title == "Transactions per day · Dataverse", "the tab has the title")
