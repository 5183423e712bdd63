"""The first charts of the JavaScript client's page, in a page of another origin."""

import json

import pytest
from pytest_httpserver import HTTPServer

from tests.integration.clients.conftest import JAVASCRIPT
from tests.integration.clients.test_published import PLACE, blocks
from tests.ops.browser.site.conftest import Reader

pytestmark = pytest.mark.slow

IMPORTS = {"imports": {"stacks-dataverse-client": "/client/index.js"}}
PAGE = """<!doctype html><meta charset="utf-8"><script type="importmap">{imports}</script>
<body><script type="module">{script}</script>"""
REQUESTED = "performance.getEntriesByType('resource').map((entry) => entry.name)"


@pytest.mark.parametrize("number", [0, 1], ids=["with the package", "without it"])
def test_a_first_chart_is_drawn_elsewhere_by_two_requests(reader: Reader, httpserver: HTTPServer, number: int) -> None:
    for path in (JAVASCRIPT / "src").glob("*.js"):
        served = httpserver.expect_request(f"/client/{path.name}")
        served.respond_with_data(path.read_text(), content_type="text/javascript")
    script = blocks(JAVASCRIPT, "js")[number].replace(PLACE, reader.url.rstrip("/"))
    page = PAGE.format(imports=json.dumps(IMPORTS), script=script)
    httpserver.expect_request("/chart").respond_with_data(page, content_type="text/html")
    httpserver.expect_request("/favicon.ico").respond_with_data("")
    reader.browser.get(httpserver.url_for("/chart"))
    reader.sees("Transactions, fees and accounts per day", "h1")
    shown = [meter.text for meter in reader.browser.find_elements("css selector", "p")]
    assert [text.split()[0] for text in shown] == ["2024-10-28", "2024-10-29", "2024-10-30"]
    requested = [name for name in reader.browser.execute_script(f"return {REQUESTED}") if name.startswith(reader.url)]
    assert requested == [f"{reader.url}catalog.json", f"{reader.url}v1/network_activity.json.gz"]
    assert reader.complaints() == []
