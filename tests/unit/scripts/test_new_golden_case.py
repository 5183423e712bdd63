"""A golden case to be filled in names what a table reads and what it returns, and passes for none."""

from pathlib import Path

import pytest

from scripts import new_golden_case
from scripts.new_golden_case import Empty
from stacks_dataverse import catalog
from tests.golden import test_golden

TABLES = {table.name: table for table in catalog.TABLES if table.reads}


@pytest.mark.parametrize("name", TABLES)
def test_its_columns_are_those_of_the_declaration(name: str) -> None:
    table, case = TABLES[name], new_golden_case.raw_case(TABLES[name])
    for raw, columns in table.reads.items():
        assert set(columns) <= case["raw"][raw][0].keys()
    declared = {column.name for column in table.columns}
    assert declared - case["expected"][0].keys() <= {"day", "taken_at", "token_hash"}
    assert case["expected"][0].keys() <= declared


@pytest.mark.parametrize("name", TABLES)
def test_it_runs_and_fails_until_it_is_filled_in(name: str, tmp_path: Path) -> None:
    file = new_golden_case.write(name, new_golden_case.raw_case(TABLES[name]), tmp_path)
    assert file == tmp_path / name / "a_case_to_fill.json"
    with pytest.raises(AssertionError, match="assert "):
        test_golden.test_a_golden_case(file, Empty({}, {}))
