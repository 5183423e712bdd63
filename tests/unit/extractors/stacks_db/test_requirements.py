"""What a Stacks database must hold for any day of it to be landed, and how a fault is told."""

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.errors import Terminal
from stacks_dataverse.extractors.stacks_db.layout import Layout, Table
from stacks_dataverse.extractors.stacks_db.requirements import REQUIRED, require
from stacks_dataverse.mempool import MINED_AT
from stacks_dataverse.raw_tables import RAW_TYPES, merge, with_keys

POSTGRES = {"BLOB": "bytea", "BOOLEAN": "bool", "SMALLINT": "int2", "INTEGER": "int4", "BIGINT": "int8"}
V9_TABLES = {"burn_block_pox_txs", "pox5_events", "burn_blocks"}


def layout(version: str = "9", **changes: dict[str, str | None] | None) -> Layout:
    """All that the build reads, as a version has it; a table of None is left out, and so is a column of None."""
    tables = {name: {column: POSTGRES.get(kind, "text") for column, kind in columns.items()}
              for name, columns in RAW_TYPES.items() if version == "9" or name not in V9_TABLES}  # fmt: skip
    del tables["mempool_txs"][MINED_AT]
    tables["microblocks"] |= {"block_height": "int4"}
    tables["blocks"] |= {"block_time": "int4"} | ({"tenure_height": "int4"} if version != "7.14" else {})
    if version != "9":
        del tables["pox_state"]["pox_v4_unlock_height"]
    for name, columns in changes.items():
        tables[name] = tables.get(name, {}) | columns if columns is not None else {}
    return Layout("public", {
        name: Table(name, {column: kind for column, kind in columns.items() if kind}, frozenset())
        for name, columns in tables.items() if columns
    })  # fmt: skip


@pytest.mark.parametrize("version", ["7.14", "8.15", "9"])
def test_a_whole_layout_will_do(version: str) -> None:
    whole = layout(version)
    assert require(whole) is whole
    assert whole.api_version == version


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"txs": {"vm_error": "text"}}, id="a column more"),
        pytest.param({"pox6_events": {"index_block_hash": "bytea"}}, id="a table more"),
        pytest.param({"searches": {"index_block_hash": "text"}}, id="a table that is not of blocks"),
        pytest.param({"stx_events": {"amount": "numeric"}}, id="a wider number"),
        pytest.param({"pox5_events": {"data": "jsonb"}}, id="a document"),
        pytest.param({"names": None}, id="an optional table that nothing is built from"),
        pytest.param({"burn_blocks": None}, id="version 9 of before burn_blocks"),
        pytest.param({"burnchain_rewards": {"burn_amount": None}}, id="what was burned moved to burn_blocks"),
        pytest.param({"pox5_events": None, "miner_rewards": None}, id="tables that some tables read"),
        pytest.param({"txs": {"fee_rate": None}}, id="a column that some tables read"),
        pytest.param({"txs": {"sender_address": "bytea"}}, id="another type of such a column"),
    ],
)
def test_what_else_there_is_does_not_matter(changes: dict[str, dict[str, str | None] | None]) -> None:
    assert require(layout(**changes))


@pytest.mark.parametrize(
    ("version", "changes", "fault"),
    [
        pytest.param("8.15", {"txs": None}, "lacks table txs", id="table"),
        pytest.param("7.14", {"microblocks": {"microblock_canonical": None}},
                     "lacks column microblock_canonical of table microblocks", id="column"),
        pytest.param("9", {"blocks": {"block_time": "timestamptz"}}, "has column block_time of table blocks as"
                     " timestamptz, not as int2 or int4 or int8 or numeric", id="type of the extractor's own column"),
        pytest.param("8.15", {"txs": {"event_count": "text"}},
                     "has column event_count of table txs as text, not as int2 or int4 or int8 or numeric",
                     id="type of a count"),
        pytest.param("9", {"burnchain_rewards": {"burn_block_height": None}},
                     "lacks column burn_block_height of table burnchain_rewards", id="by which rows are found"),
        pytest.param("9", {"subdomains": {"index_block_hash": "text"}},
                     "has column index_block_hash of table subdomains as text, not as bytea", id="type of a hash"),
        pytest.param("9", {"txs": {"event_count": None}, "ft_events": None},
                     "lacks column event_count of table txs; lacks table ft_events", id="all that is wrong"),
    ],
)  # fmt: skip
def test_a_fault_is_named(version: str, changes: dict[str, dict[str, str | None] | None], fault: str) -> None:
    with pytest.raises(Terminal) as caught:
        require(layout(version, **changes))
    assert str(caught.value).startswith(
        f"stacks_db, schema public (layout of API version {version}), {fault}. Use a database"
    )


def test_all_that_a_check_reads_is_required() -> None:
    """Without it no day could be published."""
    checks = (*catalog.CHECKS, *catalog.LANDING_CHECKS, *catalog.TIP_CHECKS)
    for table, columns in with_keys(merge(check.reads for check in checks)).items():
        assert columns.items() <= REQUIRED[table].items()
