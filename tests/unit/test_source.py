"""Up to when the data of a source go that stands still."""

from datetime import UTC, datetime, timedelta

from stacks_dataverse import catalog
from stacks_dataverse.source import Source, end_of_source

TIP = datetime(2024, 10, 30, 23, 59, tzinfo=UTC)
DAYS_END = datetime(2024, 10, 31, tzinfo=UTC)
PUBLISHED = {
    "daily_txs": {"as_of": DAYS_END},
    "whale_movements": {"as_of": TIP},
    "mempool": {"as_of": DAYS_END + timedelta(days=757)},
    "price_7d": {"as_of": DAYS_END + timedelta(days=700)},
}


def test_it_is_the_end_of_the_newest_object_of_the_chain() -> None:
    for source in (Source.SAMPLE, Source.DUMP):
        assert end_of_source(source, catalog.OBJECTS, PUBLISHED) == DAYS_END
    assert end_of_source(Source.DUMP, catalog.OBJECTS, {"whale_movements": {"as_of": TIP}}) == TIP


def test_a_live_source_has_none_and_neither_has_one_of_which_nothing_is_published() -> None:
    assert end_of_source(Source.LIVE, catalog.OBJECTS, PUBLISHED) is None
    assert end_of_source(Source.SAMPLE, catalog.OBJECTS, {"mempool": PUBLISHED["mempool"]}) is None


def test_only_a_declared_source_stands_still() -> None:
    assert [source.stands_still for source in Source] == [False, True, True]
