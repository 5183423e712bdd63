"""What a table or check declares that it reads of the raw tables is what it reads: nothing is missing, nothing idle."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import duckdb
import pytest

from stacks_dataverse import catalog, versions
from stacks_dataverse.catalog import Kind
from stacks_dataverse.network import MAINNET
from stacks_dataverse.raw_tables import RAW_TYPES, Reads
from stacks_dataverse.runners import due
from stacks_dataverse.transformers import tip
from tests.support.raw import canonical_day

Made = Callable[[duckdb.DuckDBPyConnection], Any]
CHECKS = {check.name: check for check in (*catalog.CHECKS, *catalog.LANDING_CHECKS, *catalog.TIP_CHECKS)}


def all_of_the_tip(day: duckdb.DuckDBPyConnection) -> None:
    tip.tip_blocks(day)
    for transform in tip.SNAPSHOTS.values():
        transform(day)
    tip.summarise_tip(day, 0)


def readers() -> Iterator[tuple[str, Made, Reads]]:
    """Everything that reads raw columns: its name, its function, and what it declares."""
    yield "tip", all_of_the_tip, tip.TIP_READS
    for table in catalog.TABLES:
        if table.transform and table.kind in (Kind.FACT, Kind.SNAPSHOT):
            yield table.name, table.transform, table.reads
    for check in CHECKS.values():
        if check.function:
            yield check.name, partial(check.function, **check.numbers), check.reads


READERS = list(readers())
COLUMNS = [(name, made, reads, table, column)
           for name, made, reads in READERS for table in reads for column in reads[table]]  # fmt: skip


def read(made: Made, reads: Reads) -> None:
    with canonical_day({}, reads) as day:
        made(day)


@pytest.mark.parametrize(("made", "reads"), [reader[1:] for reader in READERS], ids=[name for name, *_ in READERS])
def test_what_is_declared_suffices(made: Made, reads: Reads) -> None:
    assert reads
    read(made, reads)


@pytest.mark.parametrize(("made", "reads", "table", "column"), [case[1:] for case in COLUMNS],
                         ids=[f"{name}: {table}.{column}" for name, _, _, table, column in COLUMNS])  # fmt: skip
def test_every_declared_column_is_read(made: Made, reads: Reads, table: str, column: str) -> None:
    without = {name: [each for each in reads[name] if (name, each) != (table, column)] for name in reads}
    with pytest.raises(duckdb.BinderException):
        read(made, without)


def test_a_raw_column_makes_those_stale_that_read_it_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> dict[str, str]:
        versions._closure.cache_clear()
        return {table.name: due.fact_version(table, MAINNET) for table in catalog.tables(Kind.FACT)}

    before = found()
    monkeypatch.setitem(RAW_TYPES, "zonefiles", {"zonefile": "VARCHAR"})
    monkeypatch.setitem(RAW_TYPES, "txs", RAW_TYPES["txs"] | {"vm_error": "VARCHAR"})
    assert found() == before
    monkeypatch.setitem(RAW_TYPES, "txs", RAW_TYPES["txs"] | {"fee_rate": "HUGEINT"})
    readers = {table.name for table in catalog.tables(Kind.FACT) if "fee_rate" in table.reads.get("txs", ())}
    assert {name for name, version in found().items() if version != before[name]} == readers != set()


def test_every_declared_column_is_known() -> None:
    assert [(table, column) for *_, table, column in COLUMNS if column not in RAW_TYPES[table]] == []
