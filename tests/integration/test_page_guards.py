"""Who may see the page and what they may do; how it stands without its stores, and what a browser may load."""

from tests.integration import page as shared  # isort: skip
from tests.integration.page import no_airflow as no_airflow  # isort: skip

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain, repeat
from typing import Any

import boto3
import pytest
from botocore.config import Config
from fastapi.testclient import TestClient
from psycopg2.extensions import make_dsn

from plugins.page import overview_reader, runs, static_files
from stacks_dataverse import catalog
from stacks_dataverse.errors import Terminal
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.warehouse import Warehouse
from tests.integration.conftest import SAMPLE_DAYS
from tests.integration.looks import execute
from tests.support.pipeline import Pipeline

DAY = SAMPLE_DAYS[1]
REBUILD = f"/day/{DAY}/rebuild"
OURS = {"Sec-Fetch-Site": "same-origin"}
# What a test gives for a password or a key.
GIVEN = "of-a-test"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, date]]:
    """Who asked for which day to be built again."""
    found: list[tuple[str, date]] = []

    def rebuild(session: Any, user: Any, request: Any, dag_bag: Any, day: date) -> str:
        found.append((user.get_name(), day))
        return "manual__2"

    monkeypatch.setattr(runs, "rebuild", rebuild)
    return found


@pytest.fixture
def viewer(sample_with_look: Pipeline) -> Iterator[TestClient]:
    """Somebody who may look only."""
    with shared.logged_in(shared.served(shared.stores(sample_with_look))) as client:
        yield client


@pytest.fixture
def operator(sample_with_look: Pipeline) -> Iterator[TestClient]:
    """Somebody who may have days built again."""
    with shared.logged_in(shared.served(shared.stores(sample_with_look)), may_rebuild=True) as client:
        yield client


def unreachable_warehouse() -> Any:
    """A server that is not there."""
    return Warehouse.open_read_only(make_dsn(host="127.0.0.1", port=1, user="reader", password=GIVEN, dbname="w"))


def unreachable_bucket() -> ObjectStore:
    """A bucket of a server that is not there."""
    client = boto3.client(
        "s3",
        endpoint_url="http://127.0.0.1:1",
        region_name="us-east-1",
        aws_access_key_id=GIVEN,
        aws_secret_access_key=GIVEN,
        config=Config(retries={"total_max_attempts": 1}),
    )
    return ObjectStore(client, "bucket")


def test_the_anonymous_are_refused_on_every_route(sample_with_look: Pipeline) -> None:
    page = shared.served(shared.stores(sample_with_look))
    routes = [(method, route.path) for route in page.routes for method in route.methods]
    with TestClient(page) as client:
        paths = {"{day}": DAY, "{name}": "runbook", "{path:path}": "page.js", "{form}": "json"}
        for method, path in routes:
            for place, value in paths.items():
                path = path.replace(place, value)
            answer = client.request(method, path)
            assert answer.status_code == 401, (method, path)
            assert "day-" not in answer.text
    assert len(routes) >= 11


def test_whoever_may_only_look_is_not_offered_to_build_and_cannot(
    viewer: TestClient, asked: list[tuple[str, date]]
) -> None:
    assert "rebuild" not in viewer.get(f"/day/{DAY}").text
    assert viewer.get(REBUILD).status_code == 403
    assert viewer.post(REBUILD, headers=OURS).status_code == 403
    assert asked == []


def test_a_day_is_built_again_after_asking_once_more(operator: TestClient, asked: list[tuple[str, date]]) -> None:
    assert f'href="{REBUILD}"' in operator.get(f"/day/{DAY}").text
    assert f'<form method="post" action="{REBUILD}">' in operator.get(REBUILD).text
    assert asked == []
    answer = operator.post(REBUILD, headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/day/{DAY}#runs")
    assert asked == [("ada", date.fromisoformat(DAY))]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a neighbour"),
        pytest.param({"Sec-Fetch-Site": "none"}, 403, id="an address typed in"),
        pytest.param({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403, id="one that lies"),
        pytest.param({"Origin": "http://elsewhere.example"}, 403, id="an old browser, another site"),
        pytest.param({"Origin": "null"}, 403, id="a frame without an origin"),
        pytest.param({}, 403, id="nothing said"),
        pytest.param({"Origin": "http://testserver"}, 303, id="an old browser, our site"),
        pytest.param({"Referer": "http://testserver/day/2024-10-29"}, 303, id="a browser without origins"),
        pytest.param({"Authorization": "Basic x", "Sec-Fetch-Site": "cross-site"}, 403, id="a proxy's password"),
        pytest.param({"Authorization": "Bearer x"}, 303, id="a script with a token"),
    ],
)
def test_nobody_elsewhere_can_make_a_browser_ask(
    headers: dict[str, str], status: int, operator: TestClient, asked: list[tuple[str, date]]
) -> None:
    assert operator.post(REBUILD, headers=headers).status_code == status
    assert len(asked) == (status == 303)


@pytest.mark.parametrize("path", ["/", f"/day/{DAY}", "/static/page.js", "/no_such", "/dataset/daily_txs/data.json"])
def test_a_browser_loads_nothing_but_ours(path: str, viewer: TestClient) -> None:
    headers = viewer.get(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["form-action"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff"
    assert "private" in headers["cache-control"]


def test_scripts_come_as_scripts(viewer: TestClient) -> None:
    assert viewer.get("/static/chart.js").headers["content-type"].startswith("text/javascript")
    assert viewer.get("/static/vendor/uplot/uPlot.min.css").headers["content-type"].startswith("text/css")
    assert static_files.address("page.js") in viewer.get("/").text
    assert viewer.get(f"/{static_files.address('page.js')}").headers["cache-control"].endswith("immutable")


def test_without_the_warehouse_the_page_says_so_and_shows_the_rest(sample_with_look: Pipeline) -> None:
    page = shared.served(shared.stores(sample_with_look, warehouse=unreachable_warehouse))
    with shared.logged_in(page) as client:
        for path in ("/", f"/day/{DAY}", "/dataset/tenures", "/dataset/tenures/data.json"):
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert "the warehouse does not answer" in answer.text.lower()
            assert not any(word in answer.text for word in (GIVEN, "127.0.0.1", "Traceback"))
        assert client.get("/catalogue").status_code == 503
        assert client.get("/catalogue?sort=title").text.count('scope="row"') > 80
        assert client.get("/guide/runbook.md").status_code == 200
        assert client.get("/dataset/daily_txs/data.json").status_code == 200


def test_without_the_object_store_the_page_says_so_and_shows_the_rest(sample_with_look: Pipeline) -> None:
    away = {"archive": unreachable_bucket, "public": unreachable_bucket}
    with shared.logged_in(shared.served(shared.stores(sample_with_look, **away))) as client:
        overview, day, dataset = (client.get(path) for path in ("/", f"/day/{DAY}", "/dataset/daily_txs"))
        for answer in (overview, day, dataset, client.get("/dataset/daily_txs/data.json")):
            assert answer.status_code == 503
            assert "the object store does not answer" in answer.text.lower()
            assert "127.0.0.1" not in answer.text
        assert f'title="{DAY}: published"' in overview.text
        assert 'href="/dataset/nft_moves"' in day.text
        assert "Canonical transactions per day." in dataset.text
        assert client.get("/dataset/tenures").status_code == 200
        assert client.get("/dataset/tenures/data.json").status_code == 200


def test_the_page_comes_back_with_the_warehouse(sample_with_look: Pipeline) -> None:
    ways = chain([unreachable_warehouse], repeat(lambda: Warehouse.open_read_only(sample_with_look.warehouse_dsn)))
    page = shared.served(shared.stores(sample_with_look, warehouse=lambda: next(ways)()), cache_seconds=60)
    with shared.logged_in(page) as client:
        assert [client.get("/").status_code for _ in range(2)] == [503, 200]


def test_a_warehouse_without_tables_is_no_broken_page(
    sample_with_look: Pipeline, new_database: Callable[[str], str]
) -> None:
    empty = new_database("empty")
    page = shared.served(shared.stores(sample_with_look, warehouse=lambda: Warehouse.open_read_only(empty)))
    with shared.logged_in(page) as client:
        assert client.get("/").status_code == 503


def test_the_reader_cannot_write(sample_with_look: Pipeline) -> None:
    with Warehouse.open_read_only(sample_with_look.warehouse_dsn) as store, pytest.raises(Terminal, match="read-only"):
        store.execute("DELETE FROM loaded_days")


def test_the_reader_does_not_wait_for_long(sample_with_look: Pipeline) -> None:
    with Warehouse.open_read_only(sample_with_look.warehouse_dsn) as store:
        assert store.scalar("SELECT current_setting('statement_timeout')") == "3s"
        assert store.scalar("SELECT current_setting('lock_timeout')") == "1s"


def test_the_object_store_is_not_connected_to_for_each_view(sample_with_look: Pipeline) -> None:
    made = []

    def public() -> ObjectStore:
        made.append("public")
        return sample_with_look.public

    with shared.logged_in(shared.served(shared.stores(sample_with_look, public=public))) as client:
        for _ in range(3):
            assert client.get("/dataset/daily_txs").status_code == 200
    assert made == ["public"]


def test_two_thousand_days_are_a_small_page(sample: str, new_run: Callable[[str, int], Pipeline]) -> None:
    pipeline = new_run(sample, 3)
    execute(pipeline.warehouse_dsn, TWO_THOUSAND_DAYS)
    with Warehouse.open_read_only(pipeline.warehouse_dsn) as store:
        assert len(overview_reader.read_built_days(store)) == 2003
    with shared.logged_in(shared.served(shared.stores(pipeline))) as client:
        sizes = {path: len(client.get(path).content) for path in ("/", "/?year=2021", "/catalogue", f"/day/{DAY}")}
    assert max(sizes.values()) < 2_000 * len(catalog.TABLES + catalog.OBJECTS), sizes


# As the first loaded day, for all days before it.
TWO_THOUSAND_DAYS = """
    INSERT INTO built_days SELECT day - n, first_block_height, last_block_height, block_count, tx_count, blocks_digest,
        settled, landed_at, built_at, facts_digest, figures_due, revision, published_revision, facts_version
    FROM built_days, generate_series(1, 2000) AS n WHERE day = (SELECT min(day) FROM built_days);
    INSERT INTO loaded_days SELECT day, first_block_height, last_block_height, block_count, tx_count, blocks_digest,
        settled, landed_at, built_at
    FROM built_days WHERE day NOT IN (SELECT day FROM loaded_days);
    INSERT INTO quality_checks (checked_at, day, name, passed, expected, actual, kind)
    SELECT checked.checked_at, built.day, checked.name, true, '0', '0', checked.kind
    FROM built_days AS built, quality_checks AS checked
    WHERE checked.day = (SELECT max(day) FROM built_days) AND built.day < checked.day - 3
"""
