"""The sample, published with its catalogue and site to a bucket that anybody reads, and a reader at a browser."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from selenium.webdriver import Chrome

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse import catalog, files
from stacks_dataverse.public.catalogue import Issue
from stacks_dataverse.public.changelog import Changelog
from stacks_dataverse.public.release_files import release_files
from stacks_dataverse.runners import publish_catalog
from stacks_dataverse.site.pages import site_files
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse, migrate
from stacks_dataverse.window import SECONDS_PER_HOUR, MarketWindow, Window
from tests.faults.moments import wait_until
from tests.integration.looks import TAKEN_AT
from tests.integration.market import vendors_of
from tests.ops.browser.person import Person
from tests.support.pipeline import Pipeline, now

SAMPLE = {"days": 3, "txs_per_day": 600}
BUCKET, LICENCE = "site", "CC-BY-4.0"
# Another than the one at which it is read, as when somebody copies it.
MADE_FOR = "https://data.example.org"
CHART = "document.querySelector('[data-chart]')?.chart"


class Reader(Person):
    """Somebody at a browser before the public site."""

    def look_at(self, path: str) -> None:
        """Open a page with a chart, and wait until it is drawn."""
        self.open(path)
        wait_until(lambda: self.ask(f"Boolean({CHART})"), "the chart is drawn")

    def ask(self, expression: str, *values: Any) -> Any:
        """What an expression is in the browser; `chart` is the page's."""
        return self.browser.execute_script(f"const chart = {CHART}; return {expression}", *values)


@pytest.fixture(scope="package")
def published(
    postgres_server: PostgresServer, s3_server: S3Server, vendors_server: VendorsServer, chromium: tuple[str, str]
) -> Pipeline:
    """All days of the sample, prices and a tip snapshot, with the catalogue and the site."""
    for name in ("site_chain", "site_warehouse"):
        postgres_server.create_database(name)
    sample_chain.generate(postgres_server.dsn("site_chain"), **SAMPLE)
    s3_server.create_bucket("site-archive")
    s3_server.create_bucket(BUCKET)
    s3_server.open_to_readers(BUCKET)
    archive, public = (ObjectStore(s3_server.client(), name) for name in ("site-archive", BUCKET))
    dsns = postgres_server.dsn("site_chain"), postgres_server.dsn("site_warehouse")
    pipeline = Pipeline(*dsns, archive, public, network=sample_chain.NETWORK)
    fill(pipeline, vendors_server)
    publish(pipeline)
    return pipeline


def fill(pipeline: Pipeline, vendors: VendorsServer) -> None:
    """Run the days of the sample, the market after them, and a tip snapshot."""
    migrate(pipeline.warehouse_dsn)
    days = sample_chain.days_in(pipeline.stacks_dsn)
    pipeline.run(*map(str, days))
    five_o_clock = Window(days[-1]).end + 5 * SECONDS_PER_HOUR
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")
        vendors.set_now(five_o_clock + 60)
        pipeline.market(MarketWindow.trailing(five_o_clock, five_o_clock), vendors_of(vendors))
        vendors.reset()
    pipeline.look(TAKEN_AT)


def publish(pipeline: Pipeline) -> None:
    """Publish the catalogue and the site, as the tasks do after each publish."""
    changelog = Changelog.read()
    static = [*release_files(catalog.OBJECTS, changelog, LICENCE), *site_files(catalog.OBJECTS, changelog, MADE_FOR)]
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        issue = Issue(now(), "mainnet", LICENCE, "")
        publish_catalog.publish(
            warehouse, pipeline.public, catalog.OBJECTS, static, changelog, issue, issue.generated_at
        )


@pytest.fixture
def reader(browser: Chrome, published: Pipeline) -> Reader:
    """Somebody before the site."""
    return Reader(browser, f"{published.public.url}/")


@pytest.fixture
def replaced(published: Pipeline) -> Iterator[Callable[[str, bytes], None]]:
    """Put other bytes in the place of a published file, until the end of the test."""
    before: dict[str, bytes] = {}
    parquet = {"ContentType": "application/vnd.apache.parquet"}

    def headers(key: str) -> dict[str, str]:
        return parquet if key.endswith(".parquet") else {"ContentType": "application/json", "ContentEncoding": "gzip"}

    def replace_file(key: str, body: bytes) -> None:
        before.setdefault(key, published.public.get(key))
        published.public.put(key, body, headers(key))

    yield replace_file
    for key, body in before.items():
        published.public.put(key, body, headers(key))


def catalogue_of(pipeline: Pipeline) -> dict[str, Any]:
    """The published catalogue."""
    return json.loads(files.unzip(pipeline.public.get("catalog.json")))
