"""Which tables a public object reads, and what of their warnings it therefore has too."""

import re
from collections.abc import Sequence
from dataclasses import replace

from stacks_dataverse import envelope
from stacks_dataverse.caveats import concerns
from stacks_dataverse.dataset import Kind, PublicObject, Table

# A table in a query; the rows of a tip snapshot have its name after `tip_`.
READ = re.compile(r"\b(?:FROM|JOIN)\s+(?:tip_)?(\w+)")


# How many days back from its last one a query goes, and the one that it begins after.
DAYS_BACK = re.compile(r"day > \{day\}::date - (\d+)\b(?! ORDER BY day DESC LIMIT 1)")
DAYS_WITH_LAST = re.compile(r"(?:max\(day\)|BETWEEN \{day\}::date) - (\d+)")
HOURS_BACK = re.compile(r"max\(hour_at\) - interval '(\d+) hours'")
MIDNIGHT = "<unix seconds of UTC midnight>"


def names_read(obj: PublicObject) -> list[str]:
    """Every name that a public object's query reads from: tables, with those of loading, and its own subqueries."""
    return list(dict.fromkeys(READ.findall(obj.rows)))


def is_by_day(obj: PublicObject) -> bool:
    """Whether a public object has rows by day or hour, or keeps a version of each day."""
    by_day = any(column.name == "day" for column in obj.columns) or any(MIDNIGHT in field for field in obj.fields)
    return obj.is_dated or by_day or "day" in obj.fields or bool(HOURS_BACK.search(obj.rows))


def days_back(obj: PublicObject) -> int | None:
    """Over how many days a public object goes; None where it has all since the first."""
    if found := HOURS_BACK.search(obj.rows):
        return -(-int(found[1]) // 24)
    if found := DAYS_WITH_LAST.search(obj.rows):
        return int(found[1]) + 1
    found = DAYS_BACK.search(obj.rows)
    return int(found[1]) if found else None


def tables_of(obj: PublicObject, tables: Sequence[Table]) -> list[Table]:
    """The tables that a public object shows figures of, in the order of its query; not those of loading."""
    known = {table.name: table for table in tables if table.kind is not Kind.LOADING}
    return [known[name] for name in names_read(obj) if name in known]


def with_warnings(obj: PublicObject, tables: Sequence[Table]) -> PublicObject:
    """The object with its own warnings, and those of the tables that it reads about columns that its query names."""
    columns = set(re.findall(r"\w+", obj.rows)).union(column.name for column in obj.columns)
    inherited = [each for table in tables_of(obj, tables) for each in table.warnings if concerns(each, columns)]
    warnings = tuple(dict.fromkeys([*obj.warnings, *inherited]))
    fields = envelope.fields(obj.columns, warnings) if obj.is_enveloped else obj.fields
    return replace(obj, warnings=warnings, fields=fields)
