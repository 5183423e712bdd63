"""A token's id may be as long as a transaction: longer than an entry of an index."""

import random
from collections.abc import Callable

import psycopg2
import pytest

from stacks_dataverse.stores.warehouse import migrate
from tests.integration.conftest import SAMPLE_DAYS
from tests.integration.looks import TAKEN_AT, execute, rows
from tests.integration.tokens import COLLECTION, Call, add
from tests.support.pipeline import Pipeline

OWNER, BUYER, MARKET = "SPOWNER", "SPBUYER", "SPM.market"

# What the API's own indexes take: so many bytes that no compression shortens, or very many that it does.
LENGTHS = (2450, 2500, 2550, 2564, 2572, 2576)
COMPRESSIBLE = 150_000
KEYS = """
    SELECT DISTINCT attname::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
    WHERE relnamespace = 'public'::regnamespace AND atttypid IN ('text'::regtype, 'bytea'::regtype)
"""

# Bounded by consensus (principals, names of assets, hashes), or by this project (words, keys, names of its own).
BOUNDED = {
    *("address", "whale_address", "owner", "delegate", "stacker", "recipient", "miner_address", "asset_identifier"),
    *("principal", "contract_id", "deployer", "signing_key", "signer_manager", "protocol"),
    *("namespace", "source_sha256", "holder_kind"),
    *("tx_id", "index_block_hash", "from_index_block_hash", "token_hash", "name"),
    *("tx_type", "tx_status", "symbol", "key", "path", "table_name"),
}
OWNERS = f"SELECT owner, count(*) FROM nft_owners WHERE asset_identifier = '{COLLECTION}' GROUP BY 1 ORDER BY 1"
SALES = f"SELECT count(*), sum(price_ustx)::bigint FROM nft_sales WHERE asset_identifier = '{COLLECTION}'"


def buffer(value: bytes) -> bytes:
    """A buffer as Clarity serialises it."""
    return b"\x02" + len(value).to_bytes(4, "big") + value


@pytest.mark.slow
def test_days_of_long_ids_are_built_and_published_like_any_other(
    chain_copy: str, new_run: Callable[[str, int], Pipeline]
) -> None:
    ids = [buffer(random.Random(length).randbytes(length)) for length in LENGTHS] + [buffer(bytes(COMPRESSIBLE))]
    first, second, third = SAMPLE_DAYS
    add(
        chain_copy,
        Call(first, [(token, None, OWNER) for token in ids]),
        Call(first, [(token, OWNER, MARKET) for token in ids[1:]]),
        *(Call(second, [(token, MARKET, BUYER)], [(BUYER, OWNER, 100)]) for token in ids[1:]),
        Call(third, [(ids[1], BUYER, None), (ids[0], OWNER, BUYER)], [(BUYER, OWNER, 7)]),
    )
    run = new_run(chain_copy, 0)
    run.run(first, second)
    run.look(TAKEN_AT)
    run.run(third, first)
    assert rows(run.warehouse_dsn, OWNERS) == [(BUYER, len(ids) - 1), (None, 1)]
    assert rows(run.warehouse_dsn, SALES) == [(len(ids), 100 * (len(ids) - 1) + 7)]


def test_no_key_of_an_index_holds_what_the_chain_gives_without_a_bound(migrated: str) -> None:
    assert {name for (name,) in rows(migrated, KEYS)} == BOUNDED


BEFORE = f"""
    INSERT INTO nft_moves
    VALUES ('2024-10-28', 1, 2147483647, 0, 1, '0xa1', '{COLLECTION}', '\\x01', 'mint', NULL, 'SPOWNER');
    INSERT INTO nft_owners VALUES ('{COLLECTION}', '\\x01', 'SPOWNER', 1, 2147483647, 0, 1);
    INSERT INTO nft_sales VALUES ('2024-10-28', 1, '0xa2', '{COLLECTION}', '\\x01', 'SPA', 'SPB', 51, 'u1'),
                                 ('2024-10-28', 1, '0xa2', '{COLLECTION}', '\\x02', 'SPM.market', 'SPB', 50, 'u2')
"""


def test_a_warehouse_of_before_has_hashes_and_receipts(new_database: Callable[[str], str]) -> None:
    dsn = new_database("warehouse")
    migrate(dsn, "0009")
    execute(dsn, BEFORE)
    migrate(dsn)
    for table in ("nft_moves", "nft_owners", "nft_sales"):
        assert rows(dsn, f"SELECT count(*) FROM {table} WHERE token_hash IS DISTINCT FROM sha256(token_value)") == [
            (0,)
        ]
    found = rows(dsn, "SELECT tx_id, event_index, seller, paid_ustx, is_decided FROM nft_receipts ORDER BY event_index")
    assert found == [("0xa2", 1, "SPA", 101, True), ("0xa2", 2, "SPM.market", 101, False)]
    with pytest.raises(psycopg2.errors.UniqueViolation):
        execute(dsn, f"INSERT INTO nft_owners VALUES ('{COLLECTION}', '\\x01', 'SPB', 2, 0, 0, 0)")
