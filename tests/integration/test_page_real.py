"""The page over real databases: every view is there, and says what upstream's API says."""

from tests.integration import page as shared  # isort: skip

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient

from plugins.page import dataset_view
from stacks_dataverse.window import Window
from tests.integration.conftest import REAL_DAYS
from tests.support.databases import query
from tests.support.pipeline import Pipeline

# With tokens, with microblocks and forks, with reward cycles, with bonds; the last is not upstream's own.
LOOKED_AT = ("stacks_balance_reorg", "stacks_reorg1", "stacks_epoch3", "stacks_pox5_bonds")
WITH_ORACLE = LOOKED_AT[:3]
ALL = [*dataset_view.OBJECTS, *dataset_view.TABLES]
FACT = r"<dt>{}</dt><dd>(?:orphaned blocks: )?([\d,]+)"
ORPHANS = """
    SELECT count(*) FROM blocks WHERE NOT canonical
        AND (to_timestamp(COALESCE(NULLIF(block_time, 0), burn_block_time)) AT TIME ZONE 'UTC')::date = %s
"""
OF_BLOCK_1 = "SELECT count(*) FROM txs WHERE canonical AND microblock_canonical AND block_height = 1"


def of(names: Sequence[str], slow: Sequence[str] = ()) -> pytest.MarkDecorator:
    """Real databases, each with its name; some of them with the long tests."""
    every = [pytest.param(name, name, id=name) for name in names]
    every += [pytest.param(name, name, id=name, marks=pytest.mark.slow) for name in slow]
    return pytest.mark.parametrize(("pipeline", "name"), every, indirect=["pipeline"])


@pytest.fixture
def pipeline(request: pytest.FixtureRequest, whole_chain: Callable[[str], Pipeline]) -> Pipeline:
    """All days of a real database, run once. Only to look at."""
    return whole_chain(request.param)


@pytest.fixture
def viewer(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Somebody who may look at it; Airflow has no runs."""
    shared.airflow_has(monkeypatch)
    with shared.logged_in(shared.served(shared.stores(pipeline), cache_seconds=60)) as client:
        yield client


def fact(page: str, name: str) -> int:
    """A figure at the head of a day's page."""
    found = re.search(FACT.format(name), page)
    assert found, name
    return int(found[1].replace(",", ""))


@of(["stacks_epoch3"], slow=[name for name in LOOKED_AT if name != "stacks_epoch3"])
def test_every_view_is_there(viewer: TestClient, name: str) -> None:
    views = [*(f"/day/{day}" for day in REAL_DAYS[name]), *map("/dataset/{}".format, ALL)]
    paths = ["/", "/catalogue", *views]
    assert {path: viewer.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


@pytest.mark.parametrize("pipeline", ["stacks_balance_reorg"], indirect=True)
def test_a_tables_csv_has_the_rows_of_its_json(viewer: TestClient) -> None:
    sizes = {}
    for name, table in dataset_view.TABLES.items():
        rows = viewer.get(f"/dataset/{name}/data.json").json()
        header, *lines = csv.reader(io.StringIO(viewer.get(f"/dataset/{name}/data.csv").text))
        assert (header, len(lines)) == (list(table.fields), len(rows)), name
        sizes[name] = len(rows)
    assert sizes["stx_balances"] > 0


@of(WITH_ORACLE)
def test_a_day_has_the_blocks_that_the_api_knows(
    viewer: TestClient, pipeline: Pipeline, name: str, oracle: Callable[[str], dict[str, Any]]
) -> None:
    """Block 1 alone can have more transactions: the API moves block 0's there without counting them."""
    for day in REAL_DAYS[name]:
        page, theirs = viewer.get(f"/day/{day}").text, {}
        for block in oracle(name)["blocks"]:
            if block["canonical"] and str(Window.containing(block["block_time"])) == day:
                theirs[block["height"]] = block["tx_count"]
        assert fact(page, "Blocks") == len(theirs)
        if 1 in theirs:
            ((theirs[1],),) = query(pipeline.stacks_dsn, OF_BLOCK_1)
        assert fact(page, "Transactions") == sum(theirs.values())
        assert [(fact(page, "Reorgs"),)] == query(pipeline.stacks_dsn, ORPHANS, day)


@of(WITH_ORACLE)
def test_balances_are_those_of_the_api(viewer: TestClient, name: str, oracle: Callable[[str], dict[str, Any]]) -> None:
    shown = {row["address"]: row["balance_ustx"] for row in viewer.get("/dataset/stx_balances/data.json").json()}
    theirs = {address: int(found["balance"]) for address, found in oracle(name)["stx_balances"].items()}
    common = shown.keys() & theirs.keys()
    assert {address: shown[address] for address in common} == {address: theirs[address] for address in common}
    assert common
