"""A raw table or column that the source lacks stops the tables that read it, by name, and no others."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind
from stacks_dataverse.chain import RawDay
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.stacks_db.layout import NO_SUCH_TABLE
from stacks_dataverse.raw_tables import merge, with_keys
from stacks_dataverse.runners import build
from stacks_dataverse.window import Window
from tests.integration.looks import execute
from tests.support.pipeline import Pipeline

DAY = "2024-10-30"
FACTS = {table.name: table for table in catalog.tables(Kind.FACT)}

CHANGES = {
    "a column": ("ALTER TABLE txs DROP COLUMN fee_rate",
                 "raw txs has no column fee_rate: what reads this cannot be built",
                 {"contract_usage", "daily_transactions", "hourly_transactions", "daily_fees", "stx_balance_changes",
                  "tenures"}),
    "a column of one table": ("ALTER TABLE stx_lock_events DROP COLUMN unlock_height",
                                          "raw stx_lock_events has no column unlock_height", {"stx_locks"}),
    "a column without rows on the day": ("ALTER TABLE pox4_events DROP COLUMN locked", "", set()),
    "a table": ("DROP TABLE miner_rewards", "stacks_db has no table miner_rewards, or no right to read it",
                {"matured_rewards", "stx_balance_changes", "stx_supply_changes"}),
    "another type": ("ALTER TABLE stx_events ALTER sender TYPE bytea USING sender::bytea",
                     "raw stx_events has column sender as BLOB, not as VARCHAR",
                     {"address_days", "daily_activity", "hourly_activity", "stx_balance_changes", "large_transfers",
                      "nft_receipts", "daily_nft_activity", "swaps"}),
}  # fmt: skip


def outcomes(pipeline: Pipeline) -> dict[str, pa.Table | str]:
    """The rows of each fact of the landed day, or why it has none."""
    manifest = build.read_manifest(pipeline.archive, Window.parse(DAY))
    reads = merge(table.reads for table in FACTS.values())
    with build.open_raw(pipeline.archive, manifest, reads, pipeline.network) as raw:
        return {name: _outcome(raw, name) for name in FACTS}


def _outcome(raw: RawDay, name: str) -> pa.Table | str:
    try:
        with raw.canonical(with_keys(FACTS[name].reads)) as day:
            return FACTS[name].transform(day)
    except Terminal as error:
        return str(error)


@pytest.mark.parametrize(("change", "fault", "stopped"), CHANGES.values(), ids=CHANGES)
def test_what_reads_it_stops_and_nothing_else(
    change: str,
    fault: str,
    stopped: set[str],
    sample: str,
    chain_copy: str,
    new_pipeline: Callable[[str], Pipeline],
) -> None:
    whole, damaged = new_pipeline(sample), new_pipeline(chain_copy)
    execute(chain_copy, change)
    whole.land(DAY)
    damaged.land(DAY)
    expected, found = outcomes(whole), outcomes(damaged)
    assert {name for name, outcome in found.items() if isinstance(outcome, str)} == stopped
    assert all(found[name].startswith(fault) for name in stopped)
    for name in FACTS.keys() - stopped:
        assert found[name].equals(expected[name]), name


def test_the_manifest_names_it(chain_copy: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    pipeline = new_pipeline(chain_copy)
    execute(chain_copy, "ALTER TABLE pox4_events DROP COLUMN locked; DROP TABLE miner_rewards")
    manifest = pipeline.land(DAY)
    assert manifest.missing_columns == {"pox4_events": ["locked"]}
    assert manifest.tables["miner_rewards"].note == NO_SUCH_TABLE


def test_a_whole_source_lacks_nothing(sample: str, new_pipeline: Callable[[str], Pipeline]) -> None:
    assert new_pipeline(sample).land(DAY).missing_columns == {}
