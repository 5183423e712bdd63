"""The sample chain as a newcomer gets it: in today's era, settled, every dataset filled, and nothing to worry about."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from scripts.local.sample_chain import SETTLED_BURNS
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse import catalog
from stacks_dataverse.catalog import PublicObject, Schedule
from stacks_dataverse.window import MarketWindow, Window
from tests.integration.looks import published, rows, spot
from tests.integration.market import vendors_of
from tests.integration.test_published import PUBLISHED, content, is_declared, leaves
from tests.support.pipeline import MARGIN_HOURS, Pipeline
from tests.support.stores import new_stores

FIRST, LAST = date(2026, 11, 25), date(2026, 11, 27)
SIZE = {"days": 3, "txs_per_day": 600, "first_day": FIRST}
# Discontinued objects, as that of microblocks, have nothing of today.
DAILY_AND_MARKET = [declared for declared in PUBLISHED if declared.last_day is None]
HALF_HOURLY = catalog.objects(Schedule.HALF_HOURLY)


@pytest.fixture(scope="module")
def run(postgres_server: PostgresServer, s3_server: S3Server, vendors_server: VendorsServer) -> Pipeline:
    """The whole days of the chain, its market and a snapshot of its tip, run once."""
    postgres_server.create_database("sample_today")
    source = postgres_server.dsn("sample_today")
    sample_chain.generate(source, **SIZE, tail=SETTLED_BURNS)
    pipeline = new_stores(postgres_server, s3_server, "today", source, sample_chain.NETWORK)
    pipeline.run(*map(str, sample_chain.days_in(source)[:-1]))
    now = tip_time(source) + 60
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "127.0.0.1")
        vendors_server.set_now(now)
        pipeline.market(MarketWindow.of_days("2026-01-29", "2026-11-28", now), vendors_of(vendors_server))
        vendors_server.reset()
    pipeline.look(datetime.fromtimestamp(now, UTC))
    return pipeline


def tip_time(source: str) -> int:
    return rows(source, "SELECT max(block_time) FROM blocks WHERE canonical")[0][0]


@pytest.mark.parametrize("declared", [*DAILY_AND_MARKET, *HALF_HOURLY], ids=lambda declared: declared.name)
def test_every_field_of_every_object_is_filled(declared: PublicObject, run: Pipeline) -> None:
    value = published(run, declared) if declared in HALF_HOURLY else content(run, declared)
    lines = value if declared in HALF_HOURLY and isinstance(value, list) else [value]
    paths = [path for line in lines for path in leaves(line)]
    assert paths, f"{declared.name} is published without a value"
    for field in declared.fields:
        assert any(is_declared(path, field) for path in paths), field


def test_no_table_is_empty(run: Pipeline) -> None:
    names = [table.name for table in catalog.TABLES]
    each = " UNION ALL ".join(f"SELECT '{name}' AS name WHERE NOT EXISTS (SELECT FROM {name})" for name in names)
    assert run.read(each).to_pylist() == []


def test_no_check_fails_or_warns(run: Pipeline) -> None:
    found = run.read("SELECT * FROM quality_checks").to_pylist()
    assert [row for row in found if not row["passed"]] == []
    assert {row["day"] for row in found} >= {FIRST, LAST}


def test_every_figure_of_the_moment_is_known(run: Pipeline) -> None:
    assert [name for name, value in spot(run).items() if value is None] == ["slot_minimum"]


def test_no_object_is_stale(run: Pipeline) -> None:
    now = datetime.fromtimestamp(tip_time(run.stacks_dsn) + 60, UTC)
    as_of = {row["name"]: row["as_of"] for row in run.read("SELECT name, as_of FROM published_objects").to_pylist()}
    assert as_of.keys() == {declared.name for declared in [*PUBLISHED, *HALF_HOURLY]}
    stale = [each.name for each in [*PUBLISHED, *HALF_HOURLY] if each.is_stale(as_of[each.name], now)]
    assert stale == []


def test_its_last_day_is_settled_and_the_day_of_the_tip_is_none_of_its_days(run: Pipeline) -> None:
    assert Window(LAST).is_settled(tip_time(run.stacks_dsn), MARGIN_HOURS)
    assert sample_chain.days_in(run.stacks_dsn)[-1] == date(2026, 11, 28)
    assert run.read("SELECT DISTINCT settled FROM loaded_days").to_pylist() == [{"settled": True}]


def test_all_of_it_is_in_todays_era(run: Pipeline) -> None:
    old = "SELECT 1 FROM blocks WHERE signer_bitvec IS NULL AND canonical UNION ALL SELECT 1 FROM pox4_events"
    assert rows(run.stacks_dsn, old) == []
    assert rows(run.stacks_dsn, "SELECT count(*) > 50 FROM pox5_events") == [(True,)]


def test_its_days_are_the_same_however_far_it_goes_on(new_database: Callable[[str], str]) -> None:
    short, long = (new_database("tail") for _ in range(2))
    for source, tail in ((short, SETTLED_BURNS), (long, 3 * SETTLED_BURNS)):
        sample_chain.generate(source, days=1, txs_per_day=80, first_day=LAST, tail=tail)
    blocks = f"SELECT * FROM blocks JOIN txs USING (index_block_hash) WHERE blocks.block_time < {Window(LAST).end}"
    assert rows(short, f"{blocks} ORDER BY 1, tx_index") == rows(long, f"{blocks} ORDER BY 1, tx_index")
    assert tip_time(long) > tip_time(short)
