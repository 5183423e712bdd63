"""Looks that cannot be: no manifest, other files, no chain, objects that fail; and a tip that stands still."""

from collections.abc import Callable

import pytest

from stacks_dataverse import catalog, paths
from stacks_dataverse.catalog import Schedule
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.extractors.stacks_db import StacksDb
from stacks_dataverse.public_files import files_of
from stacks_dataverse.runners.tip import land as tip_land
from stacks_dataverse.runners.tip import publish as tip_publish
from stacks_dataverse.stores.object_store import ObjectStore
from tests.integration.looks import (
    LOSE_THE_TIP,
    SPOT,
    TAKEN_AT,
    execute,
    rows,
)
from tests.support.pipeline import Pipeline

# What a tip snapshot makes: its own tables, and the objects.
STEPS = len(catalog.tables(catalog.Kind.SNAPSHOT)) + len(catalog.objects(Schedule.HALF_HOURLY))

AT = "20241031T000500Z"


def test_a_look_without_its_manifest_is_not_landed(all_loaded: Pipeline) -> None:
    manifest = tip_land.read_snapshot(all_loaded.archive, AT)
    all_loaded.archive.delete(paths.TIP_MANIFEST.format(at=AT))
    with pytest.raises(Retryable, match="is not landed"):
        all_loaded.publish_look(manifest)


def test_a_file_that_is_not_the_manifests_is_refused(all_loaded: Pipeline) -> None:
    manifest = tip_land.read_snapshot(all_loaded.archive, AT)
    all_loaded.archive.put(manifest.tables["txs"].key, b"something else")
    with pytest.raises(Retryable, match="does not match its manifest"):
        all_loaded.publish_look(manifest)


def test_a_chain_without_a_block_has_no_tip(chain_copy: str, new_run: Callable[[str, int], Pipeline]) -> None:
    execute(chain_copy, "UPDATE blocks SET canonical = false")
    with pytest.raises(Retryable, match="no canonical block"):
        new_run(chain_copy, 0).look(TAKEN_AT)


def test_what_fails_is_named_and_the_others_are_published(sample: str, new_run: Callable[[str, int], Pipeline]) -> None:
    """Without the table of prices whatever asks for one fails, and nothing else."""
    pipeline = new_run(sample, 3)
    execute(pipeline.warehouse_dsn, "ALTER TABLE price_hourly RENAME TO elsewhere")
    asks = {"spot_snapshots", "spot_stats", "spot_stats_historical", "recent_rewards_small", "mining_riskreward"}
    with pytest.raises(Terminal, match=f"{len(asks)} of {STEPS} failed") as raised:
        pipeline.look(TAKEN_AT)
    assert all(f"{name}: " in str(raised.value) for name in asks)
    assert {"tx_per_block", "mempool", "whales", "mining_data", "nft"} <= {
        key.partition("/")[0] for key in pipeline.public.list_keys()
    }
    assert SPOT not in pipeline.public.list_keys()
    execute(pipeline.warehouse_dsn, "ALTER TABLE elsewhere RENAME TO price_hourly")
    pipeline.look(TAKEN_AT)
    assert SPOT in pipeline.public.list_keys()


def test_what_reads_a_snapshot_table_that_fails_keeps_its_version(
    sample: str, new_run: Callable[[str, int], Pipeline]
) -> None:
    """Its rows of this moment are missing; what reads the snapshot itself is published."""
    pipeline = new_run(sample, 3)
    execute(pipeline.warehouse_dsn, "ALTER TABLE mempool_ages ADD CHECK (false)")
    with pytest.raises(Terminal, match=f"2 of {STEPS} failed") as raised:
        pipeline.look(TAKEN_AT)
    assert all(f"{name}: " in str(raised.value) for name in ("mempool_ages", "mempool_replacements"))
    keys = pipeline.public.list_keys()
    files = {each.name: {file.key() for file in files_of(each)} for each in catalog.objects(Schedule.HALF_HOURLY)}
    assert not files["mempool_replacements"].intersection(keys)
    assert files["mempool_waiting"] <= set(keys)


@pytest.mark.parametrize(
    ("column", "stopped"),
    [
        ("stx_lock_events.unlock_height", {"spot_snapshots", "spot_stats", "spot_stats_historical"}),
        pytest.param(
            "nft_events.value",
            {"nft_volume_per_block", "nft_top_by_volume", "nft_top_by_mints"},
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_column_that_is_missing_stops_what_reads_it_by_name(
    column: str, stopped: set[str], chain_copy: str, new_run: Callable[[str, int], Pipeline]
) -> None:
    table, name = column.split(".")
    whole, damaged = new_run(chain_copy, 3), new_run(chain_copy, 3)
    whole.look(TAKEN_AT)
    execute(chain_copy, f"ALTER TABLE {table} DROP COLUMN {name} CASCADE")
    with pytest.raises(Terminal, match=f"{len(stopped)} of {STEPS} failed; the others are published") as raised:
        damaged.look(TAKEN_AT)
    fault = f"raw {table} has no column {name}: what reads this cannot be built"
    assert all(f"{each}: {fault}" in str(raised.value) for each in stopped)
    expected, found = whole.published(), damaged.published()
    assert {key: expected[key] for key in found} == found
    objects = [each for each in catalog.objects(Schedule.HALF_HOURLY) if each.name in stopped]
    assert expected.keys() - found.keys() == {file.key() for each in objects for file in files_of(each)}


def checked(dsn: str, private: ObjectStore, run: str) -> dict[str, int]:
    with StacksDb.open(dsn) as source:
        return tip_publish.check_tip_advances(source, private, run)


def test_the_sanity_check_fails_while_the_tip_stands(chain_copy: str, new_bucket: Callable[[str], ObjectStore]) -> None:
    private = new_bucket("private")
    ((height,),) = rows(chain_copy, "SELECT max(block_height) FROM blocks WHERE canonical")
    execute(chain_copy, LOSE_THE_TIP)
    assert checked(chain_copy, private, "first") == {"maxblock": height - 1}
    assert private.get_json("sanity_check.json.gz") == {"maxblock": height - 1}
    with pytest.raises(Retryable, match=f"at height {height - 1} and has not advanced from {height - 1}"):
        checked(chain_copy, private, "second")
    execute(chain_copy, LOSE_THE_TIP)
    with pytest.raises(Retryable, match=f"at height {height - 2} and has not advanced from {height - 1}"):
        checked(chain_copy, private, "third")
    assert private.get_json("sanity_check.json.gz") == {"maxblock": height - 1}
    execute(chain_copy, f"UPDATE blocks SET canonical = true WHERE block_height > {height - 2} AND tx_count > 0")
    assert checked(chain_copy, private, "fourth") == {"maxblock": height}


def test_a_sanity_check_that_is_run_again_is_not_compared_with_itself(
    chain_copy: str, new_bucket: Callable[[str], ObjectStore]
) -> None:
    """Its answer was lost, or its worker was killed, after it had passed."""
    private = new_bucket("private")
    passed = checked(chain_copy, private, "first")
    assert checked(chain_copy, private, "first") == passed
    with pytest.raises(Retryable, match="has not advanced"):
        checked(chain_copy, private, "second")
