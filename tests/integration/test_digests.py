"""What the source says tells a day from any other is what the landing and the facts of the day say."""

from collections.abc import Callable
from datetime import date, timedelta

import psycopg2
import pytest

from stacks_dataverse import paths
from stacks_dataverse.extractors.stacks_db import StacksDb, digests
from stacks_dataverse.extractors.stacks_db.source import SESSION
from stacks_dataverse.window import Window
from tests.integration.conftest import REAL_DAYS, SAMPLE
from tests.support.pipeline import Pipeline

CHAINS = [*REAL_DAYS, SAMPLE]
BUILT = """
    SELECT day, blocks_digest, microblocks_digest FROM built_days JOIN daily_microblocks USING (day) ORDER BY day
"""


@pytest.mark.parametrize("name", CHAINS)
def test_source_landing_and_facts_agree(name: str, whole_chain: Callable[[str], Pipeline]) -> None:
    pipeline = whole_chain(name)
    for built in pipeline.read(BUILT).to_pylist():
        window = Window(built.pop("day"))
        with StacksDb.open(pipeline.stacks_dsn) as source:
            assert source.digests(window, window) == {window.day: built}
        manifest = pipeline.archive.get_json(paths.RAW_MANIFEST.format(day=window))
        assert {digest: manifest[digest] for digest in built} == built


def test_microblocks_are_told_apart(whole_chain: Callable[[str], Pipeline]) -> None:
    """Of the chains above, some have microblocks."""
    found = whole_chain(SAMPLE).read("SELECT DISTINCT microblocks_digest AS digest FROM daily_microblocks")
    assert len(set(found["digest"].to_pylist()) - {digests.OF_NOTHING}) > 1


def test_a_range_has_every_day_and_days_without_blocks_are_of_nothing(sample: str) -> None:
    first, last = Window(date(2024, 10, 27)), Window(date(2024, 11, 1))
    with StacksDb.open(sample) as source:
        found = source.digests(first, last)
        alone = {window.day: source.digests(window, window)[window.day] for window in first.until(last)}
    assert found == alone
    nothing = {"blocks_digest": digests.OF_NOTHING, "microblocks_digest": digests.OF_NOTHING}
    without = [date(2024, 10, 27), date(2024, 10, 31), date(2024, 11, 1)]
    assert [day for day, digest in found.items() if digest == nothing] == without


def test_digests_of_trailing_days_scan_no_table(sample: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As planned in a session set up as the extractor's, for the statements that it really sends."""
    last = Window(date(2024, 10, 30))
    with StacksDb.open(sample) as source:
        sent: list[str] = []
        rows = source._session.rows
        monkeypatch.setattr(source._session, "rows", lambda sql: (sent.append(sql), rows(sql))[1])
        source.digests(Window(last.day - timedelta(days=2)), last)
    of_days = [sql for sql in sent if "day_blocks" in sql]
    assert len(of_days) == 2
    for sql in of_days:
        with psycopg2.connect(sample) as connection, connection.cursor() as cursor:
            cursor.execute(f"SET enable_seqscan = {SESSION['enable_seqscan']}")
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan" not in plan, plan
        assert "Index" in plan, plan
