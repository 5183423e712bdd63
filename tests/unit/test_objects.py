"""The shapes that dashboards read, and their bytes."""

import gzip
from datetime import date

import pyarrow as pa
import pytest

from stacks_dataverse import catalog
from stacks_dataverse.runners.publish import json_bytes
from stacks_dataverse.transformers import objects
from stacks_dataverse.transformers.blocks import block_summary


def test_a_series_goes_by_unix_midnight_and_keeps_what_is_not_known() -> None:
    rows = pa.table({"day": [date(1970, 1, 2), date(1970, 1, 3)], "value": pa.array([5, None], pa.int64())})
    assert objects.series(rows) == {"86400": 5, "172800": None}


def test_whale_balances_beside_the_count_of_holders() -> None:
    rows = pa.table({"whale_balance": [20_000.5, 10_000.0], "holders": [7, 7]})
    assert objects.wallet_balances_raw(rows) == {"whale_balances": [20_000.5, 10_000.0], "nonzero_bals": 7}


def test_no_whale_is_an_empty_list() -> None:
    rows = pa.table({"whale_balance": pa.array([None], pa.float64()), "holders": [7]})
    assert objects.wallet_balances_raw(rows) == {"whale_balances": [], "nonzero_bals": 7}


def test_the_histogram_names_every_bin() -> None:
    found = objects.wallet_balances(pa.table({"from_stx": [10_500, 10_000_000], "holders": [2, 1]}))
    assert (found["10000"], found["10500"], found["10000000"]) == (0, 2, 1)
    assert len(found) == (10_000_000 - 10_000) // 500 + 1


def test_the_same_value_gives_the_same_bytes() -> None:
    assert json_bytes({"1": 2}) == json_bytes({"1": 2})
    assert gzip.decompress(json_bytes({"1": None})) == b'{"1":null}'


def test_a_number_that_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_bytes({"1": float("nan")})


def test_no_two_objects_share_a_key_and_each_is_described() -> None:
    paths = [declared.path for declared in catalog.OBJECTS]
    assert len(set(paths)) == len(paths)
    assert all(declared.method and declared.unit and "{version}" in declared.path for declared in catalog.OBJECTS)


def test_a_day_without_blocks_has_the_digest_of_nothing() -> None:
    empty = pa.table({"index_block_hash": pa.array([], pa.binary()), "block_height": [], "canonical": []}).cast(
        pa.schema([("index_block_hash", pa.binary()), ("block_height", pa.int32()), ("canonical", pa.bool_())])
    )
    assert block_summary(empty) == {
        "first_block_height": None,
        "last_block_height": None,
        "block_count": 0,
        "blocks_digest": "d41d8cd98f00b204e9800998ecf8427e",
    }


def test_the_digest_is_over_canonical_hashes_by_height() -> None:
    """md5 of "0102,03": the hashes of heights 1 and 2; the orphan of height 2 is left out."""
    rows = pa.table(
        {
            "index_block_hash": [b"\x03", b"\x01\x02", b"\xff"],
            "block_height": [2, 1, 2],
            "canonical": [True, True, False],
        }
    )
    found = block_summary(rows)
    assert (found["first_block_height"], found["last_block_height"], found["block_count"]) == (1, 2, 2)
    assert found["blocks_digest"] == "5f00d332757c499deb1ea0871ae0cc14"
