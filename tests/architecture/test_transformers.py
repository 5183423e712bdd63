"""Docstrings of transformers name the tables that they read and the columns that they return."""

import inspect
import re

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind, Table

# PostgreSQL makes it of `token_value`.
GENERATED = {"token_hash"}


def names(label: str, docstring: str) -> set[str]:
    """The names of a line such as `Reads: blocks, txs.`, which may go on over several lines."""
    line = re.search(rf"^{label}: (.*?)\.$", docstring, re.MULTILINE | re.DOTALL)
    return set(re.split(r",\s+", line[1])) if line else set()


@pytest.mark.parametrize("table", catalog.built_tables(), ids=lambda table: table.name)
def test_a_transformer_names_what_it_reads_and_returns(table: Table) -> None:
    docstring = inspect.getdoc(table.transform)
    states = {state.name for state in table.end_of_day_states}
    assert names("Reads", docstring) == {*table.reads, *states, *table.inputs}
    returned = {column.name for column in table.columns} - GENERATED - {table.day_key}
    assert names("Columns", docstring) == returned


@pytest.mark.parametrize("table", catalog.tables(Kind.SERIES), ids=lambda table: table.name)
def test_a_transformer_of_a_vendors_answers_names_what_it_returns(table: Table) -> None:
    assert names("Columns", inspect.getdoc(table.transform)) == {column.name for column in table.columns}
