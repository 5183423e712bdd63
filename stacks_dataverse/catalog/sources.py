"""Which tables a public object reads, and what of their warnings it therefore has too."""

import re
from collections.abc import Sequence
from dataclasses import replace

from stacks_dataverse import envelope
from stacks_dataverse.caveats import concerns
from stacks_dataverse.dataset import Kind, PublicObject, Table

# A table in a query; the rows of a tip snapshot have its name after `tip_`.
READ = re.compile(r"\b(?:FROM|JOIN)\s+(?:tip_)?(\w+)")


def tables_of(obj: PublicObject, tables: Sequence[Table]) -> list[Table]:
    """The tables that a public object shows figures of, in the order of its query; not those of loading."""
    known = {table.name: table for table in tables if table.kind is not Kind.LOADING}
    return [known[name] for name in dict.fromkeys(READ.findall(obj.rows)) if name in known]


def with_warnings(obj: PublicObject, tables: Sequence[Table]) -> PublicObject:
    """The object with its own warnings, and those of the tables that it reads about columns that its query names."""
    columns = set(re.findall(r"\w+", obj.rows)).union(column.name for column in obj.columns)
    inherited = [each for table in tables_of(obj, tables) for each in table.warnings if concerns(each, columns)]
    warnings = tuple(dict.fromkeys([*obj.warnings, *inherited]))
    fields = envelope.fields(obj.columns, warnings) if obj.columns else obj.fields
    return replace(obj, warnings=warnings, fields=fields)
